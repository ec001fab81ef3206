"""Campaigns: what each day brings, and which days bring too much."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.campaigns import Campaign, Surge, capacity_on, expected_by_day, surges_of
from rules.playbook import Limit, Team
from tests.routing.builders import DAYS, calendar, rep, team, utc

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
CALENDARS = {"day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC")}
WEEK = [MONDAY + step * DAY for step in range(7)]


def campaign(**over: Any) -> Campaign:
    """Ten days from a Monday with a hundred leads, with fields instead."""
    given_: dict[str, Any] = {
        "id": "1",
        "name": "Winter",
        "starts_on": MONDAY,
        "ends_on": MONDAY + 9 * DAY,
        "expected_leads": 100,
        "author": "test",
        "planned_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Campaign(**{**given_, **over})


def crew(*capacities: Limit | None) -> Team:
    """A team of reps with these limits."""
    return team(*(rep(f"R{number}", capacity=limit) for number, limit in enumerate(capacities)))


def surges(by_day: Mapping[date, float], *capacities: Limit | None, usual: float = 0.0) -> list[tuple[date, float]]:
    """The days of a week on which a team is behind, and by how much."""
    found = surges_of(crew(*capacities), CALENDARS, dict.fromkeys(WEEK, usual), {"Winter": by_day}, {}, "UTC")
    return [(surge.day, surge.behind) for surge in found]


@pytest.mark.parametrize(("day", "state"), [(-1, "planned"), (0, "running"), (9, "running"), (10, "ended")])
def test_a_campaign_runs_from_its_first_day_to_its_last(day: int, state: str) -> None:
    assert campaign().state(MONDAY + day * DAY) == state


@given(days=st.integers(0, 60), leads=st.integers(0, 10**6), deadline=st.booleans())
def test_the_days_of_a_plan_add_up_to_it(days: int, leads: int, deadline: bool) -> None:
    planned = campaign(ends_on=MONDAY + days * DAY, expected_leads=leads, deadline=deadline)

    by_day = expected_by_day(planned, {}, MONDAY)

    assert sum(by_day.values()) == pytest.approx(leads)
    assert len(by_day) == days + 1


def test_the_launch_brings_most_and_a_deadline_brings_more_at_the_end() -> None:
    plain = list(expected_by_day(campaign(), {}, MONDAY).values())
    dated = list(expected_by_day(campaign(deadline=True), {}, MONDAY).values())

    assert plain == sorted(plain, reverse=True)
    assert plain[0] > 3 * plain[-1]
    assert dated[-1] > 2 * dated[5]


def test_what_comes_scales_what_is_still_planned() -> None:
    """Twice as many as planned on the first two days."""
    planned = expected_by_day(campaign(), {}, MONDAY)
    came = {MONDAY: round(2 * planned[MONDAY]), MONDAY + DAY: round(2 * planned[MONDAY + DAY])}

    now = expected_by_day(campaign(), came, MONDAY + 2 * DAY)

    assert (now[MONDAY], now[MONDAY + DAY]) == (came[MONDAY], came[MONDAY + DAY])
    assert 1.5 < now[MONDAY + 5 * DAY] / planned[MONDAY + 5 * DAY] < 2


def test_a_day_with_more_than_the_reps_take_leaves_leads_behind_until_they_are_worked_off() -> None:
    """Thirty on Monday for two reps of ten: ten wait for Tuesday, which takes them."""
    ten = Limit(count=10, per="day")

    assert surges({MONDAY: 30.0}, ten, ten) == [(MONDAY, 10.0)]
    assert surges({MONDAY: 45.0}, ten, ten, usual=5.0) == [(MONDAY, 30.0), (MONDAY + DAY, 15.0)]


def test_what_comes_at_the_weekend_waits_for_monday() -> None:
    """Nobody works on Saturday, so its leads break no promise before Monday opens."""
    days = [MONDAY + 5 * DAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY]
    found = surges_of(
        crew(Limit(count=10, per="day")),
        CALENDARS,
        dict.fromkeys(days, 0.0),
        {"Winter": {days[0]: 12.0, days[1]: 3.0}},
        {},
        "UTC",
    )

    assert found == (Surge(team="desk", day=days[2], expected=15.0, takes=10.0, behind=5.0, campaigns=()),)


def test_a_team_with_a_rep_without_a_limit_never_falls_behind() -> None:
    assert surges({MONDAY: 1e6}, Limit(count=1, per="day"), None) == []


def test_a_rep_who_is_away_takes_nothing_and_a_weekly_limit_is_shared_out() -> None:
    both = crew(Limit(count=10, per="day"), Limit(count=20, per="week"))
    away = {"R0": [(utc("2026-11-30T00:00"), utc("2026-12-01T00:00"))]}

    assert [capacity_on(both, CALENDARS, day, away, "UTC") for day in WEEK] == [4.0, 14.0, 14.0, 14.0, 14.0, 0.0, 0.0]
