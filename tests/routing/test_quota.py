"""How many leads a quota needs, and how many the reps can take."""

from datetime import timedelta

from routing.outlook import NOTHING_PLANNED, ahead_of
from routing.periods import named_stretch
from routing.quota import Need, Tally, capacity_of, need_of, win_rates
from rules.playbook import Limit, Quota
from tests.routing.builders import DAYS, calendar, rep, team

NOVEMBER = named_stretch("2026-11", "UTC")
CALENDARS = {"day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC")}
QUOTA = Quota(revenue=100_000.0, per="month", deal_size=1000.0)
SOLD = [
    Tally(grade="A", decided=100, won=40, priced=40, amount=36_000.0),
    Tally(grade="B", decided=100, won=10, priced=10, amount=9000.0),
]


def needed(tallies: list[Tally]) -> Need:
    """What that quota needs of one rep who takes ten leads a day."""
    crew = team(rep("Ana", capacity=Limit(count=10, per="day")))
    return need_of(
        crew, QUOTA, CALENDARS, tallies, 250, ahead_of([], NOTHING_PLANNED, NOVEMBER, NOVEMBER.end), NOVEMBER, {}
    )


def test_win_rates_are_drawn_towards_that_of_all() -> None:
    """Which is a quarter."""
    rates = win_rates(SOLD)

    assert [(rate.grade, rate.won, rate.decided) for rate in rates] == [("A", 40, 100), ("B", 10, 100)]
    assert [round(rate.rate, 4) for rate in rates] == [round(42.5 / 110, 4), round(12.5 / 110, 4)]


def test_a_quota_needs_leads_by_their_win_rate() -> None:
    """A hundred deals, a quarter of leads won: four hundred leads as they come, a ninth more as deals are worth 900."""
    need = needed(SOLD)

    assert (need.wins, need.comes, need.observed_deal_size) == (100.0, 250.0, 900.0)
    assert (need.leads, round(need.leads_observed or 0)) == (400, 444)
    assert {grade: round(leads) for grade, leads in need.by_grade.items()} == {"A": 259, "B": 880}


def test_few_outcomes_make_a_wide_interval() -> None:
    few = needed([Tally(grade="A", decided=4, won=1, priced=1, amount=900.0)])
    many = needed(SOLD)

    assert (round(few.leads_low or 0), round(few.leads_high or 0)) == (154, 2174)
    assert (round(many.leads_low or 0), round(many.leads_high or 0)) == (330, 494)


def test_before_the_first_win_the_fewest_that_are_needed_are_known() -> None:
    """Of ten leads none was won: the win rate is hardly above 17 %, and a hundred deals need 586 leads."""
    need = needed([Tally(grade="A", decided=10, won=0, priced=0, amount=0.0)])

    assert (need.leads, need.leads_high, need.by_grade) == (None, None, {})
    assert round(need.leads_low or 0) == 586


def test_before_the_first_outcome_nobody_knows_what_a_quota_needs() -> None:
    need = needed([])

    assert (need.leads, need.leads_low, need.leads_high, need.win_rates) == (None, None, None, ())


def test_reps_take_what_their_capacity_and_working_days_allow() -> None:
    """November 2026 has twenty-one weekdays; half of the month away halves it; a week is a seventh of the days."""
    crew = team(
        rep("Ana", capacity=Limit(count=10, per="day")),
        rep("Ben", capacity=Limit(count=10, per="day")),
        rep("Cleo", capacity=Limit(count=7, per="week")),
    )
    away = {"Ben": [(NOVEMBER.start - timedelta(days=9), NOVEMBER.start + timedelta(days=15))]}

    takes = capacity_of(crew, CALENDARS, NOVEMBER, away)

    assert takes == 210 + 105 + 30


def test_a_rep_without_a_limit_takes_any_number() -> None:
    assert capacity_of(team(rep("Ana")), CALENDARS, NOVEMBER, {}) is None
