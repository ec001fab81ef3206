"""Surges: the days that bring a team too much."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from routing.handing import Handing
from routing.surges import Surge, best_days, capacity_on, limited, surges_of
from rules.playbook import Limit, Team
from tests.routing.builders import DAYS, calendar, rep, team, utc
from tests.routing.handings import BROKEN, KEPT, handing

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
CALENDARS = {"day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC")}
WEEK = [MONDAY + step * DAY for step in range(7)]


MORNING = utc("2026-11-23T09:00")


def answered(rep_: str, at: datetime = MORNING, waited: timedelta = timedelta(hours=1)) -> Handing:
    """A lead that a rep answered in time."""
    return handing(at, rep=rep_, duties=KEPT, waited=waited)


def late(rep_: str) -> Handing:
    """A lead that a rep did not answer in time."""
    return handing(MORNING, rep="Cleo", duties=BROKEN, late_reps={"respond": rep_})


def crew(*capacities: Limit | None) -> Team:
    """A team of reps with these limits."""
    return team(*(rep(f"R{number}", capacity=limit) for number, limit in enumerate(capacities)))


def surges(by_day: Mapping[date, float], *capacities: Limit, usual: float = 0.0) -> list[tuple[date, float]]:
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


def test_a_rep_without_a_limit_takes_what_they_answered_in_time_on_their_best_day() -> None:
    """R1 answered three on Monday and two on Tuesday; R2, who had none lately, counts as R0 and R1 on average."""
    monday = [answered("R1") for _ in range(3)] + [late("R1") for _ in range(9)] + [answered("R0") for _ in range(7)]
    tuesday = [answered("R1", MORNING + timedelta(days=1)) for _ in range(2)]

    able = limited(crew(Limit(count=10, per="week"), None, None), [*monday, *tuesday], "UTC")

    assert able is not None
    assert [rep.capacity for rep in able.reps] == [
        Limit(count=10, per="week"),
        Limit(count=3, per="day"),
        Limit(count=5, per="day"),
    ]


def test_a_lead_that_was_answered_the_next_day_counts_there() -> None:
    found = best_days([answered("R0", MORNING, waited=timedelta(hours=20)), answered("R0", MORNING)], "UTC")

    assert found == {"R0": 1}


def test_who_had_leads_and_was_late_with_all_takes_none() -> None:
    able = limited(crew(None), [late("R0") for _ in range(5)], "UTC")

    assert able is not None
    assert surges_of(able, CALENDARS, {MONDAY: 2.0}, {"Winter": {MONDAY: 8.0}}, {}, "UTC")[0].behind == 10


@pytest.mark.parametrize("leads", [[], ["R0"] * 4])
def test_too_few_leads_say_nothing_of_what_a_team_can_take(leads: list[str]) -> None:
    assert limited(crew(None), [answered(name) for name in leads], "UTC") is None


def test_a_team_whose_reps_all_have_limits_is_taken_by_its_word() -> None:
    team_ = crew(Limit(count=10, per="day"))

    assert limited(team_, [answered("R0")], "UTC") is team_


def test_a_rep_who_is_away_takes_nothing_and_a_weekly_limit_is_shared_out() -> None:
    both = crew(Limit(count=10, per="day"), Limit(count=20, per="week"))
    away = {"R0": [(utc("2026-11-30T00:00"), utc("2026-12-01T00:00"))]}

    assert [capacity_on(both, CALENDARS, day, away, "UTC") for day in WEEK] == [4.0, 14.0, 14.0, 14.0, 14.0, None, None]
