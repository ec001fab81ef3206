"""Who is told of what by e-mail, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from routing.decision import Promise
from rules.compile import Compiled, compile_playbook
from rules.playbook import Person
from rules.read import read_playbook
from store.assignments import open_assignment
from store.database import Database
from store.events import Event, EventKind
from store.moves import contact, reassign, win
from store.notices import no_longer_true, notices
from tests.builders import NOW
from tests.store.builders import PLAYBOOK, arrive, playbook

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18; in Lisbon it is 12:00.
EVENING = NOW + timedelta(hours=8)
# Fridays at 21:00 in Berlin, before the nights in which clocks go forward and back: 60 hours on the wall before Monday.
BEFORE_SUMMER = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
BEFORE_WINTER = datetime(2026, 10, 23, 19, 0, tzinfo=UTC)
MONDAY_BERLIN = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
MONDAY_LISBON = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
BOOK = compile_playbook(
    read_playbook(
        PLAYBOOK.format(
            reps="{name: Ana, email: ana@seller.example}, {name: Rui, email: rui@seller.example, calendar: lisbon}"
        ),
        number=1,
    )
)
ASSIGNED: dict[str, Any] = {"route": {"team": "inbound", "rep": "Ana"}, "sla": {"name": "standard"}}
WARNED: dict[str, Any] = {"team": "inbound", "rep": "Rui", "sla": "standard", "assignment_id": "none"}
# Who hears of a campaign: the manager, and each rep by the clocks of their own calendar.
SALES = [
    ("mara@seller.example", MONDAY_BERLIN),
    ("ana@seller.example", MONDAY_BERLIN),
    ("rui@seller.example", MONDAY_LISBON),
]
UP: dict[str, Any] = {"team": "inbound", "person": "Vera", "email": "vera@seller.example", "sla": "standard"}


def told(
    database: Database, kind: EventKind, payload: dict[str, Any], now: datetime, admin: str | None = None
) -> list[tuple[str, datetime]]:
    """Who is told of an event, and when."""
    event = Event(id="e", kind=kind, lead_id=None, at=now, due_at=now, payload=payload)
    with database.read() as tx:
        return [(each.target, each.due_at) for each in notices(tx, event, BOOK.playbook, now, admin=admin)]


@pytest.mark.parametrize(
    ("kind", "payload", "now", "expected"),
    [
        ("lead.assigned", ASSIGNED, NOW, [("ana@seller.example", NOW)]),
        ("lead.assigned", ASSIGNED, EVENING, [("ana@seller.example", MONDAY_BERLIN)]),
        ("lead.assigned", ASSIGNED, BEFORE_SUMMER, [("ana@seller.example", BEFORE_SUMMER + timedelta(hours=59))]),
        ("lead.assigned", ASSIGNED, BEFORE_WINTER, [("ana@seller.example", BEFORE_WINTER + timedelta(hours=61))]),
        ("lead.assigned", ASSIGNED | {"sla": {"name": "always"}}, EVENING, [("ana@seller.example", EVENING)]),
        ("lead.assigned", ASSIGNED | {"route": {"team": "inbound", "rep": "Eve"}}, NOW, []),
        ("lead.assigned", ASSIGNED | {"route": {"team": "gone", "rep": "Ana"}}, NOW, []),
        ("sla.warning", WARNED, EVENING, [("rui@seller.example", MONDAY_LISBON)]),
        ("sla.warning", WARNED | {"sla": "always"}, EVENING, [("rui@seller.example", EVENING)]),
        ("sla.warning", WARNED | {"rep": None}, NOW, [("mara@seller.example", NOW)]),
        ("sla.breached", WARNED, EVENING, [("rui@seller.example", MONDAY_LISBON)]),
        ("sla.breached", WARNED | {"rep": None}, NOW, []),
        ("sla.corrected", WARNED, EVENING, [("rui@seller.example", MONDAY_LISBON)]),
        ("manager.notified", {"team": "inbound"}, EVENING, [("mara@seller.example", MONDAY_BERLIN)]),
        ("manager.notified", {"team": "gone"}, EVENING, [("mara@seller.example", MONDAY_BERLIN)]),
        ("sla.escalated", UP, NOW, [("vera@seller.example", NOW)]),
        ("digest.day", {"team": "inbound"}, NOW, [("mara@seller.example", NOW)]),
        ("campaign.announced", {"name": "Fair"}, EVENING, SALES),
        ("agreement.endangered", {"side": "sales"}, NOW, [("mara@seller.example", NOW)]),
        ("lead.scored", ASSIGNED, NOW, []),
        ("webhook.disabled", {}, NOW, []),
    ],
)
def test_who_is_told_and_when(
    database: Database, kind: EventKind, payload: dict[str, Any], now: datetime, expected: list[tuple[str, datetime]]
) -> None:
    assert told(database, kind, payload, now) == expected


@pytest.mark.parametrize("kind", ["webhook.disabled", "mail.failed"])
def test_the_administrator_is_told_at_once_of_what_does_not_arrive(database: Database, kind: EventKind) -> None:
    assert told(database, kind, {}, EVENING, "root@seller.example") == [("root@seller.example", EVENING)]


def test_a_manager_of_several_teams_is_told_once_when_the_first_of_them_is_at_work(database: Database) -> None:
    berlin = BOOK.playbook.teams["inbound"]
    assert berlin.manager is not None
    lisbon = replace(berlin, calendar="lisbon", manager=replace(berlin.manager, email="Mara@seller.example"))
    book = replace(BOOK.playbook, teams={"inbound": berlin, "lisbon": lisbon})
    event = Event(id="e", kind="agreement.endangered", lead_id=None, at=EVENING, due_at=EVENING, payload={})

    with database.read() as tx:
        found = notices(tx, event, book, EVENING, admin=None)

    assert [(each.target, each.due_at) for each in found] == [("mara@seller.example", MONDAY_BERLIN)]


def test_whoever_is_rep_of_two_teams_or_rep_and_manager_hears_of_a_campaign_once(database: Database) -> None:
    """Ana's second team works in Lisbon; Rui, who does too, also manages a team in Berlin, which opens first."""
    berlin = BOOK.playbook.teams["inbound"]
    ana = replace(berlin.reps[0], email="ANA@seller.example")
    lisbon = replace(berlin, calendar="lisbon", manager=None, reps=(ana,))
    own = replace(berlin, manager=Person(name="Rui", email="rui@seller.example"))
    book = replace(BOOK.playbook, teams={"lisbon": lisbon, "inbound": own})
    event = Event(id="e", kind="campaign.announced", lead_id=None, at=EVENING, due_at=EVENING, payload={})

    with database.read() as tx:
        found = notices(tx, event, book, EVENING, admin=None)

    assert [(each.target, each.due_at) for each in found] == [
        ("rui@seller.example", MONDAY_BERLIN),
        ("ana@seller.example", MONDAY_BERLIN),
    ]


