"""The life of an assignment, on both databases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from rules.compile import Compiled
from rules.playbook import ListedReason
from store import moves
from store.assignments import Assignment, assignments_of, open_assignment
from store.clocks import Clock, clocks_of
from store.database import Database, Transaction
from store.due import due_for
from store.errors import IllegalMoveError
from store.events import events_of
from store.leads import known_lead
from store.listing import find_lead
from store.record import record
from tests.builders import NOW
from tests.store.builders import arrive, decision, playbook, unqualified

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18; a first response is due in four working hours.
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
WRONG = ListedReason(name="wrong contact data")
LATER = ListedReason(name="bad timing", rest=timedelta(days=90))

Step = Callable[[Transaction, str, Compiled, datetime], None]

STEPS: dict[str, Step] = {
    "accept": moves.accept,
    "contact": lambda tx, lead, book, now: moves.contact(tx, lead, "call", book, now),
    "hold": moves.hold_back,
    "resume": moves.resume_lead,
    "reject": lambda tx, lead, book, now: moves.reject(tx, lead, WRONG, book, now),
    "reject for now": lambda tx, lead, book, now: moves.reject(tx, lead, LATER, book, now),
    "reassign": moves.reassign,
    "win": lambda tx, lead, book, now: moves.win(tx, lead, 1200.0, book, now),
    "lose": lambda tx, lead, book, now: moves.lose(tx, lead, WRONG, book, now),
    "lose for now": lambda tx, lead, book, now: moves.lose(tx, lead, LATER, book, now),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """A lead on the sales floor."""

    database: Database
    book: Compiled
    lead_id: str

    def do(self, step: str, at: datetime = NOW) -> None:
        """Makes a move."""
        with self.database.begin() as tx:
            STEPS[step](tx, self.lead_id, self.book, at)

    @property
    def state(self) -> str:
        """The lead's state."""
        with self.database.read() as tx:
            kept = find_lead(tx, self.lead_id)
        assert kept is not None
        return kept.state

    @property
    def held(self) -> Assignment | None:
        """Who has the lead."""
        with self.database.read() as tx:
            return open_assignment(tx, self.lead_id)

    @property
    def history(self) -> tuple[Assignment, ...]:
        """Who had it."""
        with self.database.read() as tx:
            return assignments_of(tx, self.lead_id)

    @property
    def clock(self) -> Clock:
        """The clock of the newest assignment's first response."""
        with self.database.read() as tx:
            return clocks_of(tx, assignments_of(tx, self.lead_id)[-1].id)[0]

    @property
    def told(self) -> Sequence[str]:
        """What the outside was told after the lead was first assigned."""
        with self.database.read() as tx:
            return [event.kind for event in events_of(tx, self.lead_id)][2:]


def floor(database: Database, *reps: str) -> Floor:
    """A lead that has just been assigned to the first of these reps."""
    book = playbook(*reps)
    return Floor(database=database, book=book, lead_id=arrive(database, book, "ann").lead_id)


@pytest.mark.parametrize(
    ("steps", "state", "allowed"),
    [
        ([], "assigned", {"accept", "reject", "contact", "reassign", "outcome", "hold"}),
        (["accept"], "accepted", {"reject", "contact", "reassign", "outcome", "hold"}),
        (["contact"], "contacted", {"reject", "contact", "reassign", "outcome"}),
        (["accept", "contact"], "contacted", {"reject", "contact", "reassign", "outcome"}),
        (["hold"], "assigned", {"accept", "reject", "contact", "reassign", "outcome", "resume"}),
        (["hold", "resume"], "assigned", {"accept", "reject", "contact", "reassign", "outcome", "hold"}),
        (["hold", "contact"], "contacted", {"reject", "contact", "reassign", "outcome"}),
        (["reject"], "assigned", {"accept", "reject", "contact", "reassign", "outcome", "hold"}),
        (["reject", "reject"], "rejected", set()),
        (["reject for now"], "resting", set()),
        (["reassign"], "assigned", {"accept", "reject", "contact", "reassign", "outcome", "hold"}),
        (["reassign", "reassign"], "queued", {"reassign"}),
        (["reassign", "reassign", "reassign"], "queued", {"reassign"}),
        (["win"], "won", set()),
        (["contact", "lose"], "lost", set()),
        (["contact", "lose for now"], "resting", set()),
    ],
)
def test_what_is_possible_follows_from_what_was_done(
    database: Database, steps: list[str], state: str, allowed: set[str]
) -> None:
    """And nothing else is; what is refused changes nothing."""
    lead = floor(database, "Ana", "Ben")
    for step in steps:
        lead.do(step)
    tried = {"reject": "reject", "outcome": "win", **{one: one for one in ("accept", "contact", "hold", "resume")}}
    refused = [step for kind, step in {**tried, "reassign": "reassign"}.items() if kind not in allowed]

    for step in refused:
        with pytest.raises(IllegalMoveError):
            lead.do(step)

    assert lead.state == state
    with database.read() as tx:
        held = open_assignment(tx, lead.lead_id)
        assert set(moves.possible(held, clocks_of(tx, held.id)) if held else ()) == allowed


