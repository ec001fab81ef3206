"""The life of an assignment: what may be done with a lead that sales has, and what comes of it.

Each move holds the lead until the caller's transaction ends, and is kept, so that the lead's history tells it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from rules.compile import Compiled
from rules.playbook import ListedReason
from store.assignments import Assignment, AssignmentState, assignments_of, change_assignment, open_assignment
from store.breaches import catch_up
from store.clocks import Clock, clocks_of, pause, resume
from store.database import Transaction
from store.ids import new_id
from store.illegal import not_in_sales, not_there, within_hold
from store.kept_moves import Attempt, MoveKind, hold_lead, keep_move, tell_outcome
from store.pass_on import end, pass_on, set_state
from store.rests import give_back, resting
from store.settle import settle, withdraw

# Beside these, a lead with a running clock may be held, and one with a paused clock resumed.
POSSIBLE: Mapping[AssignmentState, tuple[MoveKind, ...]] = MappingProxyType(
    {
        "queued": ("reassign",),
        "assigned": ("accept", "reject", "contact", "reassign", "outcome"),
        "accepted": ("reject", "contact", "reassign", "outcome"),
        "contacted": ("reject", "contact", "reassign", "outcome"),
    }
)


def accept(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime, *, at: datetime | None = None) -> None:
    """The rep takes the lead on, or did so earlier, at an instant that is told only now.

    Raises: IllegalMoveError, as every move does, also for an instant at which it would not have been possible.
    """
    held, at = _begin(tx, lead_id, "accept", playbook, now, at)
    keep_move(tx, held, "accept", at, now)
    settle(tx, held, playbook, now)
    state: AssignmentState = "accepted" if held.state == "assigned" else held.state
    change_assignment(tx, held.id, state=state, accepted_at=at)
    set_state(tx, lead_id, state, now)


def contact(
    tx: Transaction, lead_id: str, how: Attempt, playbook: Compiled, now: datetime, *, at: datetime | None = None
) -> None:
    """The rep tries to reach the lead: the first time is the response that was promised, in time or late.

    Whoever makes contact has accepted the lead, and a lead that was held is held no more. An attempt that is told late
    is that of whoever had the lead then; who has it since keeps it, and their clocks run on.
    """
    before = None if at is None else _past_hands(tx, lead_id, at)
    held, at = (before, at) if before and at else _begin(tx, lead_id, "contact", playbook, now, at)
    at = max(at, held.assigned_at)
    keep_move(tx, held, "contact", at, now, how=how)
    _resume(tx, held, playbook, at)
    settle(tx, held, playbook, now)
    first = {"accepted_at": min(held.accepted_at or at, at), "contacted_at": min(held.contacted_at or at, at)}
    change_assignment(tx, held.id, state=held.state if before else "contacted", **first)
    if not before:
        set_state(tx, lead_id, "contacted", now)


def hold_back(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime) -> None:
    """Pauses the lead's clocks: its rep waits for something that sales cannot hasten."""
    held, _ = _begin(tx, lead_id, "hold", playbook, now)
    for clock in clocks_of(tx, held.id):
        if clock.state == "running":
            pause(tx, clock, now)
    keep_move(tx, held, "hold", now, now)


def resume_lead(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime) -> None:
    """Lets the lead's clocks run on: deadlines and warnings move by the working time paused."""
    held, _ = _begin(tx, lead_id, "resume", playbook, now)
    _resume(tx, held, playbook, now)
    keep_move(tx, held, "resume", now, now)


