"""Leads that nobody could take wait in the queue until somebody can, on both databases."""

from datetime import UTC, datetime, timedelta

from rules.compile import Compiled
from store.absences import add_absence, end_absences
from store.assignments import Assignment, assignments_of
from store.clocks import clocks_of
from store.database import Database, Transaction
from store.events import events_of
from store.moves import contact, reassign
from store.sweep import sweep
from tests.builders import NOW
from tests.store.builders import arrive, due_for, playbook

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18.
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def swept(database: Database, book: Compiled, *times: datetime) -> None:
    """Does what is due at each of these times."""
    for at in times:
        while sweep(database, book, _no_recycling, at):
            pass


def _no_recycling(tx: Transaction, lead_id: str, now: datetime) -> None:
    raise AssertionError(lead_id)


def history(database: Database, lead_id: str) -> tuple[Assignment, ...]:
    """Who had a lead."""
    with database.read() as tx:
        return assignments_of(tx, lead_id)


def retries(database: Database, lead_id: str) -> list[datetime]:
    """When a lead is to be handed out again."""
    with database.read() as tx:
        return [work.due_at for work in due_for(tx, lead_id) if work.kind == "hand_out"]


def test_a_lead_waits_for_the_day_on_which_a_rep_has_room(database: Database) -> None:
    """Ana's Friday is full; on Monday she gets it, and her clock starts then. The wait is Leadline's own delay."""
    book = playbook("Ana, capacity: 1 per day")
    arrive(database, book, "ann")
    lead_id = arrive(database, book, "bob").lead_id

    swept(database, book, NOW, NOW + HOUR, NOW + 4 * HOUR)
    on_friday = [each.rep for each in history(database, lead_id)]
    swept(database, book, MONDAY)

    got = history(database, lead_id)[-1]
    assert (on_friday, got.rep, got.state) == ([None], "Ana", "assigned")
    assert (got.received_at, got.assigned_at) == (NOW, MONDAY)
    with database.read() as tx:
        assert [event.kind for event in events_of(tx, lead_id)] == [
            *("lead.scored", "manager.notified", "sla.warning", "sla.warning", "sla.breached", "manager.notified"),
            "lead.assigned",
        ]


def test_who_waits_longest_is_served_first(database: Database) -> None:
    """The other waits on, to be tried again."""
    book = playbook("Ana, capacity: 1 per day")
    leads = [arrive(database, book, name).lead_id for name in ("ann", "bob", "cem")]
    with database.begin() as tx:
        contact(tx, leads[0], "call", book, NOW)

    swept(database, book, NOW, MONDAY)

    assert [history(database, lead_id)[-1].rep for lead_id in leads] == ["Ana", "Ana", None]
    assert retries(database, leads[2]) == [MONDAY + HOUR]


def test_a_lead_goes_to_a_rep_who_is_back_earlier_than_planned(database: Database) -> None:
    """Within the hour."""
    book = playbook("Ana")
    with database.begin() as tx:
        add_absence(tx, "Ana", NOW, NOW + timedelta(days=30), NOW)
    lead_id = arrive(database, book, "ann").lead_id
    with database.begin() as tx:
        end_absences(tx, "Ana", NOW, None, NOW + HOUR / 2)

    swept(database, book, NOW + HOUR)

    assert history(database, lead_id)[-1].rep == "Ana"


def test_a_promise_that_ran_out_in_the_queue_is_broken_also_when_the_lead_is_handed_out_first(
    database: Database,
) -> None:
    """No worker lived from Friday to Monday, when the lead was to be tried again before its response was due.

    The manager hears of the breach as well.
    """
    book = playbook("Ana, capacity: 1 per day")
    arrive(database, book, "ann")
    lead_id = arrive(database, book, "bob").lead_id

    swept(database, book, MONDAY)

    with database.read() as tx:
        told = [event.kind for event in events_of(tx, lead_id)]
        notices = [event.payload["why"] for event in events_of(tx, lead_id) if event.kind == "manager.notified"]
        states = [clock.state for each in assignments_of(tx, lead_id) for clock in clocks_of(tx, each.id)]
    assert (states, told.count("sla.breached"), told[-1]) == (["breached", "running"], 1, "lead.assigned")
    assert notices == [
        "nobody can take this lead; it waits in the queue",
        "first response under SLA standard is overdue",
    ]


def test_nobody_is_waited_for_who_will_never_be_free(database: Database) -> None:
    """All had it: it is the manager's."""
    book = playbook("Ana")
    lead_id = arrive(database, book, "ann").lead_id
    with database.begin() as tx:
        reassign(tx, lead_id, book, NOW)

    assert history(database, lead_id)[-1].rep is None
    assert retries(database, lead_id) == []


def test_a_lead_waits_once_however_often_it_is_tried(database: Database) -> None:
    """And its manager is told once."""
    book = playbook("Ana, capacity: 1 per week")
    arrive(database, book, "ann")
    lead_id = arrive(database, book, "bob").lead_id

    with database.begin() as tx:
        reassign(tx, lead_id, book, NOW + HOUR / 2)
    swept(database, book, NOW + HOUR / 2)

    assert retries(database, lead_id) == [NOW + 1.5 * HOUR]
    with database.read() as tx:
        assert [event.kind for event in events_of(tx, lead_id)].count("manager.notified") == 1
