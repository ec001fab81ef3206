"""Surges: the days on which campaigns bring a team more leads than its reps can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing.hours import midnight
from routing.periods import works_on
from rules.playbook import Calendar, Rep, Team

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surge:
    """A working day on which a team is to get more leads than its reps can take: `behind` of them wait.

    `expected` is what comes that day, with what waited from before; `takes` what the reps can take.
    """

    team: str
    day: date
    expected: float
    takes: float
    behind: float
    campaigns: tuple[str, ...]


def surges_of(
    team: Team,
    calendars: Mapping[str, Calendar],
    usual: Mapping[date, float],
    campaigns: Mapping[str, Mapping[date, float]],
    away: Mapping[str, Sequence[tuple[datetime, datetime]]],
    timezone: str,
) -> tuple[Surge, ...]:
    """The working days on which a team gets more than its reps can take; none where a rep has no limit.

    `usual` is what comes to the team on each day anyway, `campaigns` what each campaign adds. What comes on a day on
    which nobody works, and what is left over, waits for the next.
    """
    surges, waiting = [], 0.0
    for day in sorted(usual):
        takes = capacity_on(team, calendars, day, away, timezone)
        if takes is None:
            return ()
        added = {name: by_day.get(day, 0.0) for name, by_day in campaigns.items()}
        expected = waiting + usual[day] + sum(added.values())
        waiting = max(expected - takes, 0.0)
        if takes and waiting >= 1:
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
    """How many leads the reps of a team can take on a day; None where one has no limit.

    A weekly limit is shared out over the days on which the rep works; who is away at noon is away.
    """
    noon = midnight(day, timezone) + DAY / 2
    total = 0.0
    for rep in team.reps:
        if rep.capacity is None:
            return None
        calendar = calendars[rep.calendar or team.calendar]
        there = not any(start <= noon < end for start, end in away.get(rep.name, ()))
        if there and works_on(calendar, day, timezone):
            total += _daily(rep, calendar, day, timezone)
    return total


def _daily(rep: Rep, calendar: Calendar, day: date, timezone: str) -> float:
    if rep.capacity is None:
        raise ValueError(f"{rep.name} has no limit")
    if rep.capacity.per == "day":
        return rep.capacity.count
    monday = day - day.weekday() * DAY
    worked = sum(works_on(calendar, monday + step * DAY, timezone) for step in range(7))
    return rep.capacity.count / worked
