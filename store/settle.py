"""What clocks come to once it is known when the promised thing was truly done, however late that is told.

A breach that was found meanwhile is taken back where the thing had been done in time, and who heard of it is told so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from rules.compile import Compiled
from store.assignments import Assignment
from store.breaches import TELLING, tell, tell_manager
from store.clocks import Clock, ClockKind, Pause, clocks_of, meet, stop
from store.database import Transaction
from store.tables import moves

# The moves that do what a clock promises.
DONE: Mapping[ClockKind, tuple[str, ...]] = {
    "first_response": ("contact",),
    "acceptance": ("accept", "contact"),
    "attempts": ("contact",),
}
WHEN = (
    select(moves.c.kind, moves.c.at)
    .where(moves.c.assignment_id == bindparam("assignment"))
    .order_by(moves.c.at, moves.c.id)
)


def settle(tx: Transaction, held: Assignment, playbook: Compiled, now: datetime) -> None:
    """Meets the clocks of an assignment by what was done with it, each as of when it was done.

    The response is the first contact; whoever accepts, or makes contact without, has accepted; attempts are contacts.
    """
    happened = _happened(tx, held)
    pauses = _pauses(happened)
    for clock in clocks_of(tx, held.id):
        at = _done_at(clock, happened)
        if at is not None and (clock.elapsed_seconds is None or at != clock.ended_at):
            _tell_corrected(tx, clock, meet(tx, clock, at, pauses), held, playbook, at, now)


def withdraw(tx: Transaction, held: Assignment, playbook: Compiled, at: datetime, now: datetime) -> None:
    """Stops the open clocks of an assignment that ends at an instant: what fell due later had not been broken.

    A lead that is held by then is held no more, and no clock has counted for as long as it was.
    """
    pauses = _pauses(_happened(tx, held))
    for clock in clocks_of(tx, held.id):
        if clock.ended_at is None:
            _tell_corrected(tx, clock, stop(tx, clock, at, pauses), held, playbook, at, now)


def _happened(tx: Transaction, held: Assignment) -> list[tuple[str, datetime]]:
    """Returns which moves were made with an assignment, and when, oldest first."""
    return [(row.kind, row.at) for row in tx.execute(WHEN, {"assignment": held.id})]


def _done_at(clock: Clock, happened: Sequence[tuple[str, datetime]]) -> datetime | None:
    """Returns when what a clock promises was done; None while it is not."""
    kinds, number = DONE[clock.kind], clock.target or 1
    done = [at for kind, at in happened if kind in kinds]
    return done[number - 1] if len(done) >= number else None


def _pauses(happened: Sequence[tuple[str, datetime]]) -> list[Pause]:
    """Returns from when to when an assignment was held; a contact ends that as well as resuming does."""
    found: list[Pause] = []
    since: datetime | None = None
    for kind, at in happened:
        if kind == "hold":
            since = since or at
        elif kind in ("resume", "contact") and since is not None:
            found.append((since, at))
            since = None
    return found if since is None else [*found, (since, None)]


def _tell_corrected(
    tx: Transaction, was: Clock, clock: Clock, held: Assignment, playbook: Compiled, at: datetime, now: datetime
) -> None:
    """Tells who was told of a breach that it was none."""
    if was.breached_at is None or clock.breached_at is not None:
        return
    tell(tx, "sla.corrected", clock, held, now, breached_at=was.breached_at, done_at=at)
    sla = playbook.playbook.slas.get(clock.sla)
    if sla is not None and not TELLING.isdisjoint(sla.on_breach):
        verb = "were" if clock.kind == "attempts" else "was"
        why = f"{clock.words} under SLA {clock.sla} {verb} not overdue after all, as was told only now"
        tell_manager(tx, held, playbook, why, now)