def assigned(lead_id: str, rep: str) -> Event:
    """A lead's assignment to a rep, to be told."""
    payload = {"route": {"team": "inbound", "rep": rep}}
    return Event(id="e", kind="lead.assigned", lead_id=lead_id, at=NOW, due_at=NOW, payload=payload)


def test_what_is_no_longer_true_is_not_told(database: Database) -> None:
    book = playbook("Ana", "Ben")
    lead_id = arrive(database, book, "ann").lead_id
    with database.begin() as tx:
        before = no_longer_true(tx, assigned(lead_id, "Ana"))
        reassign(tx, lead_id, book, NOW)
        after = [no_longer_true(tx, assigned(lead_id, rep)) for rep in ("Ana", "Ben")]
        win(tx, lead_id, None, book, NOW)
        at_last = no_longer_true(tx, assigned(lead_id, "Ben"))

    assert (before, after) == (None, ["Ana no longer has the lead", None])
    assert at_last == "Ben no longer has the lead"


def test_a_rep_is_not_warned_of_what_is_done(database: Database) -> None:
    book = playbook("Ana")
    lead_id = arrive(database, book, "ann").lead_id
    payload = {"team": "inbound", "rep": "Ana", "clock": "first_response"}
    warning = Event(id="e", kind="sla.warning", lead_id=lead_id, at=NOW, due_at=NOW, payload=payload)

    with database.begin() as tx:
        before = no_longer_true(tx, warning)
        contact(tx, lead_id, "call", book, NOW)
        assert (before, no_longer_true(tx, warning)) == (None, "it is done")


def test_a_manager_hears_at_night_of_a_lead_whose_sla_counts_all_time(database: Database) -> None:
    book: Compiled = playbook("Ana")
    promise = Promise(name="always", respond_by=NOW, warn_at=())
    lead_id = arrive(database, book, "ann", sla=promise).lead_id
    with database.read() as tx:
        held = open_assignment(tx, lead_id)
    assert held is not None

    payloads = [{"team": team, "assignment_id": held.id} for team in ("inbound", "gone")]

    found = [told(database, "manager.notified", payload, EVENING) for payload in payloads]

    assert found == [[("mara@seller.example", EVENING)]] * 2
