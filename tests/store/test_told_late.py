"""What was done earlier than it is told, on both databases: clocks go by when it was done.

SLA `standard` wants an answer in four working hours and passes a lead on that has none; `always` in four hours of any
kind, and the manager is told; `hot` wants the lead accepted in 15 minutes, answered in one hour and tried thrice.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random

import pytest

from store.clocks import Clock
from store.database import Database
from store.errors import IllegalMoveError
from store.kept_moves import moves_of
from tests.builders import NOW
from tests.store.builders import due_for
from tests.store.floor import HOUR, MINUTE, Floor, floor


def in_short(clock: Clock) -> tuple[object, ...]:
    """What came of a clock."""
    return clock.state, clock.ended_at, clock.elapsed_seconds, clock.breached_at


def test_a_call_told_an_hour_later_met_the_clock_when_it_was_made(database: Database) -> None:
    lead = floor(database, "Ana")

    lead.do("contact", NOW + 2 * HOUR, done_at=NOW + HOUR)

    assert in_short(lead.clock) == ("met", NOW + HOUR, 3600.0, None)
    assert lead.held is not None
    assert (lead.held.accepted_at, lead.held.contacted_at, lead.state) == (NOW + HOUR, NOW + HOUR, "contacted")


def test_a_breach_found_before_the_call_in_time_was_told_is_taken_back(database: Database) -> None:
    """The manager, who was told of the breach, is told of that too."""
    lead = floor(database, "Ana", sla="always")
    lead.sweep(NOW + 4 * HOUR)
    broken = lead.clock.state

    lead.do("contact", NOW + 5 * HOUR, done_at=NOW + HOUR)

    assert (broken, in_short(lead.clock)) == ("breached", ("met", NOW + HOUR, 3600.0, None))
    assert lead.alarms == [
        ("sla.warning", "first_response"),
        ("sla.breached", "first_response"),
        ("manager.notified", "Mara"),
        ("sla.corrected", "first_response"),
        ("manager.notified", "Mara"),
    ]


def test_a_late_call_told_even_later_stays_late(database: Database) -> None:
    """Measured to when it was made, whether or not a worker has found the breach before."""
    swept, unswept = floor(database, "Ana", sla="always"), floor(database, "Ana", sla="always")
    swept.sweep(NOW + 6 * HOUR)

    for lead in (swept, unswept):
        lead.do("contact", NOW + 6 * HOUR, done_at=NOW + 5 * HOUR)

    late = ("breached", NOW + 5 * HOUR, 5 * 3600.0, NOW + 6 * HOUR)
    assert [in_short(lead.clock) for lead in (swept, unswept)] == [late, late]


def test_a_call_at_the_very_deadline_is_in_time(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.sweep(NOW + 4 * HOUR - MINUTE)

    lead.do("contact", NOW + 5 * HOUR, done_at=NOW + 4 * HOUR)

    assert in_short(lead.clock) == ("met", NOW + 4 * HOUR, 4 * 3600.0, None)


def test_calls_are_told_in_any_order(database: Database) -> None:
    """The earliest is the response; the last of those promised meets the attempts."""
    lead = floor(database, "Ana", sla="hot")
    lead.do("accept", NOW + MINUTE)

    for minutes in (45, 10, 30):
        lead.do("contact", NOW + HOUR, done_at=NOW + minutes * MINUTE)

    clocks = lead.clocks_of()
    assert in_short(clocks["first_response"]) == ("met", NOW + 10 * MINUTE, 600.0, None)
    assert in_short(clocks["attempts"]) == ("met", NOW + 45 * MINUTE, 2700.0, None)
    assert in_short(clocks["acceptance"]) == ("met", NOW + MINUTE, 60.0, None)


def test_a_call_of_who_had_the_lead_before_is_theirs(database: Database) -> None:
    """Ana called in time; Ben got the lead because nobody knew, and keeps it: his own clock runs on."""
    lead = floor(database, "Ana", "Ben")
    lead.sweep(NOW + 4 * HOUR)

    lead.do("contact", NOW + 4.5 * HOUR, done_at=NOW + HOUR)

    first, second = lead.history
    assert (first.rep, first.state, first.contacted_at) == ("Ana", "reassigned", NOW + HOUR)
    assert (second.rep, second.state, second.contacted_at) == ("Ben", "assigned", None)
    assert in_short(lead.clocks_of(0)["first_response"]) == ("met", NOW + HOUR, 3600.0, None)
    assert (lead.clock.state, lead.state) == ("running", "assigned")


def test_an_acceptance_told_late_was_in_time(database: Database) -> None:
    lead = floor(database, "Ana", sla="hot")

    lead.do("accept", NOW + HOUR / 2, done_at=NOW + 10 * MINUTE)

    assert in_short(lead.clocks_of()["acceptance"]) == ("met", NOW + 10 * MINUTE, 600.0, None)
    assert lead.alarms == []


def test_an_acceptance_told_after_the_call_that_followed_it_was_in_time(database: Database) -> None:
    """Nobody had told of it, so the call counted as the acceptance, and as a late one; the lead stays contacted."""
    lead = floor(database, "Ana", sla="hot")
    lead.do("contact", NOW + HOUR, done_at=NOW + 20 * MINUTE)
    late = lead.clocks_of()["acceptance"].elapsed_seconds

    lead.do("accept", NOW + HOUR, done_at=NOW + 10 * MINUTE)

    assert (late, in_short(lead.clocks_of()["acceptance"])) == (1200.0, ("met", NOW + 10 * MINUTE, 600.0, None))
    assert lead.held is not None
    assert (lead.held.accepted_at, lead.state) == (NOW + 10 * MINUTE, "contacted")


def test_who_has_accepted_before_the_call_does_not_accept_again(database: Database) -> None:
    lead = floor(database, "Ana", sla="hot")
    lead.do("accept", NOW + 5 * MINUTE)
    lead.do("contact", NOW + HOUR, done_at=NOW + 20 * MINUTE)

    with pytest.raises(IllegalMoveError, match="this lead is contacted"):
        lead.do("accept", NOW + HOUR, done_at=NOW + 10 * MINUTE)


@pytest.mark.parametrize("step", ["reject", "reject for now", "win", "lose", "lose for now"])
def test_what_ended_before_the_deadline_broke_nothing(database: Database, step: str) -> None:
    """Though a worker found the clock broken before it was told."""
    lead = floor(database, "Ana", sla="always")
    lead.sweep(NOW + 4 * HOUR)

    lead.do(step, NOW + 5 * HOUR, done_at=NOW + 2 * HOUR)

    assert in_short(lead.clock) == ("stopped", NOW + 2 * HOUR, None, None)
    assert lead.history[0].ended_at == NOW + 2 * HOUR
    assert "sla.corrected" in lead.told


def test_a_rest_counts_from_when_the_lead_was_given_back(database: Database) -> None:
    lead = floor(database, "Ana")

    lead.do("reject for now", NOW + 5 * HOUR, done_at=NOW + 2 * HOUR)

    with database.read() as tx:
        (work,) = due_for(tx, lead.lead_id)
    assert (work.kind, (work.due_at - NOW).days, (work.due_at - NOW).seconds) == ("recycle", 90, 7200)


def test_a_call_before_the_lead_was_held_leaves_it_held(database: Database) -> None:
    """Held after an hour, the call half an hour before; what is still promised stands still."""
    lead = floor(database, "Ana", sla="hot")
    lead.do("accept", NOW)
    lead.do("hold", NOW + 0.75 * HOUR)

    lead.do("contact", NOW + 2 * HOUR, done_at=NOW + 0.5 * HOUR)

    clocks = lead.clocks_of()
    assert in_short(clocks["first_response"]) == ("met", NOW + 0.5 * HOUR, 1800.0, None)
    assert (clocks["attempts"].state, clocks["attempts"].paused_at) == ("paused", NOW + 0.75 * HOUR)


def test_a_call_while_the_lead_was_held_ends_the_hold_then(database: Database) -> None:
    """An hour after the hold: the attempts are due an hour later than they were."""
    lead = floor(database, "Ana", sla="hot")
    due = lead.clocks_of()["attempts"].due_at
    lead.do("hold", NOW + 0.25 * HOUR)

    lead.do("contact", NOW + 2 * HOUR, done_at=NOW + 1.25 * HOUR)

    clocks = lead.clocks_of()
    assert in_short(clocks["first_response"]) == ("met", NOW + 1.25 * HOUR, 900.0, None)
    assert (clocks["attempts"].state, clocks["attempts"].due_at) == ("running", due + HOUR)


def test_a_hold_after_the_call_is_not_taken_off_its_time(database: Database) -> None:
    """Called after two hours; held from the first to the third for all that Leadline then knew."""
    lead = floor(database, "Ana")
    for step, hours in (("hold", 0.5), ("resume", 1.0), ("hold", 2.5), ("resume", 3.0)):
        lead.do(step, NOW + hours * HOUR)

    lead.do("contact", NOW + 4 * HOUR, done_at=NOW + 2 * HOUR)

    assert in_short(lead.clock) == ("met", NOW + 2 * HOUR, 1.5 * 3600, None)


@pytest.mark.parametrize(
    ("before", "step", "done_at", "why"),
    [
        ([], "contact", NOW - HOUR, "assigned at 2026-03-06T12:00:00+00:00"),
        ([], "accept", NOW - HOUR, "assigned at 2026-03-06T12:00:00+00:00"),
        (["contact"], "win", NOW + HOUR / 2, "contacted at 2026-03-06T13:00:00+00:00"),
        (["accept"], "reject", NOW + HOUR / 2, "accepted at 2026-03-06T13:00:00+00:00"),
    ],
)
def test_what_cannot_have_been_then_is_refused(
    database: Database, before: Sequence[str], step: str, done_at: datetime, why: str
) -> None:
    """Before the lead was the rep's, or the end before what went before it."""
    lead = floor(database, "Ana")
    for earlier in before:
        lead.do(earlier, NOW + HOUR)

    with pytest.raises(IllegalMoveError) as error:
        lead.do(step, NOW + 2 * HOUR, done_at=done_at)

    kind = "outcome" if step == "win" else step
    assert str(error.value) == f"{kind} at {done_at.isoformat()} is not possible: Ana of inbound has this lead, {why}"


