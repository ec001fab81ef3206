"""Clocks as they are met, paused and measured, on both databases.

A first response is due in four working hours: SLA `standard`.
"""

import pytest

from store.database import Database
from tests.builders import NOW
from tests.store.builders import due_for
from tests.store.floor import HOUR, MONDAY, floor


def test_the_first_contact_meets_the_clock(database: Database) -> None:
    """And nothing of it falls due any more; the next contacts change nothing."""
    lead = floor(database, "Ana")

    lead.do("contact", NOW + HOUR)
    lead.do("contact", NOW + 2 * HOUR)

    assert (lead.clock.state, lead.clock.ended_at, lead.clock.elapsed_seconds) == ("met", NOW + HOUR, 3600.0)
    with database.read() as tx:
        assert due_for(tx, lead.lead_id) == ()
    assert lead.held is not None
    assert (lead.held.accepted_at, lead.held.contacted_at) == (NOW + HOUR, NOW + HOUR)


def test_a_late_first_contact_is_measured_in_working_time(database: Database) -> None:
    """Five hours on Friday and one on Monday; the breach is told once, though no worker came by."""
    lead = floor(database, "Ana")

    lead.do("contact", MONDAY + HOUR)

    clock = lead.clock
    assert (clock.state, clock.breached_at, clock.elapsed_seconds) == ("breached", MONDAY + HOUR, 6 * 3600.0)
    assert lead.told == ["sla.breached", "manager.notified"]
    assert lead.state == "contacted"


def test_a_pause_moves_deadline_and_warnings_by_the_working_time_paused(database: Database) -> None:
    """Held on Friday at 15:30, after the first warning's time, until Monday 10:00: three and a half working hours."""
    lead = floor(database, "Ana")
    lead.do("hold", NOW + 2.5 * HOUR)
    with database.read() as tx:
        while_held = due_for(tx, lead.lead_id)

    lead.do("resume", MONDAY + HOUR)

    clock = lead.clock
    assert while_held == ()
    assert (clock.state, clock.paused_seconds, clock.due_at) == ("running", 3.5 * 3600, MONDAY + 2.5 * HOUR)
    assert clock.warn_at == (NOW + 2 * HOUR, MONDAY + 1.5 * HOUR)
    with database.read() as tx:
        assert [(work.kind, work.due_at) for work in due_for(tx, lead.lead_id)] == [
            ("warning", MONDAY + 1.5 * HOUR),
            ("breach", MONDAY + 2.5 * HOUR),
        ]


def test_pauses_do_not_count_as_time_taken(database: Database) -> None:
    """Half an hour before, an hour of pause that ends with the contact itself."""
    lead = floor(database, "Ana")
    lead.do("hold", NOW + 0.5 * HOUR)

    lead.do("contact", NOW + 1.5 * HOUR)

    assert (lead.clock.state, lead.clock.elapsed_seconds) == ("met", 1800.0)


@pytest.mark.parametrize("step", ["reassign", "reject", "win", "lose for now"])
def test_a_clock_that_ends_while_it_is_paused_keeps_the_pause(database: Database, step: str) -> None:
    """Held on Friday at 15:30 until Monday 10:00: three and a half working hours."""
    lead = floor(database, "Ana", "Ben")
    lead.do("hold", NOW + 2.5 * HOUR)

    lead.do(step, MONDAY + HOUR)

    clock = lead.clocks_of(0)["first_response"]
    assert (clock.state, clock.paused_at, clock.paused_seconds) == ("stopped", None, 3.5 * 3600)


def test_a_call_during_a_hold_that_is_told_after_the_lead_went_on_is_measured_without_it(database: Database) -> None:
    """Ana held the lead after an hour and called half an hour later."""
    lead = floor(database, "Ana", "Ben")
    lead.do("hold", NOW + HOUR)
    lead.do("reassign", NOW + 2 * HOUR)

    lead.do("contact", NOW + 3 * HOUR, done_at=NOW + 1.5 * HOUR)

    clock = lead.clocks_of(0)["first_response"]
    assert (clock.state, clock.elapsed_seconds, clock.paused_seconds) == ("met", 3600.0, 1800.0)
