"""When reps are away."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

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


def absent_until(tx: Transaction, now: datetime) -> dict[str, datetime]:
    """Returns, for each rep who is away now, until when."""
    return {row.rep: row.until for row in tx.execute(AWAY, {"now": now})}
