"""The digest of the day: once a day, when a team's day begins, its manager is told how it stands."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from routing.hours import midnight
from routing.working_day import working_day_at, working_day_before
from rules.playbook import Playbook, Team
from store.absences import absent_until
from store.database import Transaction
from store.events import Event, add_event, daily_id, is_kept
from store.tables import assignments, clocks

DAY = timedelta(days=1)


def add_digests(tx: Transaction, playbook: Playbook, now: datetime) -> tuple[str, ...]:
    """Keeps the digest of each team that is in its working day and has none of it, and returns those teams.

    It tells of the time since the working day before began, so that each hour is told of once: a Monday's tells of
    Friday and the weekend. A team and a day make one id; the caller sees to it that nobody else asks meanwhile.
    """
    told = []
    for team in playbook.teams.values():
        calendar = playbook.calendars[team.calendar]
        today = working_day_at(now, calendar)
        if team.manager is None or today is None:
            continue
        event_id = daily_id(midnight(today.day, calendar.timezone), team.name)
        if not is_kept(tx, event_id):
            before = working_day_before(today.day, calendar)
            since = today.opens_at - DAY if before is None else before.opens_at
            payload = {"team": team.name, "day": today.day.isoformat(), **figures(tx, team, since, today.opens_at, now)}
            add_event(tx, Event(id=event_id, kind="digest.day", lead_id=None, at=now, due_at=now, payload=payload))
            told.append(team.name)
    return tuple(told)


def figures(tx: Transaction, team: Team, since: datetime, until: datetime, now: datetime) -> Mapping[str, Any]:
    """Returns how a team and its reps stand: what they got, answered and broke in a time, what is overdue now."""
    counted = _counted(tx, team.name, since, until)
    away = absent_until(tx, now)
    reps = [
        {
            "rep": rep.name,
            **{name: count[rep.name] for name, count in counted.items()},
            "away_until": away.get(rep.name),
        }
        for rep in team.reps
    ]
    whole = {name: count.total() for name, count in counted.items()}
    queued = _by_rep(tx, team.name, assignments.c.ended_at.is_(None), assignments.c.rep.is_(None)).total()
    return {"since": since, "until": until, **whole, "queued": queued, "reps": reps}


def _counted(tx: Transaction, team: str, since: datetime, until: datetime) -> Mapping[str, Counter[str | None]]:
    """Returns the counts by rep, and those of nobody's leads under None."""
    c = clocks.c
    assigned = (assignments.c.assigned_at >= since, assignments.c.assigned_at < until, assignments.c.rep.is_not(None))
    return {
        "assigned": _by_rep(tx, team, *assigned),
        "in_time": _by_rep(tx, team, c.state == "met", c.ended_at >= since, c.ended_at < until),
        "broken": _by_rep(tx, team, c.breached_at >= since, c.breached_at < until),
        "overdue": _by_rep(tx, team, c.state == "breached", c.ended_at.is_(None)),
    }


def _by_rep(tx: Transaction, team: str, *wanted: ColumnElement[bool]) -> Counter[str | None]:
    """Returns how many assignments of a team, with the first responses that they owe, are as wanted."""
    owed = (clocks.c.assignment_id == assignments.c.id) & (clocks.c.kind == "first_response")
    query = (
        select(assignments.c.rep, func.count().label("leads"))
        .select_from(assignments.outerjoin(clocks, owed))
        .where(assignments.c.team == team, *wanted)
        .group_by(assignments.c.rep)
    )
    return Counter({row.rep: row.leads for row in tx.execute(query)})
