from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engagement import ActivityPart, Engagement, engagement_of
from scoring.lead import Activity
from scoring.scheme import ActivityPoints, EngagementScheme
from tests.builders import NOW

FORTNIGHT = timedelta(days=14)
SCHEME = EngagementScheme(
    half_life=FORTNIGHT,
    activities={
        "demo_request": ActivityPoints(points=40),
        "pricing_page": ActivityPoints(points=10, at_most=3),
        "unsubscribe": ActivityPoints(points=-30),
    },
)
KINDS = ("demo_request", "pricing_page", "unsubscribe", "unknown")


def did(kind: str, ago: timedelta = timedelta(0)) -> Activity:
    return Activity(kind=kind, at=NOW - ago)


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        ([], 0.0),
        ([did("demo_request")], 40.0),
        ([did("demo_request", FORTNIGHT)], 20.0),
        ([did("demo_request", 2 * FORTNIGHT)], 10.0),
        ([did("demo_request", timedelta(days=1))], 38.1),
        ([did("demo_request"), did("demo_request")], 80.0),
        ([did("demo_request")] * 3, 100.0),
        ([did("pricing_page")] * 5, 30.0),
        ([did("pricing_page")] * 5 + [did("pricing_page", FORTNIGHT)] * 5, 45.0),
        ([did("unknown")], 0.0),
        ([did("demo_request", timedelta(seconds=-1))], 0.0),
        ([did("unsubscribe")], 0.0),
        ([did("unsubscribe"), did("demo_request")], 10.0),
        ([did("demo_request", timedelta(days=3650))], 0.0),
    ],
)
def test_activities_earn_points_that_halve(activities: Sequence[Activity], expected: float) -> None:
    assert engagement_of(activities, SCHEME, NOW).value == expected


def test_the_earliest_of_a_day_count_and_parts_stand_in_time() -> None:
    times = [NOW - timedelta(hours=hours) for hours in (1, 5, 2, 4)]
    activities = [Activity(kind="pricing_page", at=at) for at in times]

    parts = engagement_of(activities, SCHEME, NOW).parts

    assert [part.at for part in parts] == [times[1], times[3], times[2]]


def test_a_day_is_a_day_of_utc() -> None:
    midnight = datetime(2026, 3, 6, tzinfo=UTC)
    around = [midnight - timedelta(seconds=1)] * 3 + [midnight] * 3

    parts = engagement_of([Activity(kind="pricing_page", at=at) for at in around], SCHEME, NOW).parts

    assert [part.at for part in parts] == around


def test_a_part_says_what_is_left_of_its_activity() -> None:
    found = engagement_of([did("demo_request", FORTNIGHT)], SCHEME, NOW)

    part = ActivityPart(kind="demo_request", at=NOW - FORTNIGHT, points=20.0)
    assert found == Engagement(value=20.0, parts=(part,))


activities_of_anyone = st.lists(
    st.builds(did, st.sampled_from(KINDS), st.timedeltas(timedelta(days=-1), timedelta(days=900))), max_size=20
)


@given(activities_of_anyone)
def test_engagement_is_never_below_0_or_above_100(activities: list[Activity]) -> None:
    assert 0 <= engagement_of(activities, SCHEME, NOW).value <= 100


@given(activities_of_anyone, st.randoms())
def test_the_order_in_which_activities_arrive_does_not_matter(activities: list[Activity], chance: object) -> None:
    shuffled = sorted(activities, key=lambda _: chance.random())  # type: ignore[attr-defined]

    assert engagement_of(shuffled, SCHEME, NOW).value == engagement_of(activities, SCHEME, NOW).value


@given(activities_of_anyone, st.floats(0, 50), st.floats(0, 50))
def test_more_points_for_a_kind_never_lower_engagement(activities: list[Activity], points: float, more: float) -> None:
    def scheme(worth: float) -> EngagementScheme:
        return EngagementScheme(half_life=FORTNIGHT, activities={"demo_request": ActivityPoints(points=worth)})

    less, greater = (
        engagement_of(activities, scheme(points), NOW),
        engagement_of(activities, scheme(points + more), NOW),
    )

    assert less.value <= greater.value


@given(activities_of_anyone)
def test_each_part_halves_after_one_half_life(activities: list[Activity]) -> None:
    past = [activity for activity in activities if activity.at <= NOW]

    now, later = engagement_of(past, SCHEME, NOW), engagement_of(past, SCHEME, NOW + FORTNIGHT)

    assert [part.points / 2 for part in now.parts] == pytest.approx([part.points for part in later.parts])


@given(activities_of_anyone, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_engagement_fades_while_nothing_happens(activities: list[Activity], wait: timedelta) -> None:
    past = [one for one in activities if one.at <= NOW and one.kind != "unsubscribe"]

    assert engagement_of(past, SCHEME, NOW + wait).value <= engagement_of(past, SCHEME, NOW).value
