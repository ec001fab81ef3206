"""How many leads a quota needs, by win rate, and how many a team's reps can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.outlook import Ahead
from routing.periods import Stretch, works_on
from routing.projection import QUANTILES, UNKNOWN
from rules.playbook import Calendar, Quota, Rep, Team

# A lead that sales has had this long without an outcome counts as not won.
MATURE = timedelta(days=90)
# Outcomes of so long tell the win rates.
TOLD = timedelta(days=365)
# A grade's win rate is drawn towards that of all grades with the weight of so many leads.
DRAWN = 10.0
# Fewer won deals say too little of what a deal is worth.
ENOUGH_DEALS = 10

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What became of a grade's leads: `won` of `decided`, the amounts of the `priced` ones among the won, summed."""

    grade: str
    decided: int
    won: int
    priced: int
    amount: float


@dataclass(frozen=True, kw_only=True, slots=True)
class WinRate:
    """How many of a grade's leads sales has won: `won` of `decided`, and the share drawn towards that of all."""

    grade: str
    won: int
    decided: int
    rate: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What a team's quota needs in a period, against what comes and what its reps can take.

    `leads` is how many as they come now, by grade in `by_grade` if all were of that grade; None while nothing was won.
    Nine times of ten the true win rate makes it `leads_low` to `leads_high` (None while nothing was won, or decided).
    `leads_observed` is how many at the size of the deals won so far. `comes` is what the period brings, of which
    `campaigns` says how many each is still to bring. `takes` is what the reps' capacities allow in the
    period, None where one of them has no limit. Money is in the currency of the quota.
    """

    team: str
    period: Stretch
    revenue: float
    deal_size: float
    observed_deal_size: float | None
    wins: float
    leads: float | None
    leads_low: float | None
    leads_high: float | None
    leads_observed: float | None
    by_grade: Mapping[str, float]
    win_rates: tuple[WinRate, ...]
    comes: float
    campaigns: Mapping[str, float]
    takes: int | None


def need_of(
    team: Team,
    quota: Quota,
    calendars: Mapping[str, Calendar],
    tallies: Sequence[Tally],
    came: int,
    ahead: Ahead,
    period: Stretch,
    away: Mapping[str, Sequence[Span]],
) -> Need:
    """What a team's quota needs; `tallies` are of its leads lately, `came` in the period so far, more are `ahead`.

    `away` is from when to when each rep is absent, without overlaps.
    """
    rates = win_rates(tallies)
    wins = quota.revenue / quota.deal_size
    won, decided = sum(each.won for each in tallies), sum(each.decided for each in tallies)
    low, high = _likely_rates(won, decided)
    worth = _worth(tallies)
    return Need(
        team=team.name,
        period=period,
        revenue=quota.revenue,
        deal_size=quota.deal_size,
        observed_deal_size=worth,
        wins=wins,
        leads=wins * decided / won if won else None,
        leads_low=wins / high if decided else None,
        leads_high=wins / low if won else None,
        leads_observed=quota.revenue / worth * decided / won if worth else None,
        by_grade={rate.grade: wins / rate.rate for rate in rates if rate.rate},
        win_rates=rates,
        comes=came + ahead.coming.mean,
        campaigns=ahead.by_campaign,
        takes=capacity_of(team, calendars, period, away),
    )


def win_rates(tallies: Sequence[Tally]) -> tuple[WinRate, ...]:
    """The win rate of each grade."""
    decided = sum(each.decided for each in tallies)
    overall = sum(each.won for each in tallies) / decided if decided else 0.0
    return tuple(
        WinRate(
            grade=each.grade,
            won=each.won,
            decided=each.decided,
            rate=(each.won + DRAWN * overall) / (each.decided + DRAWN),
        )
        for each in sorted(tallies, key=lambda each: each.grade)
    )


def _likely_rates(won: int, decided: int) -> tuple[float, float]:
    """The interval that holds the win rate nine times of ten.

    Source: Jeffreys' interval, the quantiles of a beta distribution with half a win and half a loss more.
    """
    from scipy.stats import beta  # takes half a second to load, which no server pays that makes no report

    low, _, high = beta(won + UNKNOWN, decided - won + UNKNOWN).ppf(QUANTILES)
    return float(low), float(high)


def _worth(tallies: Sequence[Tally]) -> float | None:
    """What a deal was worth; None while too few were won, or they were won for nothing."""
    priced, amount = sum(each.priced for each in tallies), sum(each.amount for each in tallies)
    return amount / priced if priced >= ENOUGH_DEALS and amount else None


def capacity_of(
    team: Team, calendars: Mapping[str, Calendar], period: Stretch, away: Mapping[str, Sequence[Span]]
) -> int | None:
    """How many leads the reps of a team can take in a period, less their absences; None when one has no limit."""
    total = 0.0
    for rep in team.reps:
        if rep.capacity is None:
            return None
        total += _capacity(rep, calendars[rep.calendar or team.calendar], period, away.get(rep.name, ()))
    return int(total)


def _capacity(rep: Rep, calendar: Calendar, period: Stretch, away: Sequence[Span]) -> float:
    if rep.capacity is None:
        raise ValueError(f"{rep.name} has no limit")
    length = period.end - period.start
    there = 1 - sum((_within(period, *span) for span in away), timedelta()) / length
    if rep.capacity.per == "week":
        return rep.capacity.count * (length / timedelta(days=7)) * there
    worked = sum(works_on(calendar, day, period.timezone) for day in period.days())
    return rep.capacity.count * worked * there


def _within(period: Stretch, start: datetime, end: datetime) -> timedelta:
    """How much of a span lies in a period."""
    return max(min(end, period.end) - max(start, period.start), timedelta())
