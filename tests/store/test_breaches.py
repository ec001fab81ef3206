"""What happens when clocks run out, on both databases."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from routing.decision import Promise
from rules.compile import Compiled
from rules.playbook import ListedReason
from store import moves
from store.assignments import assignments_of, open_assignment
from store.clocks import Clock, clocks_of
from store.database import Database, Transaction
from store.due import due_for
from store.errors import IllegalMoveError
from store.events import events_of
from store.leads import known_lead
from store.listing import find_lead
from store.record import record
from store.sweep import sweep
from tests.builders import NOW
from tests.store.builders import arrive, decision, playbook

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18. SLA `standard` warns after two and three working
# hours and breaks after four; `hot` wants the lead accepted in 15 minutes, answered in one hour, tried thrice in two
# working days. Vera hears of what is broken an hour after the manager, Otto a working day after her.
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
LATER = ListedReason(name="bad timing", rest=timedelta(days=90))


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A lead on the sales floor, and the sweep that comes by."""

    database: Database
    book: Compiled
    lead_id: str

    def sweep(self, at: datetime) -> None:
        """Does what is due, until nothing is."""
        while sweep(self.database, self.book, self._decide_again, at):
            pass

    def _decide_again(self, tx: Transaction, lead_id: str, now: datetime) -> None:
        known = known_lead(tx, lead_id, now)
        assert known is not None
        record(tx, known, decision(now), self.book, now)

    @property
    def state(self) -> str:
        """The lead's state."""
        with self.database.read() as tx:
            kept = find_lead(tx, self.lead_id)
        assert kept is not None
        return kept.state

    @property
    def reps(self) -> list[str | None]:
        """Who had the lead, oldest first."""
        with self.database.read() as tx:
            return [each.rep for each in assignments_of(tx, self.lead_id)]

    @property
    def clocks(self) -> dict[str, Clock]:
        """The clocks of who has the lead now, by kind."""
        with self.database.read() as tx:
            held = assignments_of(tx, self.lead_id)[-1]
            return {clock.kind: clock for clock in clocks_of(tx, held.id)}

    @property
    def told(self) -> list[tuple[str, object]]:
        """What was told, and of which clock or to whom."""
        with self.database.read() as tx:
            events = [event for event in events_of(tx, self.lead_id) if event.kind[:3] in ("sla", "man")]
        payloads = ((event.kind, event.payload) for event in events)
        return [(kind, each.get("person") or each.get("clock") or each.get("manager")) for kind, each in payloads]


def watch(database: Database, *reps: str, sla: str = "standard") -> Watch:
    """A lead that has just been assigned to the first of these reps under an SLA."""
    book, promise = playbook(*reps), Promise(name=sla, respond_by=NOW, warn_at=())
    return Watch(database=database, book=book, lead_id=arrive(database, book, "ann", sla=promise).lead_id)


def act(lead: Watch, at: datetime, *steps: str) -> None:
    """Makes moves."""
    for step in steps:
        with lead.database.begin() as tx:
            match step:
                case "contact":
                    moves.contact(tx, lead.lead_id, "call", lead.book, at)
                case "reject":
                    moves.reject(tx, lead.lead_id, LATER, lead.book, at)
                case "win":
                    moves.win(tx, lead.lead_id, None, lead.book, at)
                case _:
                    {"accept": moves.accept, "hold": moves.hold_back, "resume": moves.resume_lead}[step](
                        tx, lead.lead_id, lead.book, at
                    )


def test_a_clock_warns_and_breaks_at_its_times_and_the_lead_goes_on(database: Database) -> None:
    """The next rep's clock starts anew; the manager hears of the breach."""
    lead = watch(database, "Ana", "Ben")

    for hours in (1, 2, 3, 4):
        lead.sweep(NOW + hours * HOUR)

    assert lead.told == [
        ("sla.warning", "first_response"),
        ("sla.warning", "first_response"),
        ("sla.breached", "first_response"),
        ("manager.notified", "Mara"),
    ]
    assert (lead.reps, lead.clocks["first_response"].due_at) == (["Ana", "Ben"], MONDAY + 3 * HOUR)


def test_what_was_swept_once_is_not_swept_again(database: Database) -> None:
    lead = watch(database, "Ana")

    lead.sweep(NOW + 4 * HOUR)
    told = lead.told
    lead.sweep(NOW + 4 * HOUR)

    assert lead.told == told
    assert Counter(kind for kind, _ in told)["sla.breached"] == 1


