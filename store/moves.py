"""The life of an assignment: what may be done with a lead that sales has, and what comes of it.

Each move holds the lead until the caller's transaction ends, and is kept, so that the lead's history tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import bindparam, func, select

from rules.compile import Compiled
from rules.playbook import ListedReason
from store.assignments import Assignment, AssignmentState, change_assignment, open_assignment
from store.breaches import catch_up
from store.clocks import Clock, clocks_of, meet, pause, resume
from store.database import Transaction
from store.due import Due, add_due
from store.errors import IllegalMoveError
from store.events import add_events
from store.ids import new_id
from store.pass_on import end, pass_on, set_state
from store.rows import add
from store.tables import leads, moves

MoveKind = Literal["accept", "reject", "contact", "hold", "resume", "reassign", "outcome"]
Attempt = Literal["call", "email", "meeting", "event"]

ATTEMPTS: tuple[Attempt, ...] = ("call", "email", "meeting", "event")

# Beside these, a lead with a running clock may be held, and one with a paused clock resumed.
POSSIBLE: Mapping[AssignmentState, tuple[MoveKind, ...]] = MappingProxyType(
    {
        "queued": ("reassign",),
        "assigned": ("accept", "reject", "contact", "reassign", "outcome"),
        "accepted": ("reject", "contact", "reassign", "outcome"),
        "contacted": ("reject", "contact", "reassign", "outcome"),
    }
)

STANDING = select(leads.c.state).where(leads.c.id == bindparam("id")).with_for_update()
COUNTED = select(func.count()).where(moves.c.assignment_id == bindparam("assignment"), moves.c.kind == "contact")


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Something that was done with an assignment; `details` says how and why."""

    id: str
    lead_id: str
    assignment_id: str
    kind: MoveKind
    at: datetime
    details: Mapping[str, Any]


def accept(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime) -> None:
    """The rep takes the lead on. Raises: IllegalMoveError, as every move does."""
    held = _begin(tx, lead_id, "accept", playbook, now)
    _accepted(tx, held, now)
    change_assignment(tx, held.id, state="accepted", accepted_at=now)
    set_state(tx, lead_id, "accepted", now)
    _keep(tx, held, "accept", now)


def contact(tx: Transaction, lead_id: str, how: Attempt, playbook: Compiled, now: datetime) -> None:
    """The rep tries to reach the lead: the first time is the response that was promised, in time or late.

    Whoever makes contact has accepted the lead, and a lead that was held is held no more.
    """
    held = _begin(tx, lead_id, "contact", playbook, now)
    _keep(tx, held, "contact", now, how=how)
    _resume(tx, held, playbook, now)
    _accepted(tx, held, now)
    made: int = tx.execute(COUNTED, {"assignment": held.id}).scalar_one()
    for clock in _open(tx, held):
        if clock.kind == "first_response" or (clock.kind == "attempts" and made >= (clock.target or 0)):
            meet(tx, clock, now)
    first = {"accepted_at": held.accepted_at or now, "contacted_at": held.contacted_at or now}
    change_assignment(tx, held.id, state="contacted", **first)
    set_state(tx, lead_id, "contacted", now)


def hold_back(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime) -> None:
    """Pauses the lead's clocks: its rep waits for something that sales cannot hasten."""
    held = _begin(tx, lead_id, "hold", playbook, now)
    for clock in _open(tx, held):
        if clock.state == "running":
            pause(tx, clock, now)
    _keep(tx, held, "hold", now)


def resume_lead(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime) -> None:
    """Lets the lead's clocks run on: deadlines and warnings move by the working time paused."""
    held = _begin(tx, lead_id, "resume", playbook, now)
    _resume(tx, held, playbook, now)
    _keep(tx, held, "resume", now)


def reject(tx: Transaction, lead_id: str, reason: ListedReason, playbook: Compiled, now: datetime) -> None:
    """The rep gives the lead up: it goes to another rep who has not had it, or else back to marketing.

    For a reason with a rest it goes to marketing at once, and comes back into play after the rest.
    """
    held = _begin(tx, lead_id, "reject", playbook, now)
    _keep(tx, held, "reject", now, reason=reason.name)
    _tell(tx, held, {"outcome": "rejected", "reason": reason.name}, now)
    passed = None
    if reason.rest is None:
        passed = pass_on(tx, held, playbook, now, queue=False, state="rejected", reason=reason.name)
    if passed is None:
        end(tx, held, "rejected", now, reason=reason.name)
        _rest(tx, held, "rejected", reason.rest, now)


def reassign(tx: Transaction, lead_id: str, playbook: Compiled, now: datetime, *, rep: str | None = None) -> None:
    """Passes the lead on to a rep of its team who has not had it: a manager's choice, or whose turn it is.

    When all had it, it is the manager's. Raises: UnknownRepError when the `rep` is not of the team.
    """
    held = _begin(tx, lead_id, "reassign", playbook, now)
    passed = pass_on(tx, held, playbook, now, queue=held.rep is not None, named=rep)
    _keep(tx, held, "reassign", now, to=None if passed is None else passed.rep)


