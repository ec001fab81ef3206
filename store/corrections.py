"""Outcomes that were told wrongly are told anew: reports, and what the next model learns, go by the right one."""

from datetime import datetime
from typing import Any

from rules.playbook import ListedReason
from store.assignments import change_assignment, last_assignment
from store.database import Transaction
from store.due import drop_due
from store.illegal import not_corrected, within_hold
from store.kept_moves import hold_lead, keep_move, tell_outcome
from store.pass_on import set_state
from store.rests import give_back, resting


def correct_outcome(
    tx: Transaction,
    lead_id: str,
    lost_for: ListedReason | None,
    amount: float | None,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """Corrects what became of a lead: lost for a reason or, without one, won, for an amount where it is known.

    It became so when it was said to before, unless `at` says otherwise; what its clocks came to stays. Raises:
    IllegalMoveError where nobody has told an outcome, or the lead came to sales again since.
    """
    state, held = hold_lead(tx, lead_id), last_assignment(tx, lead_id)
    if held is None or held.ended_at is None or held.state not in ("won", "lost"):
        raise not_corrected(state)
    at = held.ended_at if at is None else within_hold(held, "outcome", at)
    drop_due(tx, held.id)
    told: dict[str, Any] = {
        "outcome": "won" if lost_for is None else "lost",
        "reason": lost_for and lost_for.name,
        "amount": amount,
    }
    rest = {} if lost_for is None else resting(lost_for, at)
    keep_move(tx, held, "outcome", at, now, **told, corrects=held.state, **rest)
    tell_outcome(tx, held, {**told, "corrects": held.state}, now)
    change_assignment(tx, held.id, state=told["outcome"], reason=told["reason"], amount=amount, ended_at=at)
    if lost_for is None:
        set_state(tx, lead_id, "won", now)
    else:
        give_back(tx, held, "lost", lost_for.rest, at, now)