def test_whole_seconds_may_lie_just_before_the_assignment(database: Database) -> None:
    """As CRMs write them: a dialler that calls at once is not too early."""
    lead = floor(database, "Ana", "Ben")
    assigned = NOW + HOUR + 0.4 * MINUTE / 24
    lead.do("reassign", assigned)

    lead.do("contact", NOW + 2 * HOUR, done_at=assigned.replace(microsecond=0))

    assert in_short(lead.clock) == ("met", assigned, 0.0, None)


def test_what_is_told_late_says_so(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.do("accept", NOW + MINUTE)

    lead.do("contact", NOW + 2 * HOUR, done_at=NOW + HOUR)

    with database.read() as tx:
        told = [(move.kind, move.at, move.details.get("told_at")) for move in moves_of(tx, lead.lead_id)]
    assert told == [("accept", NOW + MINUTE, None), ("contact", NOW + HOUR, (NOW + 2 * HOUR).isoformat())]


@pytest.mark.parametrize("seed", range(8))
def test_the_truth_does_not_depend_on_when_it_is_told(database: Database, seed: int) -> None:
    """At once or days later in any order, with workers that come by or without: the clock says the same."""
    chance = Random(seed)
    calls = sorted(NOW + chance.randint(1, 500) * MINUTE for _ in range(chance.randint(1, 4)))
    at_once, later = floor(database, "Ana", sla="always"), floor(database, "Ana", sla="always")
    for call in calls:
        if chance.random() < 0.5:
            at_once.sweep(call)
        at_once.do("contact", call)
    end = NOW + 600 * MINUTE
    for call in chance.sample(calls, len(calls)):
        if chance.random() < 0.5:
            later.sweep(end)
        later.do("contact", end, done_at=call)

    def truth(lead: Floor) -> tuple[object, ...]:
        *said, breached_at = in_short(lead.clock)
        return (*said, breached_at is None, lead.history[0].contacted_at)

    assert truth(later) == truth(at_once)
