"""The work that is due, done: each piece in the transaction that takes it off the list, so it happens exactly once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from rules.compile import Compiled
from store.assignments import find_assignment
from store.breaches import catch_up, moves_on, overdue, run_out, tell_manager, warn
from store.clocks import Clock
from store.counting import Counting
from store.database import Database, Transaction
from store.due import Due, DueKind, add_due, claim_due
from store.escalation import climb
from store.locks import hold
from store.pass_on import passings, set_state, try_again
from store.people import companies_of
from store.pipeline import sent_together
from store.promised import Promised, promised
from store.shares import team_lock

BATCH = 100
LONGEST_PAUSE = timedelta(hours=1)
CLOCKS: tuple[DueKind, ...] = ("warning", "breach")

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
    database: Database,
    playbook: Compiled,
    recycle: Recycle,
    now: datetime | None = None,
    *,
    failed: Failed = loud,
    most: int = BATCH,
) -> tuple[Due, ...]:
    """Does about so much of the work that is due, in one transaction, and returns what it took off the list.

    Any number of workers may do so at once; one that dies before its transaction ends leaves everything to the others.
    A piece that cannot be done changes nothing, keeps no other from being done, and is tried again later. It is done
    `now`, else at the time when its leads are held: so not before what another worker did to them until then.
    """
    with database.begin() as tx:
        claimed = claim_due(tx, now or database_time(tx), most)
        if any(work.kind in ("breach", "hand_out", "recycle") for work in claimed):
            # All teams at once and in order, as several leads here may need several of them.
            hold(tx, *(team_lock(team) for team in playbook.playbook.teams))
        at_work = Sweep(tx=tx, playbook=playbook, recycle=recycle, now=now or database_time(tx))
        for turn in _turns(tx, claimed):
            of_clocks = [work for work in turn if work.kind in CLOCKS]
            if of_clocks:
                _try(at_work, of_clocks, failed)
            for work in turn:
                if work.kind not in CLOCKS:
                    _try(at_work, [work], failed)
        return claimed


def database_time(tx: Transaction) -> datetime:
    """Returns what time it is for the database: the same for all who share it, whatever their own clocks say.

    SQLite has no clock but that of the machine which its file lives on.
    """
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def _turns(tx: Transaction, claimed: Sequence[Due]) -> Sequence[Sequence[Due]]:
    """Returns the work in turns, soonest first in each: what changes a lead ends a turn for it and for its company.

    So pieces of one turn depend on each other only by what their teams have had, and where they are breaches of a lead.
    """
    companies = companies_of(tx, [work.lead_id for work in claimed]) if len(claimed) > 1 else {}
    turns: dict[int, list[Due]] = defaultdict(list)
    places, last = Counter[str](), dict[str, Due]()
    for work in claimed:
        about = companies.get(work.lead_id) or work.lead_id
        if about in last and not _joins(work, last[about]):
            places[about] += 1
        turns[places[about]].append(work)
        last[about] = work
    return list(turns.values())


def _joins(work: Due, before: Due) -> bool:
    """Whether a piece of work can be done together with the one before it about its lead, or one of its company."""
    breaches = before.kind == work.kind == "breach" and before.lead_id == work.lead_id
    return before.kind == "warning" or breaches


def _try(at_work: Sweep, works: Sequence[Due], failed: Failed) -> None:
    """Does pieces of work together; where that fails each by itself, and one that cannot be done is put off.

    It is put off longer each time.
    """
    try:
        with at_work.tx.begin_nested():
            _do(at_work, works)
    except OperationalError:  # the database's, not the work's: nothing of this sweep is kept
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one lead, the others' clocks run on
        if len(works) > 1:
            for work in works:
                _try(at_work, [work], failed)
            return
        failed(works[0], error)
        _put_off(at_work, works[0])


def _put_off(at_work: Sweep, work: Due) -> None:
    """Keeps that a piece of work is to be tried again."""
    times = int(work.payload.get("failed", 0)) + 1
    again = at_work.now + min(timedelta(minutes=1) * 2 ** min(times, 10), LONGEST_PAUSE)
    add_due(at_work.tx, [replace(work, due_at=again, payload={**work.payload, "failed": times})], at_work.now)


def _do(at_work: Sweep, works: Sequence[Due]) -> None:
    """Does pieces about clocks, or one of another kind."""
    if works[0].kind in CLOCKS:
        _run(at_work, works)
    else:
        DOING[works[0].kind](at_work, works[0])


def _run(at_work: Sweep, works: Sequence[Due]) -> None:
    """Warns of clocks, or breaks them; what is needed for that is read once for all, and all is written together."""
    tx, playbook, now = at_work.tx, at_work.playbook, at_work.now
    clocks = promised(tx, works)
    breaking = _breaking(works, clocks, now)
    moving = [clocks[work.reference].held for work, over in breaking if _moves_on(work, clocks, over)]
    passing = passings(tx, moving, playbook, now) if moving else {}
    counting = Counting(tx, playbook.playbook.calendars, now, [each.lead_id for each in moving])
    with sent_together(tx) as writes:
        for work in works:
            if work.kind == "warning":
                writes.next_piece()
                warn(writes, clocks[work.reference], now)
        for work, over in breaking:
            writes.next_piece()
            clock, on_breach = clocks[work.reference], work.payload["on_breach"]
            run_out(writes, over, clock, on_breach, passing.get(clock.held.id), counting, playbook, now)


def _breaking(
    works: Sequence[Due], clocks: Mapping[str, Promised], now: datetime
) -> Sequence[tuple[Due, Sequence[Clock]]]:
    """Returns the breaches to be done, each with the clocks that break: one for each assignment."""
    breaches = [work for work in works if work.kind == "breach"]
    due = {work.reference for work in breaches}
    found: dict[str, tuple[Due, Sequence[Clock]]] = {}
    for work in breaches:
        over = overdue(clocks[work.reference], due, now)
        if over:
            found.setdefault(over[0].assignment_id, (work, over))
    return list(found.values())


def _moves_on(work: Due, clocks: Mapping[str, Promised], over: Sequence[Clock]) -> bool:
    """Whether a breach passes its lead on."""
    return moves_on(over, clocks[work.reference].held, work.payload["on_breach"])


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
        "escalate": _climb,
        "notify_manager": _tell_manager,
        "hand_out": _hand_out,
        "recycle": _recycle,
    }
)
