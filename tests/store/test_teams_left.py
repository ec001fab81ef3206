"""Teams that are taken out of the playbook while they still have leads, on both databases."""

from dataclasses import replace

import pytest

from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from store.database import Database
from store.events import events_of
from store.reps import teams_left
from tests.builders import NOW
from tests.store.builders import PLAYBOOK, arrive
from tests.store.floor import HOUR, Floor, floor

OTHER = """
  other:
    calendar: berlin
    manager: {{name: Nils, email: nils@seller.example}}
    reps: [{{name: Eve, email: eve@seller.example}}]
"""
REPS = "{name: Ana, email: ana@seller.example}, {name: Ben, email: ben@seller.example}"


def book(team: str, on_breach: str = "reassign, notify_manager") -> Compiled:
    """A playbook whose reps are in a team of this name, under Mara, beside a team under Nils."""
    text = (PLAYBOOK + OTHER.lstrip("\n")).replace("inbound", team).replace("reassign, notify_manager", on_breach)
    return compile_playbook(read_playbook(text.format(reps=REPS), number=2))


def told(lead: Floor) -> list[tuple[object, object]]:
    """Which managers were told of a lead, and why."""
    with lead.database.read() as tx:
        events = [event.payload for event in events_of(tx, lead.lead_id) if event.kind == "manager.notified"]
    return [(payload["manager"], payload["why"]) for payload in events]


def test_every_manager_hears_of_a_breach_in_a_team_that_is_gone(database: Database) -> None:
    """The lead goes on by the routes there are."""
    lead = replace(floor(database, "Ana", "Ben"), book=book("field"))

    lead.sweep(NOW + 4 * HOUR)

    assert [(each.team, each.rep) for each in lead.history] == [("inbound", "Ana"), ("field", "Ben")]
    why = "first response under SLA standard is overdue; Ben has the lead now; the playbook has no such team any more"
    assert told(lead) == [("Mara, Nils", why)]


@pytest.mark.parametrize(("team", "managers"), [("inbound", []), ("field", ["Mara, Nils"])])
def test_a_breach_that_its_sla_tells_no_manager_of_is_told_where_the_team_is_gone(
    database: Database, team: str, managers: list[str]
) -> None:
    lead_id = arrive(database, book("inbound", "reassign"), "ann").lead_id
    lead = Floor(database=database, book=book(team, "reassign"), lead_id=lead_id)

    lead.sweep(NOW + 4 * HOUR)

    assert [manager for manager, _ in told(lead)] == managers


def test_reassigning_hands_the_lead_of_a_team_that_is_gone_to_the_team_that_has_its_route(database: Database) -> None:
    lead = replace(floor(database, "Ana", "Ben"), book=book("field"))

    lead.do("reassign", NOW + HOUR)

    assert [(each.team, each.rep) for each in lead.history] == [("inbound", "Ana"), ("field", "Ben")]


def test_open_leads_of_a_team_that_is_not_in_a_playbook_are_counted_its_queue_included(database: Database) -> None:
    """Ana takes two a day; the third waits, and the first was won."""
    first = floor(database, "Ana, capacity: 2 per day")
    arrive(database, first.book, "bob")
    arrive(database, first.book, "cleo")
    first.do("win", NOW + HOUR)

    with database.read() as tx:
        found = [teams_left(tx, each.playbook) for each in (book("inbound"), book("field"))]

    assert found == [{}, {"inbound": 2}]
