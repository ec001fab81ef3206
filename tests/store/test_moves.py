"""The life of an assignment, on both databases."""

from datetime import timedelta

import pytest

from store import moves
from store.assignments import open_assignment
from store.clocks import clocks_of
from store.database import Database
from store.due import due_for
from store.errors import IllegalMoveError
from store.events import events_of
from store.leads import known_lead
from store.moves import moves_of
from store.record import record
from tests.builders import NOW
from tests.store.builders import decision, unqualified
from tests.store.floor import HOUR, floor


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


def test_a_reassignment_is_kept_before_the_assignment_that_it_makes(database: Database) -> None:
    """Ids tell a history its order."""
    lead = floor(database, "Ana", "Ben")

    lead.do("reassign")

    with database.read() as tx:
        (move,) = moves_of(tx, lead.lead_id)
    assert (move.details["to"], move.id < lead.history[-1].id) == ("Ben", True)


def test_whoever_has_this_very_lead_does_not_own_its_account(database: Database) -> None:
    lead = floor(database, "Ana", "Ben")

    lead.do("reassign")

    assert lead.history[-1].why["text"] == "Ben alone can take this lead; not eligible: Ana (had this lead before)"


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
