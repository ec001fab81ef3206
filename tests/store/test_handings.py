"""Leads handed to sales, read for reports."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from routing.decision import Promise
from routing.handing import Handing
from rules.compile import Compiled
from rules.playbook import ListedReason
from store import moves
from store.database import Database, Transaction
from store.handings import handings
from store.leads import known_lead
from store.record import record
from store.sweep import sweep
from tests.builders import NOW, lead
from tests.store.builders import arrive, decision, playbook, unqualified, write

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18; a first response is due in four working hours.
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
WRONG = ListedReason(name="wrong contact data")

Step = Callable[[Transaction, str, Compiled, datetime], None]


def contact(tx: Transaction, lead_id: str, book: Compiled, now: datetime) -> None:
    """Calls the lead."""
    moves.contact(tx, lead_id, "call", book, now)


def reject(tx: Transaction, lead_id: str, book: Compiled, now: datetime) -> None:
    """Gives the lead up."""
    moves.reject(tx, lead_id, WRONG, book, now)


def win(tx: Transaction, lead_id: str, book: Compiled, now: datetime) -> None:
    """Sells."""
    moves.win(tx, lead_id, 1200.0, book, now)


def read(database: Database, since: datetime = NOW - DAY, until: datetime = NOW + DAY) -> tuple[Handing, ...]:
    """What was handed to sales."""
    with database.read() as tx:
        return handings(tx, since, until, {})


def worked(database: Database, *steps: tuple[Step, datetime]) -> Handing:
    """A lead that Ana got first, Ben next, after these steps."""
    book = playbook("Ana", "Ben")
    lead_id = arrive(database, book, "ann").lead_id
    for step, at in steps:
        with database.begin() as tx:
            step(tx, lead_id, book, at)
    (found,) = read(database)
    return found


def test_a_lead_that_was_just_handed_over_is_open(database: Database) -> None:
    found = worked(database)

    assert (found.team, found.rep, found.sla, found.handed_at) == ("inbound", "Ana", "standard", NOW)
    assert (found.duties, found.response, found.outcome) == ({"respond": "open"}, None, None)


def test_facts_are_those_of_the_decision(database: Database) -> None:
    found = worked(database)

    assert [found.told(name) for name in ("country", "grade", "score", "tags", "source")] == [
        "DE",
        "A",
        "80.0",
        "('hot',)",
        None,
    ]


def test_an_answer_in_time_is_kept_and_measured(database: Database) -> None:
    found = worked(database, (contact, NOW + 2 * HOUR), (win, NOW + 3 * HOUR))

    assert (found.duties, found.response, found.waited) == ({"respond": "kept"}, 2 * HOUR, 2 * HOUR)
    assert (found.outcome, found.amount, found.ended_at) == ("won", 1200.0, NOW + 3 * HOUR)


def test_a_late_answer_is_broken_and_measured_in_working_time(database: Database) -> None:
    """Five hours on Friday, two on Monday; by the clock on the wall sixty-seven."""
    found = worked(database, (contact, NOW + 2 * DAY + 22 * HOUR))

    assert (found.duties, found.late_reps) == ({"respond": "broken"}, {"respond": "Ana"})
    assert (found.response, found.waited) == (7 * HOUR, 2 * DAY + 22 * HOUR)


def test_a_lead_that_was_passed_on_is_measured_from_who_had_it_first(database: Database) -> None:
    """Ana five hours on Friday and one on Monday, Ben two: working time adds up, as all time does."""
    found = worked(database, (moves.reassign, MONDAY + HOUR), (contact, MONDAY + 3 * HOUR))

    assert (found.response, found.waited, found.rep) == (8 * HOUR, MONDAY + 3 * HOUR - NOW, "Ben")


def test_while_the_first_rep_held_the_lead_back_no_working_time_counts(database: Database) -> None:
    steps = ((moves.hold_back, NOW), (moves.resume_lead, NOW + HOUR), (moves.reassign, NOW + 2 * HOUR))

    found = worked(database, *steps, (contact, NOW + 3 * HOUR))

    assert (found.response, found.waited) == (2 * HOUR, 3 * HOUR)


@pytest.mark.parametrize("passes_on", [moves.reassign, reject])
def test_working_time_leaves_out_a_hold_that_ended_as_the_lead_was_passed_on(
    database: Database, passes_on: Step
) -> None:
    """Ana worked an hour on Friday and held the lead from then until Monday, 10:00; Ben called an hour later."""
    steps = ((moves.hold_back, NOW + HOUR), (passes_on, MONDAY + HOUR), (contact, MONDAY + 2 * HOUR))

    found = worked(database, *steps)

    assert (found.response, found.waited, found.rep) == (2 * HOUR, MONDAY + 2 * HOUR - NOW, "Ben")


def test_of_a_hold_only_what_was_before_the_lead_was_given_up_is_left_out(database: Database) -> None:
    """Ana worked an hour, held the lead for another, and had given it up half way through, as she tells later."""

    def tell_late(tx: Transaction, lead_id: str, book: Compiled, now: datetime) -> None:
        moves.reject(tx, lead_id, WRONG, book, now, at=NOW + 1.5 * HOUR)

    steps = ((moves.hold_back, NOW + HOUR), (moves.resume_lead, NOW + 2 * HOUR), (tell_late, NOW + 3 * HOUR))

    found = worked(database, *steps, (contact, NOW + 4 * HOUR))

    assert (found.response, found.rep) == (2 * HOUR, "Ben")


def test_the_queue_is_the_systems_own_delay(database: Database) -> None:
    """Ana has room on Monday, and calls after an hour."""
    book = playbook("Ana, capacity: 1 per day")
    arrive(database, book, "ann")
    lead_id = arrive(database, book, "bob").lead_id
    while sweep(database, book, lambda tx, lead_id, at: None, MONDAY):
        pass
    with database.begin() as tx:
        contact(tx, lead_id, book, MONDAY + HOUR)

    found = next(one for one in read(database) if one.lead_id == lead_id)

    assert (found.handed_at, found.assigned_at) == (NOW, MONDAY)
    assert (found.response, found.waited) == (HOUR, HOUR)


def test_a_promise_broken_by_one_rep_stays_broken_when_the_next_keeps_theirs(database: Database) -> None:
    found = worked(
        database, (moves.accept, NOW + 6 * HOUR), (moves.reassign, NOW + 6 * HOUR), (contact, NOW + 7 * HOUR)
    )

    assert (found.duties, found.answers_for("respond"), found.rep) == ({"respond": "broken"}, "Ana", "Ben")


def test_for_what_broke_in_the_queue_answers_who_first_let_a_promise_lapse(database: Database) -> None:
    """Ana and Ben each let a quarter of an hour pass without accepting, so nobody had the lead when it was late."""
    book = playbook("Ana", "Ben")
    hot = Promise(name="hot", respond_by=NOW + HOUR, warn_at=())
    with database.begin() as tx:
        write(tx, book, lead(email="ann@a.example"), sla=hot)
    for minutes in (15, 30, 90):
        sweep(database, book, lambda tx, lead_id, at: None, NOW + timedelta(minutes=minutes))
    (found,) = read(database)

    assert (found.duties["respond"], found.rep) == ("broken", None)
    assert found.answers_for("respond") == "Ana"


def test_a_promise_that_was_withdrawn_counts_neither_way(database: Database) -> None:
    found = worked(database, (reject, NOW + HOUR), (reject, NOW + HOUR))

    assert (found.duties, found.outcome, found.reason) == ({}, "rejected", "wrong contact data")


def test_a_lead_that_was_reassigned_is_one(database: Database) -> None:
    found = worked(database, (moves.reassign, NOW + HOUR))

    assert (found.handed_at, found.rep, found.duties) == (NOW, "Ben", {"respond": "open"})


def test_only_decisions_that_handed_a_lead_over_count(database: Database) -> None:
    """Neither one about a lead that somebody has, nor one that leaves a lead with marketing."""
    book = playbook("Ana")
    lead_id = arrive(database, book, "ann").lead_id
    arrive(database, book, "bob", qualified=False, route=None, sla=None)
    with database.begin() as tx:
        for decided in (unqualified(NOW + HOUR), decision(NOW + HOUR)):
            known = known_lead(tx, lead_id, NOW + HOUR)
            assert known is not None
            record(tx, known, decided, book, NOW + HOUR)

    assert [one.lead_id for one in read(database)] == [lead_id]


@pytest.mark.parametrize(("since", "until", "count"), [(NOW, NOW + HOUR, 1), (NOW - HOUR, NOW, 0)])
def test_a_period_holds_its_start_and_not_its_end(
    database: Database, since: datetime, until: datetime, count: int
) -> None:
    arrive(database, playbook("Ana"), "ann")

    assert len(read(database, since, until)) == count
