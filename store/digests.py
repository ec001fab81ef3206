"""The digest of the day: once a day, when a team's day begins, its manager is told how it stands."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from routing.calendar import next_open
from rules.playbook import Playbook, Team
from store.database import Transaction
from store.events import Event, add_event
from store.ids import sortable_id
from store.tables import assignments, clocks, events

DAY = timedelta(days=1)


def add_digests(tx: Transaction, playbook: Playbook, now: datetime) -> tuple[str, ...]:
    """Keeps the digest of each team whose working day has begun and that has none of it, and returns those teams.

    A team and a day make one id; the caller sees to it that nobody else asks meanwhile.
    """
    told = []
    for team in playbook.teams.values():
        opening = _opening(team, playbook, now)
        event_id = sortable_id(opening, blake2b(team.name.encode(), digest_size=8).digest())
        kept = tx.execute(select(events.c.id).where(events.c.id == event_id)).one_or_none()
        if team.manager is not None and opening <= now < opening + DAY and kept is None:
            payload = {"team": team.name, "day": opening.date().isoformat(), **figures(tx, team.name, now)}
            add_event(tx, Event(id=event_id, kind="digest.day", lead_id=None, at=now, due_at=now, payload=payload))
            told.append(team.name)
    return tuple(told)


def figures(tx: Transaction, team: str, now: datetime) -> Mapping[str, int]:
    """Returns how a team stands: what it got, answered and broke within a day, what waits and is overdue now."""
    of_team, since = assignments.c.team == team, now - DAY
    first = clocks.c.kind == "first_response"
    return {
        "assigned": _assignments(tx, of_team, assignments.c.assigned_at >= since, assignments.c.rep.is_not(None)),
        "in_time": _clocks(tx, of_team, first, clocks.c.state == "met", clocks.c.ended_at >= since),
        "broken": _clocks(tx, of_team, first, clocks.c.breached_at >= since),
        "queued": _assignments(tx, of_team, assignments.c.ended_at.is_(None), assignments.c.rep.is_(None)),
        "overdue": _clocks(tx, of_team, first, clocks.c.state == "breached", clocks.c.ended_at.is_(None)),
    }


def _opening(team: Team, playbook: Playbook, now: datetime) -> datetime:
    """Returns when the team's working day begins that is today's where it lives; a day off begins on a later day."""
    calendar = playbook.calendars[team.calendar]
    zone = ZoneInfo(calendar.timezone)
    return next_open(datetime.combine(now.astimezone(zone).date(), time(), zone), calendar)


def _assignments(tx: Transaction, *wanted: ColumnElement[bool]) -> int:
    """Returns how many assignments are as wanted."""
    return tx.execute(select(func.count()).select_from(assignments).where(*wanted)).scalar_one()


def _clocks(tx: Transaction, *wanted: ColumnElement[bool]) -> int:
    """Returns how many clocks are as wanted."""
    joined = clocks.join(assignments, assignments.c.id == clocks.c.assignment_id)
    return tx.execute(select(func.count()).select_from(joined).where(*wanted)).scalar_one()