def reject(
    tx: Transaction,
    lead_id: str,
    reason: ListedReason,
    playbook: Compiled,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """The rep gives the lead up: it goes to another rep who has not had it, or else back to marketing.

    For a reason with a rest it goes to marketing at once, and comes back into play after the rest. Whoever has it next
    has it from now on, also where it was given up earlier.
    """
    held, at = _begin(tx, lead_id, "reject", playbook, now, at)
    move_id = new_id(now)  # ids tell the order: the move comes before the assignment that it makes
    tell_outcome(tx, held, {"outcome": "rejected", "reason": reason.name}, now)
    withdraw(tx, held, playbook, at, now)
    ended: dict[str, Any] = {"ended_at": at, "reason": reason.name}
    passed = None
    if reason.rest is None:
        passed = pass_on(tx, held, playbook, now, queue=False, state="rejected", **ended)
    if passed is None:
        end(tx, held, "rejected", now, **ended)
        give_back(tx, held, "rejected", reason.rest, at, now)
    to = "marketing" if passed is None else passed.rep
    keep_move(tx, held, "reject", at, now, move_id=move_id, reason=reason.name, to=to, **resting(reason, at))


def reassign(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime, *, rep: str | None = None) -> None:
    """Passes the lead on to a rep of its team who has not had it: a manager's choice, or whose turn it is.

    When all had it, it is the manager's. Raises: UnknownRepError when the `rep` is not of the team.
    """
    held, _ = _begin(tx, lead_id, "reassign", playbook, now)
    move_id = new_id(now)
    if held.rep is not None:
        withdraw(tx, held, playbook, now, now)
    passed = pass_on(tx, held, playbook, now, queue=held.rep is not None, named=rep)
    keep_move(tx, held, "reassign", now, now, move_id=move_id, to=None if passed is None else passed.rep)


def win(
    tx: Transaction,
    lead_id: str,
    amount: float | None,
    playbook: Compiled,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """The lead buys, for an amount where it is known."""
    held, at = _begin(tx, lead_id, "outcome", playbook, now, at)
    keep_move(tx, held, "outcome", at, now, outcome="won", amount=amount)
    tell_outcome(tx, held, {"outcome": "won", "amount": amount}, now)
    withdraw(tx, held, playbook, at, now)
    end(tx, held, "won", now, ended_at=at, amount=amount)
    set_state(tx, lead_id, "won", now)


def lose(
    tx: Transaction,
    lead_id: str,
    reason: ListedReason,
    playbook: Compiled,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """The lead does not buy; after the reason's rest, where it has one, it comes back into play."""
    held, at = _begin(tx, lead_id, "outcome", playbook, now, at)
    keep_move(tx, held, "outcome", at, now, outcome="lost", reason=reason.name, **resting(reason, at))
    tell_outcome(tx, held, {"outcome": "lost", "reason": reason.name}, now)
    withdraw(tx, held, playbook, at, now)
    end(tx, held, "lost", now, ended_at=at, reason=reason.name)
    give_back(tx, held, "lost", reason.rest, at, now)


def possible(held: Assignment, clocks: Sequence[Clock]) -> tuple[MoveKind, ...]:
    """Returns what may be done with an open assignment."""
    states = {clock.state for clock in clocks if clock.ended_at is None}
    hold: tuple[MoveKind, ...] = ("hold",) if "running" in states and held.rep is not None else ()
    again: tuple[MoveKind, ...] = ("resume",) if "paused" in states else ()
    return *POSSIBLE[held.state], *hold, *again


def _begin(
    tx: Transaction, lead_id: str, kind: MoveKind, playbook: Compiled, now: datetime, at: datetime | None = None
) -> tuple[Assignment, datetime]:
    """Returns who has the lead, which is held from here on, once what was overdue of it has happened; and since when.

    The instant is `now`, or the earlier one `at` which the move was made, kept within the time they have the lead.
    Raises: IllegalMoveError when this cannot be done with it, or not at that instant.
    """
    state = hold_lead(tx, lead_id)
    held = open_assignment(tx, lead_id)
    if held is None:
        raise not_in_sales(tx, lead_id, kind, state)
    if at is not None:
        at = within_hold(held, kind, at)
    catch_up(tx, held, playbook, at or now, now)
    allowed = possible(held, clocks_of(tx, held.id))
    if kind not in allowed and not (kind == "accept" and _accepted_before(held, at)):
        raise not_there(held, kind, allowed)
    return held, at or now


def _accepted_before(held: Assignment, at: datetime | None) -> bool:
    """Whether a lead that so far was accepted by contacting it had been accepted at an instant before."""
    contacted = held.state == "contacted" and held.accepted_at == held.contacted_at
    return contacted and at is not None and held.contacted_at is not None and at < held.contacted_at


def _past_hands(tx: Transaction, lead_id: str, at: datetime) -> Assignment | None:
    """Returns the ended assignment in which a rep had the lead at an instant, and holds the lead; None without one."""
    hold_lead(tx, lead_id)
    had = [each for each in assignments_of(tx, lead_id) if each.assigned_at.replace(microsecond=0) <= at]
    last = had[-1] if had else None
    if last is None or last.ended_at is None or at > last.ended_at or last.rep is None or last.state == "erased":
        return None
    return last


def _resume(tx: Transaction, held: Assignment, playbook: Compiled, at: datetime) -> None:
    """Lets the clocks of an assignment that were paused at an instant run on from it."""
    for clock in clocks_of(tx, held.id):
        if clock.state == "paused" and clock.paused_at is not None and clock.paused_at <= at:
            sla = playbook.playbook.slas.get(clock.sla)
            resume(tx, clock, () if sla is None else sla.on_breach, at)
