"""Clocks: promises to a lead that run until they are kept or broken."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from routing.decision import Promise
from rules.playbook import Calendar, Sla
from store.assignments import Assignment
from store.database import Transaction
from store.due import Due, add_due
from store.ids import new_id
from store.rows import add
from store.tables import clocks

ClockKind = Literal["first_response"]
ClockState = Literal["running"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A running promise. `calendar` is the one it counts in, as it was at the start; None counts all time."""

    id: str
    lead_id: str
    assignment_id: str
    kind: ClockKind
    sla: str
    state: ClockState
    started_at: datetime
    due_at: datetime
    warn_at: tuple[datetime, ...]
    calendar: Mapping[str, Any] | None


def start_clock(
    tx: Transaction, assignment: Assignment, promise: Promise, sla: Sla, calendar: Calendar | None, now: datetime
) -> None:
    """Starts the clock of the first response, and keeps its warnings and its breach as work that falls due."""
    clock_id = new_id(now)
    row = {
        "id": clock_id,
        "lead_id": assignment.lead_id,
        "assignment_id": assignment.id,
        "kind": "first_response",
        "sla": promise.name,
        "state": "running",
        "started_at": now,
        "due_at": promise.respond_by,
        "warn_at": promise.warn_at,
        "calendar": calendar,
    }
    add(tx, clocks, row)
    breach = Due(
        kind="breach",
        due_at=promise.respond_by,
        lead_id=assignment.lead_id,
        reference=clock_id,
        payload={"on_breach": sla.on_breach},
    )
    add_due(tx, [*(replace(breach, kind="warning", due_at=at, payload={}) for at in promise.warn_at), breach], now)


def clock_of(tx: Transaction, assignment_id: str) -> Clock | None:
    """Returns the clock of an assignment's first response."""
    row = tx.execute(
        select(clocks).where(clocks.c.assignment_id == assignment_id, clocks.c.kind == "first_response")
    ).one_or_none()
    if row is None:
        return None
    warn_at = tuple(datetime.fromisoformat(at) for at in row.warn_at)
    return Clock(**{**row._asdict(), "warn_at": warn_at})
