"""A decision as plain values."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from routing.decide import decide
from routing.decision import Decision
from routing.document import decision_document, decision_from_document
from rules.case import Assumed
from rules.playbook import Effects
from rules.verdict import Fired
from scoring.facts import Facts
from scoring.lead import Activity, Lead
from scoring.reasons import Reason
from tests.builders import NOW, lead, scorecard
from tests.routing.builders import compiled
from tests.routing.test_decide import activities, assumptions, leads

PLAYBOOK = compiled()
NO_FACTS = Facts(values={})


def decision(**over: Any) -> Decision:
    """A decision on nothing in particular, with the given fields instead."""
    given: dict[str, Any] = {
        "decided_at": NOW,
        "facts": NO_FACTS,
        "probability": 0.5,
        "fit": 80.0,
        "engagement": 0.0,
        "score": 40.0,
        "grade": "B",
        "qualified": False,
        "disqualified": None,
        "tags": (),
        "reasons": (),
        "rules": (),
        "route": None,
        "sla": None,
        "model": "m",
        "playbook": 1,
    }
    return Decision(**{**given, **over})


def reason(value: Any, name: str = "employees", kind: Any = "attribute") -> Reason:
    """A reason about this value."""
    return Reason(kind=kind, name=name, value=value, points=1.0, text="said")


def test_a_document_has_the_shape_that_callers_were_promised() -> None:
    """Key by key, in this order."""
    sent = lead(source="demo_request", attributes={"employees": 4000})
    webinar = Activity(kind="webinar", at=NOW)

    document = decision_document(
        decide(sent, [webinar], None, PLAYBOOK, NOW, assume=Assumed(probability=0.25, fit=80.0))
    )

    assert document == {
        "decided_at": "2026-03-06T12:00:00+00:00",
        "probability": 0.25,
        "fit": 80.0,
        "engagement": 30.0,
        "score": 70.5,
        "grade": "A",
        "qualified": True,
        "disqualified": None,
        "tags": ["hot", "asked"],
        "reasons": [
            {"kind": "base", "name": "fit", "value": None, "points": 40.0, "text": "fit 80 gives 40.0 points"},
            {
                "kind": "activity",
                "name": "webinar",
                "value": "2026-03-06T12:00:00+00:00",
                "points": 15.0,
                "text": "webinar on 2026-03-06: +15.0 points, halved every 14 days",
            },
            {"kind": "rule", "name": "asks", "value": None, "points": 5.5, "text": "Whoever asks is answered"},
            {"kind": "rule", "name": "large", "value": None, "points": 10.0, "text": "Large companies buy"},
        ],
        "rules": [
            {
                "name": "asks",
                "because": "Whoever asks is answered",
                "effects": {"add": 5.5, "tag": ["hot", "asked"], "qualify": True},
            },
            {
                "name": "large",
                "because": "Large companies buy",
                "effects": {"add": 10.0, "set": {"segment": "enterprise"}},
            },
        ],
        "route": {"name": "rest", "team": "desk", "rep": None, "why": "Everybody is somebody's"},
        "sla": {
            "name": "standard",
            "respond_by": "2026-03-06T16:00:00+00:00",
            "warn_at": ["2026-03-06T14:00:00+00:00", "2026-03-06T15:00:00+00:00"],
        },
        "stays": None,
        "model": "assumed",
        "playbook": 7,
    }
    assert list(document)[:3] == ["decided_at", "probability", "fit"]


def test_what_a_rule_turned_away_for_is_told() -> None:
    """And nothing of what it did not do."""
    document: Any = decision_document(decide(lead(email="a@rival.example"), [], None, PLAYBOOK, NOW, assume=Assumed()))

    assert document["rules"][0]["effects"] == {"disqualify": "competitor"}
    assert (document["disqualified"], document["route"], document["sla"]) == ("competitor", None, None)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1200, 1200),
        (1.5, 1.5),
        (True, True),
        ("NO", "NO"),
        (("a", 1, True), ["a", 1, True]),
        (NOW, "2026-03-06T12:00:00+00:00"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), str(-(2**63))),
        (10**30, "1" + "0" * 30),
        ((2**70,), [str(2**70)]),
    ],
)
def test_a_value_is_written_as_every_reader_of_json_takes_it(value: Any, written: object) -> None:
    """A number that JSON has no place for is text."""
    document: Any = decision_document(decision(reasons=(reason(value),)))

    assert document["reasons"][0]["value"] == written
    assert type(document["reasons"][0]["value"]) is type(written)


def test_instants_come_back_where_they_can_be_told_from_text() -> None:
    """An activity's, and those of the standard attributes; further attributes' are text."""
    text = NOW.isoformat()
    given = (
        reason(NOW, "webinar", "activity"),
        reason(NOW, "created_at"),
        reason(NOW, "asked_at"),
        reason(text, "note"),
    )

    back = decision_from_document(decision_document(decision(reasons=given)))

    assert [one.value for one in back.reasons] == [NOW, NOW, text, text]


def test_a_decision_comes_back_as_it_was() -> None:
    """With the facts the caller adds."""
    effects = Effects(add=-2.0, set={"segment": "small", "langs": ("de", "fr")}, tag=("x",), disqualify="too small")
    fired = Fired(name="small", because="Too small", effects=effects)
    facts = Facts(values={"country": "NO"})
    reasons, stays = (reason(("a", "b")), reason(None)), "was won on 2026-03-06 13:00 CET; sales is done with it"
    whole = decision(facts=facts, tags=("x",), disqualified="too small", rules=(fired,), reasons=reasons, stays=stays)

    assert decision_from_document(decision_document(whole), facts) == whole


def test_a_document_of_former_times_says_nothing_of_staying() -> None:
    """It comes back as one of today that has nothing to say of that."""
    former = {name: value for name, value in decision_document(decision()).items() if name != "stays"}

    assert decision_from_document(former) == decision()


@given(leads, activities, assumptions)
def test_there_and_back_again_changes_no_letter(sent: Lead, did: list[Activity], assume: Assumed | None) -> None:
    """Nor does JSON on the way."""
    found = decide(sent, did, scorecard(), PLAYBOOK, NOW + timedelta(hours=1), assume=assume)
    document = decision_document(found)

    text = json.dumps(document, allow_nan=False)
    back = decision_from_document(json.loads(text), found.facts)

    assert decision_document(back) == document == json.loads(text)
    same = ("decided_at", "facts", "score", "grade", "tags", "rules", "route", "sla", "model", "playbook")
    assert repr([getattr(back, name) for name in same]) == repr([getattr(found, name) for name in same])
