"""Drift as it was last measured, and the live leads that it is measured on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from scoring.lead import Lead
from store.database import Transaction
from store.erased import NOT_ERASED
from store.lead_json import lead_from_json
from store.locks import hold
from store.rows import add
from store.tables import decisions, drifts

LOCK = "drift"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A drift as it was measured of a version: its document, and when."""

    name: str
    at: datetime
    document: Any


def live_leads(tx: Transaction, *, since: datetime, most: int) -> tuple[Lead, ...]:
    """Returns leads as they were first decided on since then, each once, at most so many, newest first."""
    first = (
        select(func.min(decisions.c.id))
        .where(decisions.c.decided_at >= since, NOT_ERASED)
        .group_by(decisions.c.lead_id)
    )
    rows = tx.execute(
        select(decisions.c.lead).where(decisions.c.id.in_(first)).order_by(decisions.c.id.desc()).limit(most)
    )
    return tuple(lead_from_json(row.lead) for row in rows)


def keep_drift(tx: Transaction, measured: Measured) -> None:
    """Keeps what was measured of a version in the place of what was measured before."""
    hold(tx, LOCK)
    tx.execute(delete(drifts).where(drifts.c.name == measured.name))
    add(tx, drifts, {"name": measured.name, "at": measured.at, "document": measured.document})


def last_drift(tx: Transaction, name: str) -> Measured | None:
    """Returns what was last measured of a version, if anything was."""
    row = tx.execute(select(drifts).where(drifts.c.name == name)).one_or_none()
    return None if row is None else Measured(name=row.name, at=row.at, document=row.document)
