"""How many leads a quota needs, by win rate, and how many a team's reps can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.handing import Handing
from routing.periods import Stretch, works_on
from rules.playbook import Calendar, Quota, Rep, Team

# A lead that sales has had this long without an outcome counts as not won.
MATURE = timedelta(days=90)
# A grade's win rate is drawn towards that of all grades with the weight of so many leads.
DRAWN = 10.0
# Fewer won deals say too little of what a deal is worth.
ENOUGH_DEALS = 10


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
    `takes` is what the reps' capacities allow in the period, None where one of them has no limit.
    """

    team: str
    period: Stretch
    revenue: float
    deal_size: float
    observed_deal_size: float | None
    wins: float
    leads: float | None
    by_grade: Mapping[str, float]
    win_rates: tuple[WinRate, ...]
    comes: float
    takes: int | None


def need_of(
    team: Team,
    quota: Quota,
    calendars: Mapping[str, Calendar],
    handings: Sequence[Handing],
    comes: float,
    period: Stretch,
    away: Mapping[str, timedelta],
    now: datetime,
) -> Need:
    """What a team's quota needs; `handings` are the team's of the last year, `comes` what the period will bring.

    `away` is how long each rep is absent in the period.
    """
    rates = win_rates(handings, now)
    wins = quota.revenue / quota.deal_size
    mix = [rate for rate in rates if rate.decided]
    decided = sum(rate.decided for rate in mix)
    overall = sum(rate.rate * rate.decided for rate in mix) / decided if decided else 0.0
    amounts = [one.amount for one in handings if one.outcome == "won" and one.amount is not None]
    return Need(
        team=team.name,
        period=period,
        revenue=quota.revenue,
        deal_size=quota.deal_size,
        observed_deal_size=sum(amounts) / len(amounts) if len(amounts) >= ENOUGH_DEALS else None,
        wins=wins,
        leads=wins / overall if overall else None,
        by_grade={rate.grade: wins / rate.rate for rate in rates if rate.rate},
        win_rates=rates,
        comes=comes,
        takes=capacity_of(team, calendars, period, away),
    )


def win_rates(handings: Sequence[Handing], now: datetime) -> tuple[WinRate, ...]:
    """The win rate of each grade, from leads with an outcome and those that sales has had for ninety days."""
    decided = [one for one in handings if one.outcome is not None or one.handed_at <= now - MATURE]
    won = sum(one.outcome == "won" for one in decided)
    overall = won / len(decided) if decided else 0.0
    rates = []
    for grade in sorted({str(one.told("grade")) for one in decided}):
        of = [one for one in decided if one.told("grade") == grade]
        good = sum(one.outcome == "won" for one in of)
        rate = (good + DRAWN * overall) / (len(of) + DRAWN)
        rates.append(WinRate(grade=grade, won=good, decided=len(of), rate=rate))
    return tuple(rates)


def capacity_of(
    team: Team, calendars: Mapping[str, Calendar], period: Stretch, away: Mapping[str, timedelta]
) -> int | None:
    """How many leads the reps of a team can take in a period, less their absences; None when one has no limit."""
    total = 0.0
    for rep in team.reps:
        if rep.capacity is None:
            return None
        total += _capacity(rep, calendars[rep.calendar or team.calendar], period, away.get(rep.name, timedelta()))
    return int(total)


def _capacity(rep: Rep, calendar: Calendar, period: Stretch, away: timedelta) -> float:
    if rep.capacity is None:
        raise ValueError(f"{rep.name} has no limit")
    length = period.end - period.start
    there = max(1 - away / length, 0.0)
    if rep.capacity.per == "week":
        return rep.capacity.count * (length / timedelta(days=7)) * there
    worked = sum(works_on(calendar, day, period.timezone) for day in period.days())
    return rep.capacity.count * worked * there
