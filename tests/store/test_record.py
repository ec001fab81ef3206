"""A decision and everything that follows from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from routing.decision import Promise
from rules.compile import Compiled
from store.assignments import assignments_of, open_assignment
from store.clocks import Clock, clock_of
from store.database import Database, Transaction
from store.due import Due
from store.events import events_of
from store.lead_json import lead_from_json
from store.leads import merge_lead
from store.listing import Filters, find_lead, list_leads
from store.record import Recorded, record
from store.tables import decisions, in_force, metadata
from tests.builders import NOW, lead
from tests.store.builders import arrive, decision, due_for, playbook, unqualified, write

LATER = NOW + timedelta(minutes=30)
# NOW is a Friday, 13:00 in Berlin: four working hours are over at 17:00.
RESPOND_BY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
WARN_AT = (datetime(2026, 3, 6, 14, 0, tzinfo=UTC), datetime(2026, 3, 6, 15, 0, tzinfo=UTC))


def test_a_qualified_lead_is_in_a_reps_hands(database: Database) -> None:
    """The answer names the rep and the promise, and the list shows who has the lead."""
    recorded = arrive(database, playbook("Ana"), "ann")

    assert recorded.decision.route is not None
    assert (recorded.decision.route.team, recorded.decision.route.rep) == ("inbound", "Ana")
    assert recorded.decision.sla == Promise(name="standard", respond_by=RESPOND_BY, warn_at=WARN_AT)
    with database.read() as tx:
        kept = find_lead(tx, recorded.lead_id)
        listed = list_leads(tx, limit=9, filters=Filters(rep="Ana", team="inbound", grade="A", qualified=True))
    assert kept is not None
    assert (kept.state, kept.team, kept.rep) == ("assigned", "inbound", "Ana")
    assert listed.leads == (kept,)


def test_the_document_is_the_decision_as_callers_see_it(database: Database) -> None:
    """Under its own id and the lead's, the same when read again."""
    recorded = arrive(database, playbook("Ana"), "ann")

    assert (recorded.document["id"], recorded.document["lead_id"]) == (recorded.decision_id, recorded.lead_id)
    assert recorded.document["route"]["rep"] == "Ana"
    with database.read() as tx:
        kept = find_lead(tx, recorded.lead_id)
    assert kept is not None
    assert kept.decision == recorded.document


def test_a_decision_keeps_the_person_as_known_when_it_was_made(database: Database) -> None:
    """What came to be known later does not change what an old decision was made from."""
    compiled = playbook("Ana")
    with database.begin() as tx:
        first = write(tx, compiled, lead(title="Buyer"))
        write(tx, compiled, lead(title="CTO"), LATER)

    with database.read() as tx:
        kept = tx.execute(select(decisions.c.lead).where(decisions.c.id == first.decision_id)).scalar_one()

    assert lead_from_json(kept) == lead(title="Buyer")


def test_an_assignment_says_when_and_why(database: Database) -> None:
    """And which decision it came from."""
    recorded = arrive(database, playbook("Ana", "Ben"), "ann")

    with database.read() as tx:
        (assignment,) = assignments_of(tx, recorded.lead_id)

    assert (assignment.decision_id, assignment.route, assignment.rep) == (recorded.decision_id, "everyone", "Ana")
    assert (assignment.received_at, assignment.assigned_at, assignment.ended_at) == (NOW, NOW, None)
    assert recorded.decision.route is not None
    assert assignment.why["text"] == recorded.decision.route.why
    assert [candidate["rep"] for candidate in assignment.why["candidates"]] == ["Ana", "Ben"]


def test_the_clock_starts_with_its_warnings_and_its_breach(database: Database) -> None:
    """As work that falls due, kept with the lead."""
    recorded = arrive(database, playbook("Ana"), "ann")

    clock = running(database, recorded)

    assert (clock.sla, clock.state, clock.started_at, clock.due_at) == ("standard", "running", NOW, RESPOND_BY)
    assert clock.warn_at == WARN_AT
    assert clock.calendar is not None
    assert clock.calendar["timezone"] == "Europe/Berlin"
    about = {"lead_id": recorded.lead_id, "reference": clock.id}
    with database.read() as tx:
        assert due_for(tx, recorded.lead_id) == (
            Due(kind="warning", due_at=WARN_AT[0], payload={}, **about),
            Due(kind="warning", due_at=WARN_AT[1], payload={}, **about),
            Due(kind="breach", due_at=RESPOND_BY, payload={"on_breach": ["reassign", "notify_manager"]}, **about),
        )


