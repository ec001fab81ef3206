"""Surges: the days that bring a team too much."""

from collections.abc import Mapping
from datetime import date, timedelta

from routing.surges import Surge, capacity_on, surges_of
from rules.playbook import Limit, Team
from tests.routing.builders import DAYS, calendar, rep, team, utc

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
CALENDARS = {"day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC")}
WEEK = [MONDAY + step * DAY for step in range(7)]


def crew(*capacities: Limit | None) -> Team:
    """A team of reps with these limits."""
    return team(*(rep(f"R{number}", capacity=limit) for number, limit in enumerate(capacities)))


def surges(by_day: Mapping[date, float], *capacities: Limit | None, usual: float = 0.0) -> list[tuple[date, float]]:
    """The days of a week on which a team is behind, and by how much."""
    found = surges_of(crew(*capacities), CALENDARS, dict.fromkeys(WEEK, usual), {"Winter": by_day}, {}, "UTC")
    return [(surge.day, surge.behind) for surge in found]


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
