"""Rest: a lead that was given up for a reason of the moment goes to marketing, and comes back into play later."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from rules.playbook import ListedReason
from store.assignments import Assignment, last_assignment
from store.database import Transaction
from store.due import Due, add_due
from store.events import add_events
from store.pass_on import set_state
from store.tables import due_work

BACK = select(due_work.c.due_at).where(due_work.c.reference == bindparam("given_up"), due_work.c.kind == "recycle")


def give_back(
    tx: Transaction, held: Assignment, state: str, rest: timedelta | None, at: datetime, now: datetime
) -> None:
    """Gives a lead that was given up at an instant back to marketing: in a state, or at rest until it comes back."""
    set_state(tx, held.lead_id, state if rest is None else "resting", now)
    if rest is not None:
        add_due(tx, [Due(kind="recycle", due_at=at + rest, lead_id=held.lead_id, reference=held.id)], now)


def resting(reason: ListedReason, at: datetime) -> dict[str, Any]:
    """Returns, as details of a move, until when a lead rests that was given up at an instant."""
    return {} if reason.rest is None else {"rests_until": at + reason.rest}


def rests_until(tx: Transaction, held: Assignment) -> datetime | None:
    """Returns when a lead comes back that rests since an assignment ended; None for one that does not rest."""
    back: datetime | None = tx.execute(BACK, {"given_up": held.id}).scalar()
    return back


def tell_recycled(tx: Transaction, lead_id: str, now: datetime) -> None:
    """Keeps that a lead has rested and is in play again, to be handed on: who gave it up, since when, and why."""
    held = last_assignment(tx, lead_id)
    if held is not None:
        whose = {"lead_id": lead_id, "assignment_id": held.id, "team": held.team, "rep": held.rep}
        rested = {"outcome": held.state, "reason": held.reason, "rested_since": held.ended_at}
        add_events(tx, lead_id, ["lead.recycled"], {**whose, **rested}, now)
