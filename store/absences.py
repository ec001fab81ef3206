"""When reps are away."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from store.database import Transaction
from store.ids import new_id
from store.rows import add
from store.tables import absences

AWAY = (
    select(absences.c.rep, func.max(absences.c.ends_at).label("until"))
    .where(absences.c.starts_at <= bindparam("now"), absences.c.ends_at > bindparam("now"))
    .group_by(absences.c.rep)
)


def add_absence(tx: Transaction, rep: str, start: datetime, end: datetime, now: datetime) -> None:
    """Keeps that a rep is away from `start` until `end`."""
    add(tx, absences, {"id": new_id(now), "rep": rep, "starts_at": start, "ends_at": end})


def end_absences(tx: Transaction, rep: str, start: datetime, end: datetime | None, now: datetime) -> int:
    """Takes back the absences of a rep that touch the time from `start` to `end` (None: for ever).

    One that has begun ends now, so that what was is still true. Returns how many there were.
    """
    touched = [absences.c.rep == rep, absences.c.ends_at > max(start, now)]
    if end is not None:
        touched.append(absences.c.starts_at < end)
    begun = tx.execute(update(absences).where(*touched, absences.c.starts_at < now).values(ends_at=now))
    ahead = tx.execute(delete(absences).where(*touched, absences.c.starts_at >= now))
    return begun.rowcount + ahead.rowcount


def absences_within(tx: Transaction, start: datetime, end: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """Returns from when to when each rep is away, of what touches the time from `start` to `end`, soonest first.

    Absences that overlap are one.
    """
    touching = (absences.c.starts_at < end, absences.c.ends_at > start)
    away: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in tx.execute(select(absences).where(*touching).order_by(absences.c.starts_at)):
        spans = away.setdefault(row.rep, [])
        if spans and row.starts_at <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], row.ends_at))
        else:
            spans.append((row.starts_at, row.ends_at))
    return away


def absent_until(tx: Transaction, now: datetime) -> dict[str, datetime]:
    """Returns, for each rep who is away now, until when."""
    return {row.rep: row.until for row in tx.execute(AWAY, {"now": now})}