def test_when_all_had_the_lead_the_manager_gets_it(database: Database) -> None:
    """Nobody gets it twice; it waits in the queue, and the manager hears of that as well."""
    lead = watch(database, "Ana", "Ben")

    lead.sweep(NOW + 4 * HOUR)
    lead.sweep(MONDAY + 3 * HOUR)

    assert (lead.reps, lead.state) == (["Ana", "Ben", None], "queued")
    assert lead.told[-2:] == [("manager.notified", "Mara"), ("manager.notified", "Mara")]


def test_who_answered_keeps_the_lead(database: Database) -> None:
    """Nothing breaks any more."""
    lead = watch(database, "Ana", "Ben")
    act(lead, NOW + HOUR, "contact")

    lead.sweep(MONDAY)

    assert (lead.told, lead.reps) == ([], ["Ana"])


def test_a_held_lead_breaks_later(database: Database) -> None:
    """By the working time that it was held."""
    lead = watch(database, "Ana")
    act(lead, NOW + HOUR, "hold")
    lead.sweep(MONDAY)
    held = lead.told

    act(lead, MONDAY + HOUR, "resume")
    lead.sweep(MONDAY + 4 * HOUR - MINUTE)
    before = lead.clocks["first_response"].state
    lead.sweep(MONDAY + 4 * HOUR)

    assert held == []
    assert (before, lead.told[2]) == ("running", ("sla.breached", "first_response"))


def test_a_broken_clock_is_still_measured(database: Database) -> None:
    """Under an SLA that only tells the manager the rep keeps the lead and answers after six working hours."""
    lead = watch(database, "Ana", sla="always")
    lead.sweep(NOW + 4 * HOUR)

    act(lead, NOW + 6 * HOUR, "contact")

    clock = lead.clocks["first_response"]
    assert (clock.state, clock.breached_at, clock.elapsed_seconds) == ("breached", NOW + 4 * HOUR, 6 * 3600.0)


def test_an_acceptance_that_is_late_sends_the_lead_on(database: Database) -> None:
    lead = watch(database, "Ana", "Ben", sla="hot")

    lead.sweep(NOW + 15 * MINUTE)

    assert (lead.reps, lead.state) == (["Ana", "Ben"], "assigned")
    assert lead.told == [("sla.breached", "acceptance"), ("manager.notified", "Mara")]


def test_who_accepts_in_time_still_owes_the_answer(database: Database) -> None:
    lead = watch(database, "Ana", "Ben", sla="hot")
    act(lead, NOW + 10 * MINUTE, "accept")

    lead.sweep(NOW + HOUR)

    assert lead.told[0] == ("sla.breached", "first_response")
    assert lead.reps == ["Ana", "Ben"]


def test_too_few_attempts_are_told_and_the_rep_keeps_the_lead(database: Database) -> None:
    """Two by Tuesday 13:00 where three were promised; the third comes late and is measured: 19 working hours."""
    lead = watch(database, "Ana", "Ben", sla="hot")
    act(lead, NOW + 10 * MINUTE, "contact", "contact")

    lead.sweep(MONDAY + 28 * HOUR)
    act(lead, MONDAY + 29 * HOUR, "contact")

    clock = lead.clocks["attempts"]
    assert lead.told == [("sla.breached", "attempts"), ("manager.notified", "Mara")]
    assert (lead.reps, clock.state, clock.elapsed_seconds) == (["Ana"], "breached", 19 * 3600.0)


def test_enough_attempts_in_time_meet_the_clock(database: Database) -> None:
    lead = watch(database, "Ana", sla="hot")

    act(lead, NOW + 10 * MINUTE, "contact", "contact", "contact")

    assert {kind: clock.state for kind, clock in lead.clocks.items()} == {
        "first_response": "met",
        "acceptance": "met",
        "attempts": "met",
    }


def test_up_the_chain_each_is_told_after_their_span(database: Database) -> None:
    """Vera an hour after the breach, Otto a working day after her; whoever has the lead by then."""
    lead = watch(database, "Ana", "Ben", sla="hot")
    act(lead, NOW, "accept")
    told = []
    for at in (NOW + HOUR, NOW + 2 * HOUR, MONDAY, MONDAY + 6 * HOUR, MONDAY + 50 * HOUR):
        lead.sweep(at)
        told.append([who for kind, who in lead.told if kind == "sla.escalated"])

    assert told == [[], ["Vera"], ["Vera"], ["Vera", "Otto"], ["Vera", "Otto"]]


