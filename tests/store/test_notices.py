"""Who is told of what by e-mail, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from routing.decision import Promise
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from store.assignments import open_assignment
from store.database import Database
from store.events import Event, EventKind
from store.notices import notices
from tests.builders import NOW
from tests.store.builders import PLAYBOOK, arrive, playbook

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18; in Lisbon it is 12:00.
EVENING = NOW + timedelta(hours=8)
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
        ("lead.assigned", ASSIGNED | {"sla": {"name": "always"}}, EVENING, [("ana@seller.example", EVENING)]),
        ("lead.assigned", ASSIGNED | {"route": {"team": "inbound", "rep": "Eve"}}, NOW, []),
        ("lead.assigned", ASSIGNED | {"route": {"team": "gone", "rep": "Ana"}}, NOW, []),
        ("sla.warning", WARNED, EVENING, [("rui@seller.example", MONDAY_LISBON)]),
        ("sla.warning", WARNED | {"sla": "always"}, EVENING, [("rui@seller.example", EVENING)]),
        ("sla.warning", WARNED | {"rep": None}, NOW, [("mara@seller.example", NOW)]),
        ("manager.notified", {"team": "inbound"}, EVENING, [("mara@seller.example", MONDAY_BERLIN)]),
        ("sla.escalated", UP, NOW, [("vera@seller.example", NOW)]),
        ("digest.day", {"team": "inbound"}, NOW, [("mara@seller.example", NOW)]),
        ("campaign.announced", {"name": "Fair"}, EVENING, [("mara@seller.example", MONDAY_BERLIN)]),
        ("agreement.endangered", {"side": "sales"}, NOW, [("mara@seller.example", NOW)]),
        ("lead.scored", ASSIGNED, NOW, []),
        ("webhook.disabled", {}, NOW, []),
    ],
)
def test_who_is_told_and_when(
    database: Database, kind: EventKind, payload: dict[str, Any], now: datetime, expected: list[tuple[str, datetime]]
) -> None:
    assert told(database, kind, payload, now) == expected


def test_the_administrator_is_told_of_a_disabled_webhook_at_once(database: Database) -> None:
    assert told(database, "webhook.disabled", {}, EVENING, "root@seller.example") == [("root@seller.example", EVENING)]


def test_a_manager_hears_at_night_of_a_lead_whose_sla_counts_all_time(database: Database) -> None:
    book: Compiled = playbook("Ana")
    promise = Promise(name="always", respond_by=NOW, warn_at=())
    lead_id = arrive(database, book, "ann", sla=promise).lead_id
    with database.read() as tx:
        held = open_assignment(tx, lead_id)
    assert held is not None

    payload = {"team": "inbound", "assignment_id": held.id}

    assert told(database, "manager.notified", payload, EVENING) == [("mara@seller.example", EVENING)]
