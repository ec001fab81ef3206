"""Work that falls due: rows with a due time, kept with what causes them, for workers to lease and do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from store.database import Transaction
from store.ids import new_ids
from store.rows import add
from store.tables import due_work

DueKind = Literal["warning", "breach", "notify_manager"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """Something to be done at a time; `reference` is the id of what it is about (a clock, an assignment)."""

    kind: DueKind
    due_at: datetime
    lead_id: str
    reference: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def add_due(tx: Transaction, works: Sequence[Due], now: datetime) -> None:
    """Keeps work to be done."""
    ids = new_ids(now, len(works))
    columns = ("kind", "due_at", "lead_id", "reference", "payload")
    rows = ({name: getattr(work, name) for name in columns} for work in works)
    add(tx, due_work, *({"id": id_, **row} for id_, row in zip(ids, rows, strict=True)))


def due_for(tx: Transaction, lead_id: str) -> tuple[Due, ...]:
    """Returns the work still to be done about a lead, soonest first."""
    rows = tx.execute(
        select(due_work.c.kind, due_work.c.due_at, due_work.c.lead_id, due_work.c.reference, due_work.c.payload)
        .where(due_work.c.lead_id == lead_id)
        .order_by(due_work.c.due_at, due_work.c.id)
    )
    return tuple(Due(**row._asdict()) for row in rows)
