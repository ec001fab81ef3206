"""Surges: the days on which campaigns bring a team more leads than its reps can take."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import fmean

from routing.handing import Handing
from routing.hours import midnight
from routing.periods import day_in, works_on
from rules.playbook import Calendar, Limit, Rep, Team

DAY = timedelta(days=1)
# Fewer leads that were answered or due say nothing of what a team can take.
ENOUGH = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Surge:
    """A working day on which a team is to get more leads than its reps can take: `behind` of them wait.

    `expected` is what comes that day, with what waited from before; `takes` what the reps can take. The `unlimited` of
    them have no limit: of these it is what they have shown.
    """

    team: str
    day: date
    expected: float
    takes: float
    behind: float
    campaigns: tuple[str, ...]
    unlimited: tuple[str, ...] = ()


def limited(team: Team, handings: Sequence[Handing], timezone: str) -> Team | None:
    """The team with a daily limit for each rep who has none: as many leads as they answered in time on their best day.

    `handings` are the leads that the team had lately. Who had none of them counts as the others on average. None where
    they are too few to tell.
    """
    if all(rep.capacity is not None for rep in team.reps):
        return team
    best = best_days(handings, timezone)
    shown = [best[rep.name] for rep in team.reps if rep.name in best]
    if len([one for one in handings if one.duties.get("respond") in ("kept", "broken")]) < ENOUGH or not shown:
        return None
    usual = round(fmean(shown))
    limits = {rep.name: Limit(count=best.get(rep.name, usual), per="day") for rep in team.reps}
    return replace(team, reps=tuple(replace(rep, capacity=rep.capacity or limits[rep.name]) for rep in team.reps))


def best_days(handings: Sequence[Handing], timezone: str) -> Mapping[str, int]:
    """The most leads that each rep answered in time on one day; none for who had leads and was late with all."""
    answered: dict[str, Counter[date]] = {}
    for one in handings:
        name = one.answers_for("respond")
        match one.duties.get("respond"):
            case "kept":
                at = (one.assigned_at or one.handed_at) + (one.waited or timedelta())
                answered.setdefault(name, Counter())[day_in(at, timezone)] += 1
            case "broken":
                answered.setdefault(name, Counter())
    return {name: max(days.values(), default=0) for name, days in answered.items()}


def surges_of(
    team: Team,
    calendars: Mapping[str, Calendar],
    usual: Mapping[date, float],
    campaigns: Mapping[str, Mapping[date, float]],
    away: Mapping[str, Sequence[tuple[datetime, datetime]]],
    timezone: str,
) -> tuple[Surge, ...]:
    """The working days on which a team gets more than its reps, who all have a limit, can take.

    `usual` is what comes to the team on each day anyway, `campaigns` what each campaign adds. What comes on a day on
    which nobody works, and what is left over, waits for the next.
    """
    surges, waiting = [], 0.0
    for day in sorted(usual):
        takes = capacity_on(team, calendars, day, away, timezone)
        added = {name: by_day.get(day, 0.0) for name, by_day in campaigns.items()}
        expected = waiting + usual[day] + sum(added.values())
        waiting = max(expected - (takes or 0.0), 0.0)
        if takes is not None and waiting >= 1:
            guilty = tuple(name for name, more in added.items() if more >= 0.5)
            surges.append(
                Surge(team=team.name, day=day, expected=expected, takes=takes, behind=waiting, campaigns=guilty)
            )
    return tuple(surges)


def capacity_on(
    team: Team,
    calendars: Mapping[str, Calendar],
    day: date,
    away: Mapping[str, Sequence[tuple[datetime, datetime]]],
    timezone: str,
) -> float | None:
    """How many leads the reps of a team can take on a day; None where nobody works.

    A weekly limit is shared out over the days on which the rep works; who is away at noon is away.
    """
    noon = midnight(day, timezone) + DAY / 2
    there = [
        (rep, calendars[rep.calendar or team.calendar])
        for rep in team.reps
        if not any(start <= noon < end for start, end in away.get(rep.name, ()))
    ]
    takes = [_daily(rep, own, day, timezone) for rep, own in there if works_on(own, day, timezone)]
    return sum(takes) if takes else None


def _daily(rep: Rep, calendar: Calendar, day: date, timezone: str) -> float:
    if rep.capacity is None:
        raise ValueError(f"{rep.name} has no limit")
    if rep.capacity.per == "day":
        return rep.capacity.count
    monday = day - day.weekday() * DAY
    worked = sum(works_on(calendar, monday + step * DAY, timezone) for step in range(7))
    return rep.capacity.count / worked