def test_one_climb_is_enough_for_one_promise(database: Database) -> None:
    """Ana breaks it, then Ben; the manager hears of both, Vera once."""
    lead = watch(database, "Ana", "Ben", sla="hot")

    for quarter in range(1, 8):
        lead.sweep(NOW + quarter * 15 * MINUTE)

    assert lead.reps == ["Ana", "Ben", None]
    assert [who for kind, who in lead.told if kind == "sla.escalated"] == ["Vera"]


@pytest.mark.parametrize("step", ["contact", "win", "reject"])
def test_the_climb_is_over_once_somebody_acts(database: Database, step: str) -> None:
    """Or the lead is given back."""
    lead = watch(database, "Ana", "Ben", sla="hot")
    act(lead, NOW, "accept")
    lead.sweep(NOW + HOUR)
    act(lead, NOW + HOUR + MINUTE, step)

    lead.sweep(MONDAY + 50 * HOUR)

    assert "sla.escalated" not in dict(lead.told)


def test_the_climb_waits_while_the_lead_is_held(database: Database) -> None:
    lead = watch(database, "Ana", "Ben", sla="hot")
    act(lead, NOW, "accept")
    lead.sweep(NOW + HOUR)
    act(lead, NOW + HOUR, "hold")
    lead.sweep(NOW + 2 * HOUR)
    while_held = lead.told

    act(lead, NOW + 2 * HOUR, "resume")
    lead.sweep(NOW + 3 * HOUR)

    assert "sla.escalated" not in dict(while_held)
    assert ("sla.escalated", "Vera") in lead.told


def test_a_late_answer_before_any_sweep_begins_no_climb_that_goes_on(database: Database) -> None:
    """The breach is told, once; the lead stays with who answered."""
    lead = watch(database, "Ana", "Ben", sla="hot")

    act(lead, NOW + 2 * HOUR, "contact")
    lead.sweep(MONDAY + 5 * HOUR)

    assert (lead.reps, lead.told) == (
        ["Ana"],
        [
            ("sla.breached", "first_response"),
            ("manager.notified", "Mara"),
            ("sla.breached", "acceptance"),
            ("manager.notified", "Mara"),
        ],
    )


def test_a_lead_that_has_rested_comes_back_into_play(database: Database) -> None:
    """Also to who had it before: it is decided anew."""
    lead = watch(database, "Ana")
    act(lead, NOW, "reject")

    lead.sweep(NOW + timedelta(days=90) - MINUTE)
    resting = lead.state
    lead.sweep(NOW + timedelta(days=90))

    assert (resting, lead.state, lead.reps) == ("resting", "assigned", ["Ana", "Ana"])


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_each_clock_fires_once(database: Database, seed: int) -> None:
    """A warning or a breach is told at most once, a breach exactly for clocks that are broken, and nothing of a clock
    that has ended is still to come."""
    chance = Random(seed)
    lead = watch(database, "Ana", "Ben", "Cleo", sla=chance.choice(["standard", "hot"]))
    at = NOW
    for _ in range(25):
        at += chance.choice([MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 20 * HOUR])
        try:
            act(lead, at, chance.choice(["sweep", "accept", "contact", "hold", "resume", "reject"]))
        except (KeyError, IllegalMoveError):
            lead.sweep(at)

    with database.read() as tx:
        events = [event for event in events_of(tx, lead.lead_id) if event.kind in ("sla.warning", "sla.breached")]
        held = open_assignment(tx, lead.lead_id)
        all_clocks = [clock for each in assignments_of(tx, lead.lead_id) for clock in clocks_of(tx, each.id)]
        due = due_for(tx, lead.lead_id)
    told = Counter((event.kind, event.payload["assignment_id"], event.payload["clock"]) for event in events)
    for clock in all_clocks:
        assert told["sla.breached", clock.assignment_id, clock.kind] == (clock.breached_at is not None)
        assert told["sla.warning", clock.assignment_id, clock.kind] <= len(clock.warn_at)
    alive = {clock.id for clock in all_clocks if clock.ended_at is None}
    assert {work.reference for work in due if work.kind in ("warning", "breach")} <= alive
    assert held is None or {clock.assignment_id for clock in all_clocks if clock.ended_at is None} <= {held.id}