def win(tx: Transaction, lead_id: str, amount: float | None, playbook: Compiled, now: datetime) -> None:
    """The lead buys, for an amount where it is known."""
    held = _begin(tx, lead_id, "outcome", playbook, now)
    end(tx, held, "won", now, amount=amount)
    set_state(tx, lead_id, "won", now)
    _keep(tx, held, "outcome", now, outcome="won", amount=amount)
    _tell(tx, held, {"outcome": "won", "amount": amount}, now)


def lose(tx: Transaction, lead_id: str, reason: ListedReason, playbook: Compiled, now: datetime) -> None:
    """The lead does not buy; after the reason's rest, where it has one, it comes back into play."""
    held = _begin(tx, lead_id, "outcome", playbook, now)
    end(tx, held, "lost", now, reason=reason.name)
    _rest(tx, held, "lost", reason.rest, now)
    _keep(tx, held, "outcome", now, outcome="lost", reason=reason.name)
    _tell(tx, held, {"outcome": "lost", "reason": reason.name}, now)


def moves_of(tx: Transaction, lead_id: str) -> tuple[Move, ...]:
    """Returns everything that was done with a lead, oldest first."""
    rows = tx.execute(select(moves).where(moves.c.lead_id == lead_id).order_by(moves.c.id))
    return tuple(Move(**row._asdict()) for row in rows)


def possible(held: Assignment, clocks: Sequence[Clock]) -> tuple[MoveKind, ...]:
    """Returns what may be done with an open assignment."""
    states = {clock.state for clock in clocks if clock.ended_at is None}
    hold: tuple[MoveKind, ...] = ("hold",) if "running" in states and held.rep is not None else ()
    again: tuple[MoveKind, ...] = ("resume",) if "paused" in states else ()
    return *POSSIBLE[held.state], *hold, *again


def _begin(tx: Transaction, lead_id: str, kind: MoveKind, playbook: Compiled, now: datetime) -> Assignment:
    """Returns who has the lead, which is held from here on, once what is overdue of it has happened.

    Raises: IllegalMoveError when this cannot be done with it now.
    """
    state = tx.execute(STANDING, {"id": lead_id}).scalar()
    held = open_assignment(tx, lead_id)
    if held is None:
        raise IllegalMoveError(f"{kind} is not possible: nobody in sales has this lead, which is {state}")
    catch_up(tx, held, playbook, now)
    allowed = possible(held, clocks_of(tx, held.id))
    if kind not in allowed:
        possibly = ", ".join(allowed)
        raise IllegalMoveError(f"{kind} is not possible: this lead is {held.state}; possible are {possibly}")
    return held


def _open(tx: Transaction, held: Assignment) -> list[Clock]:
    """Returns the clocks of an assignment that have not ended; broken ones are still measured."""
    return [clock for clock in clocks_of(tx, held.id) if clock.ended_at is None]


def _accepted(tx: Transaction, held: Assignment, now: datetime) -> None:
    """Meets the clock of the acceptance where one is open."""
    for clock in _open(tx, held):
        if clock.kind == "acceptance":
            meet(tx, clock, now)


def _resume(tx: Transaction, held: Assignment, playbook: Compiled, now: datetime) -> None:
    """Lets the paused clocks of an assignment run on."""
    for clock in _open(tx, held):
        if clock.state == "paused":
            sla = playbook.playbook.slas.get(clock.sla)
            resume(tx, clock, () if sla is None else sla.on_breach, now)


def _rest(tx: Transaction, held: Assignment, state: str, rest: timedelta | None, now: datetime) -> None:
    """Gives a lead back to marketing: in a state, or at rest until it comes back into play."""
    set_state(tx, held.lead_id, state if rest is None else "resting", now)
    if rest is not None:
        add_due(tx, [Due(kind="recycle", due_at=now + rest, lead_id=held.lead_id, reference=held.id)], now)


def _keep(tx: Transaction, held: Assignment, kind: MoveKind, now: datetime, **details: object) -> None:
    """Keeps that something was done with an assignment."""
    about = {"id": new_id(now), "lead_id": held.lead_id, "assignment_id": held.id}
    add(tx, moves, {**about, "kind": kind, "at": now, "details": {"rep": held.rep, **details}})


def _tell(tx: Transaction, held: Assignment, outcome: Mapping[str, object], now: datetime) -> None:
    """Keeps what became of a lead, to be handed on."""
    whose = {"lead_id": held.lead_id, "assignment_id": held.id, "team": held.team, "rep": held.rep}
    add_events(tx, held.lead_id, ["lead.outcome"], {**whose, "reason": None, "amount": None, **outcome}, now)
