"""Moves as they are kept: what was done with a lead that sales had, by whom, when, how and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select

from store.assignments import Assignment
from store.database import Transaction
from store.events import add_events
from store.ids import new_id
from store.rows import add
from store.tables import leads, moves

MoveKind = Literal["accept", "reject", "contact", "hold", "resume", "reassign", "outcome"]
Attempt = Literal["call", "email", "meeting", "event"]

ATTEMPTS: tuple[Attempt, ...] = ("call", "email", "meeting", "event")

STANDING = select(leads.c.state).where(leads.c.id == bindparam("id")).with_for_update()


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Something that was done with an assignment; `details` says how and why."""

    id: str
    lead_id: str
    assignment_id: str
    kind: MoveKind
    at: datetime
    details: Mapping[str, Any]


def hold_lead(tx: Transaction, lead_id: str) -> str:
    """Returns the state of a lead, which nobody else moves until the transaction ends."""
    state: str = tx.execute(STANDING, {"id": lead_id}).scalar_one()
    return state


def keep_move(
    tx: Transaction,
    held: Assignment,
    kind: MoveKind,
    at: datetime,
    now: datetime,
    *,
    move_id: str | None = None,
    **details: object,
) -> None:
    """Keeps that something was done with an assignment at an instant, and when it was told where that was later."""
    about = {"id": move_id or new_id(now), "lead_id": held.lead_id, "assignment_id": held.id}
    late = {} if at == now else {"told_at": now}
    add(tx, moves, {**about, "kind": kind, "at": at, "details": {"rep": held.rep, **details, **late}})


def tell_outcome(tx: Transaction, held: Assignment, outcome: Mapping[str, object], now: datetime) -> None:
    """Keeps what became of a lead, to be handed on."""
    whose = {"lead_id": held.lead_id, "assignment_id": held.id, "team": held.team, "rep": held.rep}
    add_events(tx, held.lead_id, ["lead.outcome"], {**whose, "reason": None, "amount": None, **outcome}, now)


def moves_of(tx: Transaction, lead_id: str) -> tuple[Move, ...]:
    """Returns everything that was done with a lead, oldest first."""
    rows = tx.execute(select(moves).where(moves.c.lead_id == lead_id).order_by(moves.c.id))
    return tuple(Move(**row._asdict()) for row in rows)
