"""The one straight line from a lead to a decision."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.decide import decide
from routing.decision import Decision, Promise, Routed
from rules.case import Assumed
from rules.evaluate import holds
from scoring.lead import Activity, Lead, Value
from tests.builders import NOW, lead, scorecard
from tests.routing.builders import berlin, compiled

PLAYBOOK = compiled()
MODEL = scorecard()
WEBINAR = Activity(kind="webinar", at=NOW)

emails = st.sampled_from(["ann@big.example", "spy@rival.example", "x@gmail.com", None])
attributes = st.dictionaries(
    st.sampled_from(["employees", "segment", "other"]),
    st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.tuples(st.text(max_size=3))),
)
leads = st.builds(lead, email=emails, source=st.sampled_from(["demo_request", "webinar", None]), attributes=attributes)
activities = st.lists(
    st.builds(Activity, kind=st.sampled_from(["webinar", "other"]), at=st.sampled_from([NOW, NOW - timedelta(days=9)]))
)
assumptions = st.none() | st.builds(
    Assumed, probability=st.floats(0, 1), fit=st.integers(0, 1000).map(lambda t: t / 10)
)


def decision(sent: Lead, *activities: Activity, probability: float = 0.5, fit: float = 80.0) -> Decision:
    """The decision on a lead at NOW with the model's word assumed."""
    return decide(sent, activities, None, PLAYBOOK, NOW, assume=Assumed(probability=probability, fit=fit))


def large(**over: Value | Mapping[str, Value]) -> Lead:
    """A lead of a company of 4,000."""
    return lead(**{"attributes": {"employees": 4000}, **over})


def test_a_qualified_lead_goes_to_the_first_route_that_takes_it() -> None:
    """Friday noon UTC is one o'clock in Berlin; four hours later is closing time."""
    found = decision(large(), WEBINAR)

    assert (found.score, found.grade, found.qualified) == (65.0, "B", True)
    assert (found.fit, found.probability, found.engagement) == (80.0, 0.5, 30.0)
    assert found.route == Routed(name="rest", team="desk", rep=None, why="Everybody is somebody's")
    assert found.sla == Promise(
        name="standard",
        respond_by=berlin("2026-03-06 17:00"),
        warn_at=(berlin("2026-03-06 15:00"), berlin("2026-03-06 16:00")),
    )
    assert ([rule.name for rule in found.rules], found.tags) == (["large"], ())
    assert (found.model, found.playbook, found.decided_at) == ("assumed", 7, NOW)


def test_a_route_sees_score_and_tags_and_its_sla_its_own_clock() -> None:
    """The rule behind the tag saw what another rule had set."""
    found = decision(
        large(source="demo_request"), WEBINAR, *[Activity(kind="webinar", at=NOW - timedelta(days=1))], fit=100.0
    )

    assert [rule.name for rule in found.rules] == ["asks", "large", "likely"]
    assert (found.score, found.tags) == (94.8, ("hot", "asked", "likely"))
    assert (found.route and found.route.name) == "top"
    assert found.sla == Promise(name="hot", respond_by=NOW + timedelta(minutes=15), warn_at=())


def test_the_facts_of_a_decision_are_what_routes_and_reps_look_at() -> None:
    """The lead's own, those rules set, the model's and the verdict."""
    values = decision(large(), WEBINAR).facts.values

    assert {name: values[name] for name in ("employees", "segment", "fit", "probability", "engagement")} == {
        "employees": 4000,
        "segment": "enterprise",
        "fit": 80.0,
        "probability": 0.5,
        "engagement": 30.0,
    }
    assert [values[name] for name in ("score", "grade", "qualified", "tags")] == [65.0, "B", True, ()]


def test_a_lead_below_the_threshold_stays_with_marketing() -> None:
    """Nobody owes it anything."""
    at, below = decision(lead(), WEBINAR, fit=70.0), decision(lead(), WEBINAR, fit=69.8)

    assert [(one.score, one.qualified) for one in (at, below)] == [(50.0, True), (49.9, False)]
    assert (below.route, below.sla, below.disqualified) == (None, None, None)


def test_a_rule_may_qualify_whatever_the_score() -> None:
    """Who asks is answered."""
    found = decision(lead(source="demo_request"), fit=10.0)

    assert (found.score, found.qualified, found.disqualified) == (10.5, True, None)
    assert found.route is not None


def test_disqualifying_beats_qualifying() -> None:
    """A rival who asks, and scores well, gets nobody."""
    found = decision(lead(email="spy@rival.example", source="demo_request"), WEBINAR, fit=100.0)

    assert (found.score, found.qualified, found.disqualified) == (70.5, False, "competitor")
    assert (found.route, found.sla) == (None, None)
    assert found.facts.values["qualified"] is False


def test_the_model_decides_where_nothing_is_assumed() -> None:
    """Its version is named."""
    found = decide(large(source="demo_request"), (), MODEL, PLAYBOOK, NOW)

    assert found.model == "2026-03-01.1"
    assert {reason.name for reason in found.reasons if reason.kind == "attribute"} == {
        "employees",
        "source",
        "email_kind",
    }


def test_an_assumption_stands_in_for_the_model() -> None:
    """Also where there is one."""
    found = decide(lead(), (), MODEL, PLAYBOOK, NOW, assume=Assumed(probability=0.25, fit=30.0))

    assert (found.model, found.probability, found.fit, found.score) == ("assumed", 0.25, 30.0, 15.0)
    assert [(reason.kind, reason.text) for reason in found.reasons] == [("base", "fit 30 gives 15.0 points")]


def test_without_model_and_assumption_nothing_is_decided() -> None:
    """It is the caller's mistake."""
    with pytest.raises(ValueError, match=r"^a decision needs a scorecard or an assumption in its place$"):
        decide(lead(), (), None, PLAYBOOK, NOW)


@given(leads, activities, assumptions)
def test_the_same_facts_give_the_same_decision(sent: Lead, did: list[Activity], assume: Assumed | None) -> None:
    """Whatever order the activities come in, in whatever zone the time is told, and by a playbook read anew."""
    found = decide(sent, did, MODEL, PLAYBOOK, NOW, assume=assume)

    again = decide(
        replace(sent), did[::-1], MODEL, compiled(), NOW.astimezone(berlin("2026-03-06 12:00").tzinfo), assume=assume
    )

    assert repr(again) == repr(found)  # NaN among the attributes is not equal to itself
    assert found.decided_at.tzinfo is UTC


@given(leads, activities, assumptions)
def test_a_decision_is_whole(sent: Lead, did: list[Activity], assume: Assumed | None) -> None:
    """Reasons add up to the score; who is qualified has a route and a promise, and nobody else."""
    found = decide(sent, did, MODEL, PLAYBOOK, NOW, assume=assume)

    assert sum(Decimal(str(reason.points)) for reason in found.reasons) == Decimal(str(found.score))
    assert (found.route is not None) == (found.sla is not None) == found.qualified
    assert not (found.qualified and found.disqualified is not None)
    if found.route is not None and found.route.name == "top":
        top = PLAYBOOK.playbook.routes[0].when
        assert top is not None
        assert holds(top, found.facts, NOW)
