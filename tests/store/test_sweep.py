"""The sweep of what is due, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, select, update

from routing.reps import Standing
from rules.compile import Compiled
from store import sweep as sweeping
from store.absences import add_absence
from store.assignments import assignments_of
from store.database import Database, Transaction, Writes
from store.due import backlog
from store.events import events_of
from store.promised import Promised
from store.shares import counted_in
from store.sweep import database_time, sweep
from store.tables import clocks
from tests.builders import NOW, lead
from tests.databases import EMPTYING
from tests.store.builders import arrive, due_for, playbook, write

# From a Friday 13:00 in Berlin: warnings at 15:00 and 16:00, the first response is due at 17:00.
DUE, MINUTE = NOW + timedelta(hours=4), timedelta(minutes=1)
MET = update(clocks).where(clocks.c.id == bindparam("clock")).values(state="met")


def swept(database: Database, book: Compiled, now: datetime, most: int = 50) -> list[str]:
    """The kinds of work that one sweep does, in order; nothing may fail."""

    return [work.kind for work in sweep(database, book, _no_recycling, now, most=most)]


def _no_recycling(tx: Transaction, lead_id: str, now: datetime) -> None:
    raise AssertionError(lead_id)


def passed_on(database: Database, *, most: int) -> tuple[list[list[str | None]], list[Standing]]:
    """Who has had each of twelve leads once all of them have run out, and how the reps stand; leaves nothing."""
    book = playbook("Ana, weight: 2", "Ben, capacity: 4 per day", "Cleo", "Dee")
    with database.begin() as tx:
        add_absence(tx, "Dee", NOW, NOW + timedelta(days=3), NOW)
    ids = [arrive(database, book, f"p{number}", NOW + number * MINUTE).lead_id for number in range(12)]
    while swept(database, book, DUE + 12 * MINUTE, most):
        pass
    with database.begin() as tx:
        team, calendars = book.playbook.teams["inbound"], book.playbook.calendars
        standings = counted_in(tx, team, calendars, None, DUE).standings
        had = [[each.rep for each in assignments_of(tx, lead_id)] for lead_id in ids]
        for emptying in EMPTYING:
            tx.exec_driver_sql(emptying)
    return had, list(standings)


def told(database: Database, lead_id: str) -> list[str]:
    """What the outside was told of a lead's clocks."""
    with database.read() as tx:
        return [event.kind for event in events_of(tx, lead_id) if event.kind.startswith("sla.")]


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (timedelta(hours=1, minutes=59), []),
        (timedelta(hours=2), ["warning"]),
        (timedelta(hours=3), ["warning", "warning"]),
        (timedelta(hours=4), ["warning", "warning", "breach"]),
    ],
)
def test_what_is_due_happens_at_its_time(database: Database, after: timedelta, kinds: list[str]) -> None:
    book = playbook("Ana")
    arrive(database, book, "ann")

    assert swept(database, book, NOW + after) == kinds


def test_what_happened_does_not_happen_again(database: Database) -> None:
    book = playbook("Ana")
    lead_id = arrive(database, book, "ann").lead_id

    first, second = swept(database, book, DUE), swept(database, book, DUE)

    assert (first, second) == (["warning", "warning", "breach"], [])
    assert told(database, lead_id) == ["sla.warning", "sla.warning", "sla.breached"]


def test_a_sweep_takes_the_soonest_first_and_no_more_than_it_is_told(database: Database) -> None:
    book = playbook("Ana")
    for name in ("ann", "bob", "cem"):
        arrive(database, book, name)

    assert swept(database, book, DUE, most=4) == ["warning"] * 4


def test_many_at_once_come_to_what_one_after_the_other_comes_to(database: Database) -> None:
    """The same reps get the same leads, in turn, under the same capacity and with the same credit, none too many."""
    together, one_by_one = passed_on(database, most=50), passed_on(database, most=1)

    assert together == one_by_one
    assert len(together[0]) == 12


def test_what_is_done_for_a_lead_goes_by_what_was_just_done_for_its_company(database: Database) -> None:
    """Ben gets the first of two leads that Ana let run out, and with it the account."""
    book = playbook("Ana", "Ben", "Cleo")
    with database.begin() as tx:
        ids = [write(tx, book, lead(email=f"{name}@big.example")).lead_id for name in ("ann", "bob")]

    swept(database, book, DUE)

    with database.read() as tx:
        assert [[each.rep for each in assignments_of(tx, lead_id)] for lead_id in ids] == [["Ana", "Ben"]] * 2


def test_one_lead_that_cannot_be_done_keeps_no_other_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did is undone, it is told of, and it is tried again later."""
    book, failures = playbook("Ana"), list[str]()
    broken, whole = (arrive(database, book, name).lead_id for name in ("ann", "bob"))

    def warn(tx: Writes, found: Promised, now: datetime) -> None:
        tx.execute(MET, {"clock": found.clock.id})
        if found.held.lead_id == broken:
            raise ArithmeticError(found.held.lead_id)

    monkeypatch.setattr(sweeping, "warn", warn)
    at = NOW + timedelta(hours=2)
    sweep(database, book, _no_recycling, at, failed=lambda work, error: failures.append(str(error)))

    with database.read() as tx:
        again = due_for(tx, broken)[0]
        states = {row.lead_id: row.state for row in tx.execute(select(clocks.c.lead_id, clocks.c.state))}
    assert failures == [broken]
    assert states == {broken: "running", whole: "met"}
    assert (again.kind, again.due_at, again.payload) == ("warning", at + timedelta(minutes=2), {"failed": 1})


def test_what_is_done_is_done_at_the_time_when_its_lead_is_held(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that had to wait for another tells of nothing as if it were before what that one did."""
    book, times = playbook("Ana"), iter([NOW + timedelta(hours=2), DUE])
    lead_id = arrive(database, book, "ann").lead_id
    monkeypatch.setattr(sweeping, "database_time", lambda tx: next(times))

    sweep(database, book, _no_recycling)

    with database.read() as tx:
        at = {event.at for event in events_of(tx, lead_id) if event.kind == "sla.warning"}
    assert at == {DUE}


def test_the_backlog_is_what_is_due_and_not_done(database: Database) -> None:
    book = playbook("Ana")
    arrive(database, book, "ann")

    with database.read() as tx:
        assert backlog(tx, NOW) == (0, None)
        assert backlog(tx, DUE) == (3, NOW + timedelta(hours=2))


def test_the_database_says_what_time_it_is(database: Database) -> None:
    with database.read() as tx:
        at = database_time(tx)

    assert at.tzinfo is UTC
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)
