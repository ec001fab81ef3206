"""When reps are away."""

from datetime import datetime

from sqlalchemy import func, insert, select

from store.database import Transaction
from store.ids import new_id
from store.tables import absences


def add_absence(tx: Transaction, rep: str, start: datetime, end: datetime, now: datetime) -> None:
    """Keeps that a rep is away from `start` until `end`."""
    tx.execute(insert(absences).values(id=new_id(now), rep=rep, starts_at=start, ends_at=end))


def absent_until(tx: Transaction, now: datetime) -> dict[str, datetime]:
    """Returns, for each rep who is away now, until when."""
    rows = tx.execute(
        select(absences.c.rep, func.max(absences.c.ends_at).label("until"))
        .where(absences.c.starts_at <= now, absences.c.ends_at > now)
        .group_by(absences.c.rep)
    )
    return {row.rep: row.until for row in rows}
