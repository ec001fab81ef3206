"""The reps as they stand now: what each has had, may still take, holds, and when they work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from routing.calendar import CalendarError, next_open
from routing.reps import Standing
from rules.playbook import Calendar, Playbook, Rep
from store.database import Transaction
from store.shares import standings_now
from store.tables import assignments

OPEN = (
    select(assignments.c.team, assignments.c.rep, func.count().label("leads"))
    .where(assignments.c.ended_at.is_(None), assignments.c.rep.is_not(None))
    .group_by(assignments.c.team, assignments.c.rep)
)

OF_TEAMS = (
    select(assignments.c.team, func.count().label("leads"))
    .where(assignments.c.ended_at.is_(None))
    .group_by(assignments.c.team)
    .order_by(assignments.c.team)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RepNow:
    """A rep of a team now. `had` holds the month's leads and credit, today's and this week's leads, any absence.

    `open` is how many leads they hold; `works_from` is now for who is at work, None for who never is again; `timezone`
    is that of the calendar they work by.
    """

    team: str
    rep: Rep
    had: Standing
    open: int
    works_from: datetime | None
    timezone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """Who is not of a team any more, by the playbook in force, and still holds so many of its leads."""

    team: str
    rep: str
    open: int


def reps_now(tx: Transaction, playbook: Playbook, now: datetime) -> tuple[RepNow, ...]:
    """Returns every rep of every team, in the playbook's order."""
    held = _held(tx)
    return tuple(
        RepNow(
            team=team.name,
            rep=rep,
            had=had,
            open=held.get((team.name, rep.name), 0),
            works_from=_works_from(playbook.calendars[rep.calendar or team.calendar], had.absent_until or now),
            timezone=playbook.calendars[rep.calendar or team.calendar].timezone,
        )
        for team in playbook.teams.values()
        for rep, had in zip(team.reps, standings_now(tx, team, playbook.calendars, now), strict=True)
    )


def reps_left(tx: Transaction, playbook: Playbook) -> tuple[Left, ...]:
    """Returns who has left and still holds leads, which nobody works on unless they are reassigned."""
    there = {(team.name, rep.name) for team in playbook.teams.values() for rep in team.reps}
    left = sorted((whose, count) for whose, count in _held(tx).items() if whose not in there)
    return tuple(Left(team=team, rep=rep, open=count) for (team, rep), count in left)


def teams_left(tx: Transaction, playbook: Playbook) -> Mapping[str, int]:
    """Returns how many open leads each team has, with its reps or in its queue, that a playbook does not know."""
    return {row.team: row.leads for row in tx.execute(OF_TEAMS) if row.team not in playbook.teams}


def _held(tx: Transaction) -> dict[tuple[str, str], int]:
    """Returns how many leads each rep holds, by team and rep."""
    return {(row.team, row.rep): row.leads for row in tx.execute(OPEN)}


def _works_from(calendar: Calendar, start: datetime) -> datetime | None:
    """Returns when who works by a calendar is at work, from `start` on."""
    try:
        return next_open(start, calendar)
    except CalendarError:
        return None
