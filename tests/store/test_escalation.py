"""Up the chain, on both databases: Vera hears of a breach an hour after the manager, Otto a working day after her."""

import pytest

from store.database import Database
from tests.builders import NOW
from tests.store.floor import HOUR, MINUTE, MONDAY, floor


def test_up_the_chain_each_is_told_after_their_span(database: Database) -> None:
    """Vera an hour after the breach, Otto a working day after her; whoever has the lead by then."""
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("accept", NOW)
    told = []
    for at in (NOW + HOUR, NOW + 2 * HOUR, MONDAY, MONDAY + 6 * HOUR, MONDAY + 50 * HOUR):
        lead.sweep(at)
        told.append([who for kind, who in lead.alarms if kind == "sla.escalated"])

    assert told == [[], ["Vera"], ["Vera"], ["Vera", "Otto"], ["Vera", "Otto"]]


def test_one_climb_is_enough_for_one_promise(database: Database) -> None:
    """Ana breaks it, then Ben; the manager hears of both, Vera once."""
    lead = floor(database, "Ana", "Ben", sla="hot")

    for quarter in range(1, 8):
        lead.sweep(NOW + quarter * 15 * MINUTE)

    assert lead.reps == ["Ana", "Ben", None]
    assert [who for kind, who in lead.alarms if kind == "sla.escalated"] == ["Vera"]


def test_what_breaks_together_begins_one_climb(database: Database) -> None:
    """Acceptance and response have both run out when a worker comes to them."""
    lead = floor(database, "Ana", "Ben", sla="hot")

    lead.sweep(NOW + 2 * HOUR)
    lead.sweep(NOW + 3 * HOUR)

    assert [who for kind, who in lead.alarms if kind == "sla.escalated"] == ["Vera"]


@pytest.mark.parametrize("step", ["contact", "win", "reject for now"])
def test_the_climb_is_over_once_somebody_acts(database: Database, step: str) -> None:
    """Or the lead is given back."""
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("accept", NOW)
    lead.sweep(NOW + HOUR)
    lead.do(step, NOW + HOUR + MINUTE)

    lead.sweep(MONDAY + 50 * HOUR)

    assert "sla.escalated" not in dict(lead.alarms)


def test_the_climb_waits_while_the_lead_is_held(database: Database) -> None:
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("accept", NOW)
    lead.sweep(NOW + HOUR)
    lead.do("hold", NOW + HOUR)
    lead.sweep(NOW + 2 * HOUR)
    while_held = lead.alarms

    lead.do("resume", NOW + 2 * HOUR)
    lead.sweep(NOW + 3 * HOUR)

    assert "sla.escalated" not in dict(while_held)
    assert ("sla.escalated", "Vera") in lead.alarms


def test_a_late_answer_before_any_sweep_begins_no_climb_that_goes_on(database: Database) -> None:
    """The breach is told, once; the lead stays with who answered."""
    lead = floor(database, "Ana", "Ben", sla="hot")

    lead.do("contact", NOW + 2 * HOUR)
    lead.sweep(MONDAY + 5 * HOUR)

    assert (lead.reps, lead.alarms) == (
        ["Ana"],
        [("sla.breached", "acceptance"), ("sla.breached", "first_response"), ("manager.notified", "Mara")],
    )