def test_an_illegal_move_is_told_what_is_possible(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.do("accept")

    with pytest.raises(IllegalMoveError) as error:
        lead.do("accept")

    assert (
        str(error.value)
        == "accept is not possible: this lead is accepted; possible are reject, contact, reassign, outcome, hold"
    )


def test_a_lead_that_sales_is_done_with_takes_no_moves(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.do("win")

    with pytest.raises(
        IllegalMoveError, match=r"^contact is not possible: nobody in sales has this lead, which is won$"
    ):
        lead.do("contact")


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


def test_a_rejected_lead_goes_to_each_rep_once_and_then_to_marketing(database: Database) -> None:
    lead = floor(database, "Ana", "Ben", "Cleo")

    for _ in range(3):
        lead.do("reject")

    assert [(one.rep, one.state, one.reason) for one in lead.history] == [
        ("Ana", "rejected", "wrong contact data"),
        ("Ben", "rejected", "wrong contact data"),
        ("Cleo", "rejected", "wrong contact data"),
    ]
    assert lead.told == ["lead.outcome", "lead.assigned"] * 2 + ["lead.outcome"]
    assert lead.clock.state == "stopped"


def test_a_lead_rejected_for_now_comes_back_after_its_rest(database: Database) -> None:
    lead = floor(database, "Ana", "Ben")

    lead.do("reject for now")

    with database.read() as tx:
        assert [(work.kind, work.due_at) for work in due_for(tx, lead.lead_id)] == [
            ("recycle", NOW + timedelta(days=90))
        ]
    assert lead.held is None


def test_a_lead_that_all_had_is_the_managers(database: Database) -> None:
    lead = floor(database, "Ana", "Ben")

    lead.do("reassign")
    lead.do("reassign")

    assert [(one.rep, one.state) for one in lead.history] == [
        ("Ana", "reassigned"),
        ("Ben", "reassigned"),
        (None, "queued"),
    ]
    with database.read() as tx:
        assert due_for(tx, lead.lead_id)[0].kind == "notify_manager"


@pytest.mark.parametrize(("step", "state"), [("win", "won"), ("lose for now", "resting"), ("lose", "lost")])
def test_a_lead_that_sales_is_done_with_is_not_handed_out_again(database: Database, step: str, state: str) -> None:
    """Though what it does later still qualifies it."""
    lead = floor(database, "Ana", "Ben")
    lead.do(step)

    with database.begin() as tx:
        known = known_lead(tx, lead.lead_id, NOW)
        assert known is not None
        recorded = record(tx, known, decision(), lead.book, NOW)

    assert (lead.state, recorded.decision.route, lead.held) == (state, None, None)


def test_a_lost_lead_comes_back_once_its_score_has_been_low(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.do("lose")

    with database.begin() as tx:
        for decided in (unqualified(), decision()):
            known = known_lead(tx, lead.lead_id, NOW)
            assert known is not None
            record(tx, known, decided, lead.book, NOW)

    assert lead.held is not None
    assert (lead.state, lead.held.rep) == ("assigned", "Ana")


def test_an_outcome_is_told_with_its_amount(database: Database) -> None:
    lead = floor(database, "Ana")

    lead.do("win", NOW + HOUR)

    with database.read() as tx:
        payload = events_of(tx, lead.lead_id)[-1].payload
    assert (payload["outcome"], payload["rep"], payload["amount"], payload["reason"]) == ("won", "Ana", 1200.0, None)
    assert [(one.state, one.amount, one.ended_at) for one in lead.history] == [("won", 1200.0, NOW + HOUR)]


def test_every_move_is_kept(database: Database) -> None:
    lead = floor(database, "Ana", "Ben")

    for hour, step in enumerate(["accept", "contact", "reject", "win"]):
        lead.do(step, NOW + hour * HOUR)

    with database.read() as tx:
        kept = [(move.kind, move.details["rep"]) for move in moves.moves_of(tx, lead.lead_id)]
    assert kept == [("accept", "Ana"), ("contact", "Ana"), ("reject", "Ana"), ("outcome", "Ben")]