def test_the_clock_counts_in_the_reps_own_calendar(database: Database) -> None:
    """Late on a Friday it runs out on Monday, in Lisbon an hour later than in Berlin."""
    evening = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    sla = Promise(name="standard", respond_by=evening, warn_at=())

    recorded = arrive(database, playbook("Ana, calendar: lisbon"), "ann", evening, sla=sla)

    clock = running(database, recorded)
    assert clock.calendar is not None
    assert clock.calendar["name"] == "lisbon"
    assert clock.due_at == datetime(2026, 3, 9, 11, 30, tzinfo=UTC)


def test_a_clock_that_always_runs_has_no_calendar(database: Database) -> None:
    """Four hours are four hours."""
    sla = Promise(name="always", respond_by=NOW, warn_at=())

    clock = running(database, arrive(database, playbook("Ana"), "ann", sla=sla))

    assert (clock.calendar, clock.due_at) == (None, NOW + timedelta(hours=4))


def test_the_outside_is_told_in_order_with_the_decision(database: Database) -> None:
    """First the score, then who got the lead."""
    recorded = arrive(database, playbook("Ana"), "ann")

    with database.read() as tx:
        events = events_of(tx, recorded.lead_id)

    assert [(event.kind, event.at, event.due_at) for event in events] == [
        ("lead.scored", NOW, NOW),
        ("lead.assigned", NOW, NOW),
    ]
    assert [event.payload for event in events] == [recorded.document, recorded.document]


@pytest.mark.parametrize(
    "stays",
    [unqualified(), replace(unqualified(), score=80.0, grade="A", disqualified="competitor")],
    ids=["unqualified", "disqualified"],
)
def test_any_other_lead_stays_with_marketing(database: Database, stays: object) -> None:
    """Nobody is assigned and no clock starts."""
    with database.begin() as tx:
        recorded = record(tx, merge_lead(tx, lead(), NOW), stays, playbook("Ana"), NOW)  # type: ignore[arg-type]

    with database.read() as tx:
        kept = find_lead(tx, recorded.lead_id)
        assert (assignments_of(tx, recorded.lead_id), due_for(tx, recorded.lead_id)) == ((), ())
        assert [event.kind for event in events_of(tx, recorded.lead_id)] == ["lead.scored"]
    assert kept is not None
    assert (kept.state, kept.rep) == ("nurture", None)


def test_a_lead_comes_to_sales_once_its_score_crosses_the_threshold(database: Database) -> None:
    """The state follows the latest decision."""
    compiled = playbook("Ana")
    with database.begin() as tx:
        record(tx, merge_lead(tx, lead(), NOW), unqualified(), compiled, NOW)

    with database.begin() as tx:
        recorded = write(tx, compiled, lead(), LATER)

    with database.read() as tx:
        kept = find_lead(tx, recorded.lead_id)
    assert kept is not None
    assert (kept.state, kept.rep, kept.updated_at) == ("assigned", "Ana", LATER)


@pytest.mark.parametrize("again", [decision(LATER), unqualified(LATER)], ids=["qualified", "unqualified"])
def test_a_lead_that_someone_has_stays_there(database: Database, again: object) -> None:
    """Whatever the new decision; its clock runs on, and nobody is told of an assignment again."""
    compiled = playbook("Ana", "Ben")
    first = arrive(database, compiled, "ann")
    with database.begin() as tx:
        known = merge_lead(tx, lead(email="ann@ann.example"), LATER)
        second = record(tx, known, again, compiled, LATER)  # type: ignore[arg-type]

    assert second.decision.route is not None
    assert second.decision.route.rep == "Ana"
    assert second.decision.route.why == "Ana has had this lead since 2026-03-06 13:00 CET"
    assert second.decision.sla == first.decision.sla
    with database.read() as tx:
        kept = find_lead(tx, first.lead_id)
        assert len(assignments_of(tx, first.lead_id)) == 1
        assert [event.kind for event in events_of(tx, first.lead_id)] == ["lead.scored", "lead.assigned", "lead.scored"]
    assert kept is not None
    assert (kept.state, kept.decision) == ("assigned", second.document)


