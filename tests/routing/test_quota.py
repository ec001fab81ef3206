"""How many leads a quota needs, and how many the reps can take."""

from datetime import timedelta

from routing.periods import named_stretch
from routing.quota import capacity_of, need_of, win_rates
from rules.playbook import Limit, Quota
from tests.routing.builders import DAYS, calendar, rep, team, utc
from tests.routing.handings import handing

NOVEMBER = named_stretch("2026-11", "UTC")
NOW = utc("2026-11-16T00:00")
LONG_AGO = utc("2026-06-01T00:00")
CALENDARS = {"day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC")}
A, B = {"grade": "A"}, {"grade": "B"}
SOLD = [
    *(handing(LONG_AGO, A, outcome="won", amount=900.0) for _ in range(40)),
    *(handing(LONG_AGO, A, outcome="lost") for _ in range(60)),
    *(handing(LONG_AGO, B, outcome="won", amount=900.0) for _ in range(10)),
    *(handing(LONG_AGO, B) for _ in range(90)),
]


def test_win_rates_count_leads_with_an_outcome_and_those_that_had_time_for_one() -> None:
    """Drawn towards the quarter that all of them win."""
    young = [handing(NOW - timedelta(days=20), A) for _ in range(50)]

    rates = win_rates([*SOLD, *young], NOW)

    assert [(rate.grade, rate.won, rate.decided) for rate in rates] == [("A", 40, 100), ("B", 10, 100)]
    assert [round(rate.rate, 4) for rate in rates] == [round(42.5 / 110, 4), round(12.5 / 110, 4)]


def test_a_quota_needs_leads_by_their_win_rate() -> None:
    """A hundred deals, a quarter of leads won: four hundred leads as they come."""
    crew = team(rep("Ana", capacity=Limit(count=10, per="day")))
    quota = Quota(revenue=100_000.0, per="month", deal_size=1000.0)

    need = need_of(crew, quota, CALENDARS, SOLD, 250.0, NOVEMBER, {}, NOW)

    assert (need.wins, need.comes, need.observed_deal_size) == (100.0, 250.0, 900.0)
    assert need.leads == 400
    assert {grade: round(leads) for grade, leads in need.by_grade.items()} == {"A": 259, "B": 880}


def test_before_the_first_win_nobody_knows_what_a_quota_needs() -> None:
    crew, quota = team(rep("Ana")), Quota(revenue=1000.0, per="month", deal_size=10.0)

    need = need_of(crew, quota, CALENDARS, [handing(LONG_AGO)], 3.0, NOVEMBER, {}, NOW)

    assert (need.leads, need.by_grade, need.takes) == (None, {}, None)


def test_reps_take_what_their_capacity_and_working_days_allow() -> None:
    """November 2026 has twenty-one weekdays; half of the month away halves it; a week is a seventh of the days."""
    crew = team(
        rep("Ana", capacity=Limit(count=10, per="day")),
        rep("Ben", capacity=Limit(count=10, per="day")),
        rep("Cleo", capacity=Limit(count=7, per="week")),
    )

    takes = capacity_of(crew, CALENDARS, NOVEMBER, {"Ben": timedelta(days=15)})

    assert takes == 210 + 105 + 30


def test_a_rep_without_a_limit_takes_any_number() -> None:
    assert capacity_of(team(rep("Ana")), CALENDARS, NOVEMBER, {}) is None
