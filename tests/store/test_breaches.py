"""What happens when clocks run out, on both databases.

SLA `standard` warns after two and three working hours and breaks after four; `hot` wants the lead accepted in 15
minutes, answered in one hour, tried thrice in two working days.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from store.assignments import assignments_of, open_assignment
from store.clocks import clocks_of
from store.database import Database
from store.errors import IllegalMoveError
from store.events import events_of
from tests.builders import NOW
from tests.store.builders import due_for
from tests.store.floor import HOUR, MINUTE, MONDAY, floor

KINDS = ("sla.warning", "sla.breached", "sla.corrected")


def test_a_clock_warns_and_breaks_at_its_times_and_the_lead_goes_on(database: Database) -> None:
    """The next rep's clock starts anew; the manager hears of the breach."""
    lead = floor(database, "Ana", "Ben")

    for hours in (1, 2, 3, 4):
        lead.sweep(NOW + hours * HOUR)

    assert lead.alarms == [
        ("sla.warning", "first_response"),
        ("sla.warning", "first_response"),
        ("sla.breached", "first_response"),
        ("manager.notified", "Mara"),
    ]
    assert (lead.reps, lead.clocks_of()["first_response"].due_at) == (["Ana", "Ben"], MONDAY + 3 * HOUR)


def test_what_was_swept_once_is_not_swept_again(database: Database) -> None:
    lead = floor(database, "Ana")

    lead.sweep(NOW + 4 * HOUR)
    told = lead.alarms
    lead.sweep(NOW + 4 * HOUR)

    assert lead.alarms == told
    assert Counter(kind for kind, _ in told)["sla.breached"] == 1


def test_when_all_had_the_lead_the_manager_gets_it(database: Database) -> None:
    """Nobody gets it twice; it waits in the queue, and the manager hears of that with the breach, once."""
    lead = floor(database, "Ana", "Ben")

    lead.sweep(NOW + 4 * HOUR)
    lead.sweep(MONDAY + 3 * HOUR)

    assert (lead.reps, lead.state) == (["Ana", "Ben", None], "queued")
    assert lead.alarms[-2:] == [("sla.breached", "first_response"), ("manager.notified", "Mara")]
    assert lead.notices[-1] == (
        "first response under SLA standard is overdue, and nobody else can take this lead; it waits in the queue"
    )


def test_who_answered_keeps_the_lead(database: Database) -> None:
    """Nothing breaks any more."""
    lead = floor(database, "Ana", "Ben")
    lead.do("contact", NOW + HOUR)

    lead.sweep(MONDAY)

    assert (lead.alarms, lead.reps) == ([], ["Ana"])


def test_a_held_lead_breaks_later(database: Database) -> None:
    """By the working time that it was held."""
    lead = floor(database, "Ana")
    lead.do("hold", NOW + HOUR)
    lead.sweep(MONDAY)
    held = lead.alarms

    lead.do("resume", MONDAY + HOUR)
    lead.sweep(MONDAY + 4 * HOUR - MINUTE)
    before = lead.clocks_of()["first_response"].state
    lead.sweep(MONDAY + 4 * HOUR)

    assert held == []
    assert (before, lead.alarms[2]) == ("running", ("sla.breached", "first_response"))


def test_a_broken_clock_is_still_measured(database: Database) -> None:
    """Under an SLA that only tells the manager the rep keeps the lead and answers after six working hours."""
    lead = floor(database, "Ana", sla="always")
    lead.sweep(NOW + 4 * HOUR)

    lead.do("contact", NOW + 6 * HOUR)

    clock = lead.clocks_of()["first_response"]
    assert (clock.state, clock.breached_at, clock.elapsed_seconds) == ("breached", NOW + 4 * HOUR, 6 * 3600.0)


def test_an_acceptance_that_is_late_sends_the_lead_on(database: Database) -> None:
    lead = floor(database, "Ana", "Ben", sla="hot")

    lead.sweep(NOW + 15 * MINUTE)

    assert (lead.reps, lead.state) == (["Ana", "Ben"], "assigned")
    assert lead.alarms == [("sla.breached", "acceptance"), ("manager.notified", "Mara")]


def test_who_accepts_in_time_still_owes_the_answer(database: Database) -> None:
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("accept", NOW + 10 * MINUTE)

    lead.sweep(NOW + HOUR)

    assert lead.alarms[0] == ("sla.breached", "first_response")
    assert lead.reps == ["Ana", "Ben"]


