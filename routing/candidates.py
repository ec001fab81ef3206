"""The reps of a team before one lead: who can take it, who not and why, and whose turn is how much overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from routing.calendar import has_working_time, next_open
from rules.evaluate import holds
from rules.playbook import Calendar, Rep, Team
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
    they are; None, if nobody ever works in their calendar).
    """

    rep: str
    shortfall: float
    works_from: datetime | None
    out: str | None


def candidates_of(
    team: Team,
    standings: Mapping[str, Standing],
    facts: Facts,
    calendars: Mapping[str, Calendar],
    now: datetime,
    earlier: frozenset[str],
) -> tuple[Candidate, ...]:
    """Every rep of a team before a lead, in the team's order; `standings` by name, `earlier` had the lead already."""
    shortfalls = shortfalls_of(team.reps, standings)
    found = []
    for rep in team.reps:
        calendar = calendars[rep.calendar or team.calendar]
        works_from = next_open(now, calendar) if has_working_time(calendar) else None
        out = _out(rep, standings[rep.name], facts, now, earlier)
        if out is None and works_from is None:
            out = f"never works by calendar '{calendar.name}'"
        found.append(Candidate(rep=rep.name, shortfall=shortfalls[rep.name], works_from=works_from, out=out))
    return tuple(found)


def shortfalls_of(reps: Sequence[Rep], standings: Mapping[str, Standing]) -> dict[str, float]:
    """By rep: (n_total + 1) * weight / sum of weights - n_own, counted with credits, to a billionth of a lead."""
    had = {rep.name: standings[rep.name].assigned + standings[rep.name].credit for rep in reps}
    total, weights = sum(had.values()) + 1, sum(rep.weight for rep in reps)
    return {rep.name: round(total * rep.weight / weights - had[rep.name], 9) for rep in reps}


def _out(rep: Rep, standing: Standing, facts: Facts, now: datetime, earlier: frozenset[str]) -> str | None:
    """Why a rep cannot take the lead; None when nothing speaks against it."""
    if rep.name in earlier:
        return "had this lead before"
    if rep.accepts is not None and not holds(rep.accepts, facts, now):
        return "does not accept this lead"
    if standing.absent_until is not None and standing.absent_until > now:
        return f"absent until {moment(standing.absent_until)}"
    return _full(rep, standing)


def _full(rep: Rep, standing: Standing) -> str | None:
    if rep.capacity is None:
        return None
    had = standing.today if rep.capacity.per == "day" else standing.this_week
    when = "today" if rep.capacity.per == "day" else "this week"
    return f"has had {had} of {rep.capacity.count} {when}" if had >= rep.capacity.count else None


def moment(at: datetime) -> str:
    """An instant for people: `2026-03-09 08:15 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