def test_a_lead_that_nobody_can_take_waits_in_the_queue(database: Database) -> None:
    """Its clock runs and the manager is told at once; it is never lost."""
    compiled = playbook("Ana, capacity: 1 per day")
    arrive(database, compiled, "ann")

    recorded = arrive(database, compiled, "bob")

    with database.read() as tx:
        held = open_assignment(tx, recorded.lead_id)
        kept = find_lead(tx, recorded.lead_id)
        due = due_for(tx, recorded.lead_id)
        events = [event.kind for event in events_of(tx, recorded.lead_id)]
    assert held is not None
    assert (held.team, held.rep, held.state) == ("inbound", None, "queued")
    assert kept is not None
    assert (kept.state, kept.team, kept.rep) == ("queued", "inbound", None)
    assert due[0] == Due(kind="notify_manager", due_at=NOW, lead_id=recorded.lead_id, reference=held.id, payload={})
    assert [work.kind for work in due[1:]] == ["hand_out", "warning", "warning", "breach"]
    assert events == ["lead.scored"]


def test_a_waiting_lead_is_still_waiting_when_it_writes_again(database: Database) -> None:
    """The answer says that nobody has it yet."""
    compiled = playbook("Ana, capacity: 1 per day")
    arrive(database, compiled, "ann")
    arrive(database, compiled, "bob")

    again = arrive(database, compiled, "bob", LATER)

    assert again.decision.route is not None
    assert again.decision.route.rep is None
    assert again.decision.route.why == "the queue has had this lead since 2026-03-06 13:00 CET"


@pytest.mark.parametrize("later", [LATER, NOW + timedelta(days=40)], ids=["today", "when no counts of the month exist"])
def test_whoever_has_the_account_gets_its_next_lead(database: Database, later: datetime) -> None:
    """Though it would be another's turn."""
    compiled = playbook("Ana", "Ben")
    arrive(database, compiled, "ann")

    with database.begin() as tx:
        colleague = write(tx, compiled, lead(email="colleague@ann.example"), later)
        stranger = write(tx, compiled, lead(email="bob@bob.example"), later)

    assert [rep_of(colleague), rep_of(stranger)] == ["Ana", "Ben"]


def test_a_free_mail_domain_is_no_account(database: Database) -> None:
    """Everyone with such an address takes turns."""
    compiled = playbook("Ana", "Ben")

    with database.begin() as tx:
        got = [rep_of(write(tx, compiled, lead(email=f"{name}@gmail.com"))) for name in ("one", "two", "three")]

    assert got == ["Ana", "Ben", "Ana"]


def test_a_lead_has_one_open_assignment_at_most(database: Database) -> None:
    """The database itself refuses a second one."""
    recorded = arrive(database, playbook("Ana"), "ann")
    with database.read() as tx:
        (assignment,) = assignments_of(tx, recorded.lead_id)

    with pytest.raises(IntegrityError), database.begin() as tx:
        tx.execute(insert(metadata.tables["assignments"]).values({**slots(assignment), "id": "another"}))


def test_what_fails_after_recording_leaves_nothing_behind(database: Database) -> None:
    """Not a row in any table."""
    compiled = playbook("Ana")

    with pytest.raises(IntegrityError), database.begin() as tx:
        write_and_fail(tx, compiled)

    assert rows(database) == {"in_force": 1}
    assert rep_of(arrive(database, compiled, "ann")) == "Ana"


def write_and_fail(tx: Transaction, compiled: Compiled) -> None:
    """Takes a lead in and then breaks a rule of the database."""
    write(tx, compiled, lead())
    tx.execute(insert(in_force).values(id=2, revision=0))


def running(database: Database, recorded: Recorded) -> Clock:
    """Returns the clock of the lead's open assignment."""
    with database.read() as tx:
        held = open_assignment(tx, recorded.lead_id)
        assert held is not None
        clock = clock_of(tx, held.id)
    assert clock is not None
    return clock


def rep_of(recorded: Recorded) -> str | None:
    """Returns who has the lead."""
    return None if recorded.decision.route is None else recorded.decision.route.rep


def rows(database: Database) -> dict[str, int]:
    """Returns how many rows each table that is not empty has."""
    with database.read() as tx:
        counts = {
            name: tx.execute(select(func.count()).select_from(t)).scalar_one() for name, t in metadata.tables.items()
        }
    return {name: count for name, count in counts.items() if count}


def slots(value: object) -> dict[str, object]:
    """Returns the fields of a value by name."""
    return {name: getattr(value, name) for name in type(value).__slots__}  # type: ignore[attr-defined]