def test_what_ran_out_while_no_worker_lived_breaks_together_and_the_lead_moves_once(database: Database) -> None:
    """Acceptance was due first; the response ran out as well before anybody came to it. The attempts have time left."""
    lead = floor(database, "Ana", "Ben", sla="hot")

    lead.sweep(NOW + 2 * HOUR)

    assert (lead.reps, lead.alarms) == (
        ["Ana", "Ben"],
        [("sla.breached", "acceptance"), ("sla.breached", "first_response"), ("manager.notified", "Mara")],
    )
    assert lead.notices == ["acceptance and first response under SLA hot are overdue; Ben has the lead now"]
    assert {kind: clock.state for kind, clock in lead.clocks_of(0).items()} == {
        "first_response": "breached",
        "acceptance": "breached",
        "attempts": "stopped",
    }


def test_what_ran_out_before_the_rep_acted_is_one_notice(database: Database) -> None:
    """Ana called after two hours, and no worker had come by: neither of her promises was kept, and the lead stays."""
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("contact", NOW + 2 * HOUR)

    assert lead.alarms == [
        ("sla.breached", "acceptance"),
        ("sla.breached", "first_response"),
        ("manager.notified", "Mara"),
    ]
    assert lead.notices == ["acceptance and first response under SLA hot are overdue"]
    assert lead.reps == ["Ana"]


def test_too_few_attempts_are_told_and_the_rep_keeps_the_lead(database: Database) -> None:
    """Two by Tuesday 13:00 where three were promised; the third comes late and is measured: 19 working hours."""
    lead = floor(database, "Ana", "Ben", sla="hot")
    lead.do("contact", NOW + 10 * MINUTE)
    lead.do("contact", NOW + 10 * MINUTE)

    lead.sweep(MONDAY + 28 * HOUR)
    lead.do("contact", MONDAY + 29 * HOUR)

    clock = lead.clocks_of()["attempts"]
    assert lead.alarms == [("sla.breached", "attempts"), ("manager.notified", "Mara")]
    assert lead.notices == ["attempts under SLA hot are overdue"]
    assert (lead.reps, clock.state, clock.elapsed_seconds) == (["Ana"], "breached", 19 * 3600.0)


def test_enough_attempts_in_time_meet_the_clock(database: Database) -> None:
    lead = floor(database, "Ana", sla="hot")

    lead.do("contact", NOW + 10 * MINUTE)
    lead.do("contact", NOW + 10 * MINUTE)
    lead.do("contact", NOW + 10 * MINUTE)

    assert {kind: clock.state for kind, clock in lead.clocks_of().items()} == {
        "first_response": "met",
        "acceptance": "met",
        "attempts": "met",
    }


def test_a_lead_that_has_rested_comes_back_into_play(database: Database) -> None:
    """Also to who had it before: it is decided anew."""
    lead = floor(database, "Ana")
    lead.do("reject for now", NOW)

    lead.sweep(NOW + timedelta(days=90) - MINUTE)
    resting = lead.state
    lead.sweep(NOW + timedelta(days=90))

    assert (resting, lead.state, lead.reps) == ("resting", "assigned", ["Ana", "Ana"])


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_each_clock_fires_once(database: Database, seed: int) -> None:
    """A warning or a breach is told at most once, a breach exactly for clocks that are broken or were taken for it
    until something was told late, and nothing of a clock that has ended is still to come."""
    chance = Random(seed)
    lead = floor(database, "Ana", "Ben", "Cleo", sla=chance.choice(["standard", "hot"]))
    at = NOW
    for _ in range(25):
        at += chance.choice([MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 20 * HOUR])
        step = chance.choice(["sweep", "accept", "contact", "hold", "resume", "reject for now"])
        late = chance.choice([None, None, HOUR, 20 * HOUR]) if step in ("accept", "contact") else None
        try:
            lead.sweep(at) if step == "sweep" else lead.do(step, at, done_at=None if late is None else at - late)
        except IllegalMoveError:
            lead.sweep(at)

    with database.read() as tx:
        events = [event for event in events_of(tx, lead.lead_id) if event.kind in KINDS]
        held = open_assignment(tx, lead.lead_id)
        all_clocks = [clock for each in assignments_of(tx, lead.lead_id) for clock in clocks_of(tx, each.id)]
        due = due_for(tx, lead.lead_id)
    told = Counter((event.kind, event.payload["assignment_id"], event.payload["clock"]) for event in events)
    for clock in all_clocks:
        broken = told["sla.breached", clock.assignment_id, clock.kind]
        assert broken <= 1
        assert broken - told["sla.corrected", clock.assignment_id, clock.kind] == (clock.breached_at is not None)
        assert told["sla.warning", clock.assignment_id, clock.kind] <= len(clock.warn_at)
    alive = {clock.id for clock in all_clocks if clock.ended_at is None}
    assert {work.reference for work in due if work.kind in ("warning", "breach")} <= alive
    assert held is None or {clock.assignment_id for clock in all_clocks if clock.ended_at is None} <= {held.id}
