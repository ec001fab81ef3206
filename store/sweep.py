"""The work that is due, done: each piece in the transaction that takes it off the list, so it happens exactly once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from rules.compile import Compiled
from store.assignments import find_assignment
from store.breaches import catch_up, run_out, tell_manager, warn
from store.database import Database, Transaction
from store.due import Due, DueKind, add_due, claim_due
from store.escalation import climb
from store.locks import hold
from store.pass_on import set_state, try_again
from store.shares import team_lock

BATCH = 50
LONGEST_PAUSE = timedelta(hours=1)

# Decides anew about a lead that has rested: what only those who serve a model can do.
Recycle = Callable[[Transaction, str, datetime], None]
# Hears of a piece of work that could not be done.
Failed = Callable[[Due, Exception], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """What work is done with: the transaction that takes it off the list, the playbook in force, the time."""

    tx: Transaction
    playbook: Compiled
    recycle: Recycle
    now: datetime


def loud(work: Due, error: Exception) -> None:
    """Raises what went wrong with a piece of work, so that nothing of the sweep is kept."""
    raise error


def sweep(
    database: Database, playbook: Compiled, recycle: Recycle, now: datetime, *, failed: Failed = loud, most: int = BATCH
) -> tuple[Due, ...]:
    """Does at most so much of the work that is due, in one transaction, and returns what it took off the list.

    Any number of workers may do so at once; one that dies before its transaction ends leaves everything to the others.
    A piece that cannot be done changes nothing, keeps no other from being done, and is tried again later.
    """
    with database.begin() as tx:
        claimed = claim_due(tx, now, most)
        if any(work.kind in ("breach", "hand_out", "recycle") for work in claimed):
            # All teams at once and in order, as several leads here may need several of them.
            hold(tx, *(team_lock(team) for team in playbook.playbook.teams))
        at_work = Sweep(tx=tx, playbook=playbook, recycle=recycle, now=now)
        for work in claimed:
            _try(at_work, work, failed)
        return claimed


def database_time(tx: Transaction) -> datetime:
    """Returns what time it is for the database: the same for all who share it, whatever their own clocks say.

    SQLite has no clock but that of the machine which its file lives on.
    """
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def _try(at_work: Sweep, work: Due, failed: Failed) -> None:
    """Does one piece of work; one that cannot be done is put off, longer each time."""
    try:
        with at_work.tx.begin_nested():
            DOING[work.kind](at_work, work)
    except OperationalError:  # the database's, not the work's: nothing of this sweep is kept
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one lead, the others' clocks run on
        failed(work, error)
        times = int(work.payload.get("failed", 0)) + 1
        again = at_work.now + min(timedelta(minutes=1) * 2 ** min(times, 10), LONGEST_PAUSE)
        add_due(at_work.tx, [replace(work, due_at=again, payload={**work.payload, "failed": times})], at_work.now)


def _warn(at_work: Sweep, work: Due) -> None:
    """Warns of a clock."""
    warn(at_work.tx, work.reference, at_work.now)


def _run_out(at_work: Sweep, work: Due) -> None:
    """Breaks a clock."""
    run_out(at_work.tx, work.reference, work.payload["on_breach"], at_work.playbook, at_work.now)


def _climb(at_work: Sweep, work: Due) -> None:
    """Tells whoever is next up the chain."""
    climb(at_work.tx, work, at_work.playbook, at_work.now)


def _tell_manager(at_work: Sweep, work: Due) -> None:
    """Tells the manager of a lead in the queue."""
    held = find_assignment(at_work.tx, work.reference)
    if held.ended_at is None:
        why = "nobody can take this lead; it waits in the queue"
        tell_manager(at_work.tx, held, at_work.playbook, why, at_work.now)


def _hand_out(at_work: Sweep, work: Due) -> None:
    """Tries a lead in the queue again; what it was promised there and has run out is broken first."""
    held = find_assignment(at_work.tx, work.reference)
    catch_up(at_work.tx, held, at_work.playbook, at_work.now, at_work.now)
    try_again(at_work.tx, held, at_work.playbook, at_work.now)


def _recycle(at_work: Sweep, work: Due) -> None:
    """Brings a lead that has rested back into play."""
    set_state(at_work.tx, work.lead_id, "nurture", at_work.now)
    at_work.recycle(at_work.tx, work.lead_id, at_work.now)


DOING: Mapping[DueKind, Callable[[Sweep, Due], None]] = MappingProxyType(
    {
        "warning": _warn,
        "breach": _run_out,
        "escalate": _climb,
        "notify_manager": _tell_manager,
        "hand_out": _hand_out,
        "recycle": _recycle,
    }
)
