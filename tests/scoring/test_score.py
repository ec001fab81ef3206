from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engagement import ActivityPart, Engagement, engagement_of
from scoring.facts import Facts
from scoring.lead import Activity
from scoring.reasons import Reason
from scoring.scheme import ActivityPoints, EngagementScheme, Grade, Scheme
from scoring.score import Score, grade_of, score_of
from scoring.scorecard import Appraisal, Contribution, Scorecard, appraise
from tests.builders import NOW, facts, scorecard
from tests.scoring.strategies import facts_of_any_lead, scorecards

QUIET = Engagement(value=0.0, parts=())
DEMO = Engagement(value=35.0, parts=(ActivityPart(kind="demo_request", at=NOW, points=35.0),))


def scheme(fit_weight: float = 0.7, engagement_weight: float = 0.3) -> Scheme:
    return Scheme(
        fit_weight=fit_weight,
        engagement_weight=engagement_weight,
        qualify_at=60,
        grades=tuple(
            Grade(letter=letter, from_score=least) for letter, least in zip("ABCD", (80, 60, 35, 0), strict=True)
        ),
        engagement=EngagementScheme(
            half_life=timedelta(days=14),
            activities={"demo_request": ActivityPoints(points=40), "unsubscribe": ActivityPoints(points=-30)},
        ),
    )


def appraisal(fit: float, **shares: float) -> Appraisal:
    """A fit and the shares of it that attributes have; each share comes with an eightieth of it in log-odds."""
    attributes = tuple(
        Contribution(name=name, value="x", log_odds=share / 80, fit=share) for name, share in shares.items()
    )
    return Appraisal(log_odds=-1 + sum(shares.values()) / 80, probability=0.3, fit=fit, attributes=attributes)


def test_a_score_is_weighted_fit_and_engagement_plus_rules() -> None:
    found = score_of(
        appraisal(80.0, size=40.0, source=-10.0), DEMO, [("enterprise", 15.0, "Large companies buy")], scheme()
    )

    assert found == Score(
        value=81.5,
        grade="A",
        reasons=(
            Reason(
                kind="base",
                name="average lead",
                points=35.0,
                log_odds=-1.0,
                text="an average lead starts at 35.0 points",
            ),
            Reason(kind="attribute", name="size", value="x", points=28.0, log_odds=0.5, text="size x: above average"),
            Reason(
                kind="attribute",
                name="source",
                value="x",
                points=-7.0,
                log_odds=-0.125,
                text="source x: slightly below average",
            ),
            Reason(
                kind="activity",
                name="demo_request",
                value=NOW,
                points=10.5,
                text="demo_request on 2026-03-06: +10.5 points, halved every 14 days",
            ),
            Reason(kind="rule", name="enterprise", points=15.0, text="Large companies buy"),
        ),
    )


def test_a_fit_that_is_given_has_no_average_lead_below_it() -> None:
    found = score_of(appraisal(80.0), QUIET, [], scheme())

    assert [(one.name, one.points, one.text) for one in found.reasons] == [("fit", 56.0, "fit 80 gives 56.0 points")]


def test_the_rounding_of_engagement_falls_on_activities_alone() -> None:
    demo = Engagement(value=10.0, parts=(ActivityPart(kind="demo_request", at=NOW, points=10.04),))

    found = score_of(appraisal(50.0, size=0.0), demo, [], scheme(1.0, 3.0))

    assert [(one.name, one.points) for one in found.reasons] == [
        ("average lead", 50.0),
        ("size", 0.0),
        ("demo_request", 30.0),
    ]


@pytest.mark.parametrize(
    ("added", "value", "limit", "text"),
    [(90.0, 100.0, -46.0, "score stops at 100"), (-90.0, 0.0, 34.0, "score stops at 0")],
)
def test_what_the_limits_take_or_give_is_a_reason(added: float, value: float, limit: float, text: str) -> None:
    found = score_of(appraisal(80.0), QUIET, [("rule", added, "because")], scheme())

    last = found.reasons[-1]
    assert (found.value, last.kind, last.name, last.points, last.text) == (value, "limit", "score", limit, text)


def test_what_engagement_gives_beyond_100_is_a_reason() -> None:
    much = engagement_of([Activity(kind="demo_request", at=NOW)] * 3, scheme().engagement, NOW)

    last = score_of(appraisal(50.0), much, [], scheme()).reasons[-1]

    assert (last.kind, last.name, last.points, last.text) == ("limit", "engagement", -6.0, "engagement stops at 100")


def test_what_engagement_lacks_below_0_is_a_reason() -> None:
    little = engagement_of([Activity(kind="unsubscribe", at=NOW)], scheme().engagement, NOW)

    found = score_of(appraisal(50.0), little, [], scheme())

    assert [(one.kind, one.points) for one in found.reasons[1:]] == [("activity", -9.0), ("limit", 9.0)]


def test_what_has_faded_and_rules_without_points_are_no_reasons() -> None:
    faded = engagement_of([Activity(kind="demo_request", at=NOW - timedelta(days=300))], scheme().engagement, NOW)

    found = score_of(appraisal(50.0, size=0.0), faded, [("tags", 0.0, "Tags only")], scheme())

    assert [one.kind for one in found.reasons] == ["base", "attribute"]


@pytest.mark.parametrize(
    ("value", "letter"), [(100.0, "A"), (80.0, "A"), (79.9, "B"), (60.0, "B"), (35.0, "C"), (34.9, "D"), (0.0, "D")]
)
def test_a_grade_is_the_best_whose_threshold_is_reached(value: float, letter: str) -> None:
    assert grade_of(value, scheme()) == letter


weights = st.floats(0, 2)
happenings = st.lists(
    st.builds(
        lambda kind, ago: Activity(kind=kind, at=NOW - ago),
        st.sampled_from(["demo_request", "unsubscribe"]),
        st.timedeltas(timedelta(0), timedelta(days=90)),
    ),
    max_size=8,
)
rule_points = st.lists(st.tuples(st.just("rule"), st.floats(-150, 150), st.just("because")), max_size=4)


@given(scorecards(), facts_of_any_lead, happenings, rule_points, weights, weights)
def test_reasons_add_up_to_the_score_exactly(
    card: Scorecard,
    known: Facts,
    activities: list[Activity],
    added: list[tuple[str, float, str]],
    fit_weight: float,
    engagement_weight: float,
) -> None:
    weighed = scheme(fit_weight, engagement_weight)

    found = score_of(appraise(card, known), engagement_of(activities, weighed.engagement, NOW), added, weighed)

    assert sum(Decimal(str(one.points)) for one in found.reasons) == Decimal(str(found.value))
    assert 0 <= found.value <= 100
    assert all(Decimal(str(one.points)) == round(Decimal(str(one.points)), 1) for one in found.reasons)


@given(facts_of_any_lead, happenings)
def test_the_score_is_the_one_that_people_compute_from_what_they_see(known: Facts, activities: list[Activity]) -> None:
    seen = appraise(scorecard(), known)
    engagement = engagement_of(activities, scheme().engagement, NOW)

    assert score_of(seen, engagement, [], scheme()).value == pytest.approx(
        0.7 * seen.fit + 0.3 * engagement.value, abs=0.05 + 1e-9
    )


def test_attributes_stand_from_the_strongest_on() -> None:
    known = facts(employees=1200, source="demo_request", email_kind="disposable")

    found = score_of(appraise(scorecard(), known), QUIET, [], scheme())

    sizes = [abs(one.points) for one in found.reasons if one.kind == "attribute"]
    assert sizes == sorted(sizes, reverse=True)
