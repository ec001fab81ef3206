"""The work that is due, done: each piece in the transaction that takes it off the list, so it happens exactly once."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select

from rules.compile import Compiled
from store.assignments import find_assignment
from store.breaches import run_out, tell_manager, warn
from store.database import Database, Transaction
from store.due import Due, claim_due
from store.escalation import climb
from store.locks import hold
from store.pass_on import set_state
from store.shares import team_lock

BATCH = 50

# Decides anew about a lead that has rested: what only those who serve a model can do.
Recycle = Callable[[Transaction, str, datetime], None]


def sweep(database: Database, playbook: Compiled, recycle: Recycle, now: datetime, *, most: int = BATCH) -> int:
    """Does at most so much of the work that is due, in one transaction, and returns how much that was.

    Any number of workers may do so at once; one that dies before its transaction ends leaves everything to the others.
    """
    with database.begin() as tx:
        claimed = claim_due(tx, now, most)
        if any(work.kind in ("breach", "recycle") for work in claimed):
            # All teams at once and in order, as several leads here may need several of them.
            hold(tx, *(team_lock(team) for team in playbook.playbook.teams))
        for work in claimed:
            _do(tx, work, playbook, recycle, now)
        return len(claimed)


def database_time(tx: Transaction) -> datetime:
    """Returns what time it is for the database: the same for all who share it, whatever their own clocks say.

    SQLite has no clock but that of the machine which its file lives on.
    """
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def _do(tx: Transaction, work: Due, playbook: Compiled, recycle: Recycle, now: datetime) -> None:
    """Does one piece of work."""
    match work.kind:
        case "warning":
            warn(tx, work.reference, now)
        case "breach":
            run_out(tx, work.reference, work.payload["on_breach"], playbook, now)
        case "escalate":
            climb(tx, work, playbook, now)
        case "notify_manager":
            held = find_assignment(tx, work.reference)
            tell_manager(tx, held, playbook, "nobody can take this lead; it waits in the queue", now)
        case "recycle":
            set_state(tx, work.lead_id, "nurture", now)
            recycle(tx, work.lead_id, now)
