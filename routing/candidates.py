"""The reps of a team before one lead: who can take it, who not and why, and whose turn is how much overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing.calendar import has_working_time, next_open
from rules.evaluate import holds
from rules.playbook import Calendar, Rep, Team
from rules.wording import condition_in_words
from scoring.facts import Facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a rep has had so far: `assigned` in the current period, `today` and `this_week` against capacity.

    `credit` counts with `assigned`: what an absent or new rep is credited with. `absent_until` is None for a rep
    who is there.
    """

    rep: str
    assigned: int
    credit: float
    today: int
    this_week: int
    last_assigned_at: datetime | None
    absent_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A rep before one lead: `out` says why they cannot take it (None: they can).

    `shortfall` is how many leads the rep is short of their share, `works_from` when they are next at work (now, if
    they are; None, if nobody ever works in their calendar). `free_from` is when one who is away or full may take the
    lead; None for others.
    """

    rep: str
    shortfall: float
    works_from: datetime | None
    out: str | None
    free_from: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wall:
    """The clock on a wall: what time it is, and how it tells times."""

    now: datetime
    timezone: str

    def told(self, at: datetime) -> str:
        """An instant for people, with the zone: `2026-03-09 09:15 CET`."""
        return f"{at.astimezone(ZoneInfo(self.timezone)):%Y-%m-%d %H:%M %Z}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Out:
    """Why a rep cannot take a lead, and until when that is so; None for good."""

    why: str
    until: datetime | None = None


def candidates_of(
    team: Team,
    standings: Mapping[str, Standing],
    facts: Facts,
    calendars: Mapping[str, Calendar],
    now: datetime,
    earlier: frozenset[str],
) -> tuple[Candidate, ...]:
    """Every rep of a team before a lead, in the team's order; `standings` by name, `earlier` had the lead already."""
    shortfalls, wall = shortfalls_of(team.reps, standings), wall_of(team, calendars, now)
    found = []
    for rep in team.reps:
        calendar = calendars[rep.calendar or team.calendar]
        works_from = next_open(now, calendar) if has_working_time(calendar) else None
        out = _out(rep, standings[rep.name], facts, wall, earlier)
        out = out or _full(rep, standings[rep.name], now.astimezone(ZoneInfo(calendar.timezone)))
        if out is None and works_from is None:
            out = Out(why=f"never works by calendar '{calendar.name}'")
        found.append(
            Candidate(
                rep=rep.name,
                shortfall=shortfalls[rep.name],
                works_from=works_from,
                out=None if out is None else out.why,
                free_from=None if out is None else _free_from(out, calendar),
            )
        )
    return tuple(found)


def wall_of(team: Team, calendars: Mapping[str, Calendar], now: datetime) -> Wall:
    """The clock on a team's wall, by which its people are told times."""
    return Wall(now=now, timezone=calendars[team.calendar].timezone)


def _free_from(out: Out, calendar: Calendar) -> datetime | None:
    """When a rep who is out may take a lead, at work; None for never."""
    return next_open(out.until, calendar) if out.until is not None and has_working_time(calendar) else None


def shortfalls_of(reps: Sequence[Rep], standings: Mapping[str, Standing]) -> dict[str, float]:
    """By rep: (n_total + 1) * weight / sum of weights - n_own, counted with credits, to a billionth of a lead."""
    had = {rep.name: standings[rep.name].assigned + standings[rep.name].credit for rep in reps}
    total, weights = sum(had.values()) + 1, sum(rep.weight for rep in reps)
    return {rep.name: round(total * rep.weight / weights - had[rep.name], 9) for rep in reps}


def _out(rep: Rep, standing: Standing, facts: Facts, wall: Wall, earlier: frozenset[str]) -> Out | None:
    """Why a rep cannot take the lead, however few they had; None when nothing speaks against it."""
    if rep.name in earlier:
        return Out(why="had this lead before")
    if rep.accepts is not None and not holds(rep.accepts, facts, wall.now):
        return Out(why=f"accepts only leads where {condition_in_words(rep.accepts)}")
    if standing.absent_until is not None and standing.absent_until > wall.now:
        until = standing.absent_until
        return Out(why=f"absent until {wall.told(until)}", until=until)
    return None


def _full(rep: Rep, standing: Standing, local: datetime) -> Out | None:
    """That a rep has had all they can take today or this week; None while they have room."""
    if rep.capacity is None:
        return None
    daily = rep.capacity.per == "day"
    had, when = (standing.today, "today") if daily else (standing.this_week, "this week")
    if had < rep.capacity.count:
        return None
    # The day and the week are those of the rep's own clock; a capacity of none is never free.
    days = 1 if daily else 7 - local.weekday()
    until = datetime.combine(local.date() + timedelta(days=days), time(), tzinfo=local.tzinfo)
    return Out(why=f"has had {had} of {rep.capacity.count} {when}", until=until if rep.capacity.count else None)
