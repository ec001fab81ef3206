"""Work that falls due: rows with a due time, kept with what causes them, for workers to claim and do.

Whoever adds, drops or claims work about a lead holds the lead's row, so nobody waits for a row of work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Text, bindparam, delete, func, select

from store.database import Transaction, Writes
from store.ids import new_id
from store.rows import add
from store.tables import clocks, due_work, leads

DueKind = Literal["warning", "breach", "escalate", "notify_manager", "hand_out", "recycle"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """Something to be done at a time; `reference` is the id of what it is about: a clock, an assignment, a decision."""

    kind: DueKind
    due_at: datetime
    lead_id: str
    reference: str
    payload: Mapping[str, Any] = field(default_factory=dict)


COLUMNS = ("kind", "due_at", "lead_id", "reference", "payload")
CLAIMABLE = (
    select(due_work.c.id, due_work.c.due_at, due_work.c.lead_id)
    .join(leads, leads.c.id == due_work.c.lead_id)
    .where(due_work.c.due_at <= bindparam("now"))
    .order_by(due_work.c.due_at, due_work.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=leads, skip_locked=True)
)
CLAIM = (
    delete(due_work)
    .where(
        due_work.c.due_at <= bindparam("last"),
        (due_work.c.due_at < bindparam("last")) | (due_work.c.id <= bindparam("last_id")),
        due_work.c.lead_id.in_(bindparam("held", expanding=True)),
    )
    .returning(due_work.c.id, *(due_work.c[name] for name in COLUMNS))
)
DROP = (
    delete(due_work)
    .where(due_work.c.reference == bindparam("about"))
    .returning(*(due_work.c[name] for name in COLUMNS))
)
DROP_KIND = delete(due_work).where(due_work.c.reference == bindparam("about"), due_work.c.kind == bindparam("only"))
ITS_CLOCKS = select(clocks.c.id).where(clocks.c.assignment_id == bindparam("assignment"))
DROP_ALL = delete(due_work).where(
    due_work.c.reference.in_(ITS_CLOCKS.union_all(select(bindparam("assignment", type_=Text))))
)
BACKLOG = select(
    func.count().label("pending"), func.min(due_work.c.due_at, type_=due_work.c.due_at.type).label("oldest")
).where(due_work.c.due_at <= bindparam("now"))
NEXT = select(func.min(due_work.c.due_at, type_=due_work.c.due_at.type))


def add_due(tx: Writes, works: Sequence[Due], now: datetime) -> None:
    """Keeps work to be done."""
    rows = ({name: getattr(work, name) for name in COLUMNS} for work in works)
    add(tx, due_work, *({"id": new_id(now), **row} for row in rows))


def claim_due(tx: Transaction, now: datetime, most: int) -> tuple[Due, ...]:
    """Returns about so much of the work that is due, soonest first; it is gone once the transaction commits.

    Leads that another transaction holds are left to it: their work is claimed later, if it is there still. Of each lead
    that is held here all earlier work comes along: also what was passed over while another still held the lead, so
    that nobody hears of a breach before its warning.
    """
    seen = tx.execute(CLAIMABLE, {"now": now, "most": most}).all()
    if not seen:
        return ()
    # A row may have been dropped between being seen and its lead being held; what this deletes is there.
    held = sorted({row.lead_id for row in seen})
    rows = tx.execute(CLAIM, {"last": seen[-1].due_at, "last_id": seen[-1].id, "held": held}).all()
    ordered = sorted(rows, key=lambda row: (row.due_at, row.id))
    return tuple(Due(**{name: getattr(row, name) for name in COLUMNS}) for row in ordered)


def drop_due(tx: Transaction, reference: str) -> tuple[Due, ...]:
    """Takes back the work about a clock or an assignment, and returns it."""
    return tuple(Due(**row._asdict()) for row in tx.execute(DROP, {"about": reference}).all())


def drop_kind(tx: Writes, reference: str, kind: DueKind) -> None:
    """Takes back the work of one kind about an assignment."""
    tx.execute(DROP_KIND, {"about": reference, "only": kind})


def drop_all(tx: Writes, assignment_id: str) -> None:
    """Takes back the work about an assignment and its clocks."""
    tx.execute(DROP_ALL, {"assignment": assignment_id})


def next_due(tx: Transaction) -> datetime | None:
    """Returns when the next work falls due, or fell; None when there is none."""
    at: datetime | None = tx.execute(NEXT).scalar()
    return at


def backlog(tx: Transaction, now: datetime) -> tuple[int, datetime | None]:
    """Returns how much work is due, and since when the oldest of it is."""
    row = tx.execute(BACKLOG, {"now": now}).one()
    return row.pending, row.oldest
