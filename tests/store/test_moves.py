"""The life of an assignment, on both databases."""

from datetime import timedelta

import pytest

from store import moves
from store.assignments import open_assignment
from store.clocks import clocks_of
from store.database import Database
from store.errors import IllegalMoveError
from store.events import events_of
from store.kept_moves import moves_of
from store.leads import known_lead, merge_lead
from store.record import record
from tests.builders import NOW
from tests.builders import lead as sent
from tests.store.builders import decision, due_for, playbook, unqualified
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


@pytest.mark.parametrize(
    ("before", "step", "why"),
    [
        (["win"], "contact", "this lead is won; nothing more can be done with it"),
        (
            ["win"],
            "lose",
            (
                "this lead is won; nothing more can be done with it; "
                "with `correct` an outcome that was told wrongly is told anew"
            ),
        ),
        (["lose"], "contact", "this lead is lost; nothing can be done with it until it comes to sales again"),
        (["reject"], "accept", "this lead is rejected; nothing can be done with it until it comes to sales again"),
        (
            ["reject for now"],
            "reassign",
            "this lead rests; nothing can be done with it until it comes back at 2026-06-04T12:00:00+00:00",
        ),
    ],
)
def test_a_lead_that_sales_does_not_have_takes_no_moves(
    database: Database, before: list[str], step: str, why: str
) -> None:
    lead = floor(database, "Ana")
    for each in before:
        lead.do(each)

    with pytest.raises(IllegalMoveError) as error:
        lead.do(step)

    kind = "outcome" if step == "lose" else step
    assert (str(error.value), error.value.possible) == (f"{kind} is not possible: {why}", ())


def test_a_lead_that_marketing_has_takes_no_moves(database: Database) -> None:
    with database.begin() as tx:
        lead_id = record(tx, merge_lead(tx, sent(), NOW), unqualified(), playbook("Ana"), NOW).lead_id

    with (
        database.begin() as tx,
        pytest.raises(IllegalMoveError, match=r"^accept is not possible: this lead is with marketing;"),
    ):
        moves.accept(tx, lead_id, playbook("Ana"), NOW)


@pytest.mark.parametrize(
    ("before", "step", "why"),
    [
        (["hold"], "hold", "this lead is assigned and held; possible are accept, reject, contact, reassign, outcome, "),
        (["reassign"], "contact", "this lead is queued; possible is reassign"),
    ],
)
def test_where_the_lead_stands_is_told_as_people_say_it(
    database: Database, before: list[str], step: str, why: str
) -> None:
    lead = floor(database, "Ana")
    for each in before:
        lead.do(each)

    with pytest.raises(IllegalMoveError, match=f"^{step} is not possible: {why}"):
        lead.do(step)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["reject", "reject"], [{"to": "Ben"}, {"to": "marketing"}]),
        (["reject for now"], [{"to": "marketing", "rests_until": (NOW + timedelta(days=90)).isoformat()}]),
        (["lose for now"], [{"rests_until": (NOW + timedelta(days=90)).isoformat()}]),
    ],
)
def test_a_lead_that_is_given_up_tells_where_it_goes(
    database: Database, steps: list[str], told: list[dict[str, str]]
) -> None:
    """To the next rep, or to marketing, where it may rest."""
    lead = floor(database, "Ana", "Ben")

    for step in steps:
        lead.do(step)

    with database.read() as tx:
        details = [move.details for move in moves_of(tx, lead.lead_id)]
    assert [{name: each[name] for name in ("to", "rests_until") if name in each} for each in details] == told


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
        kept = [(move.kind, move.details["rep"]) for move in moves_of(tx, lead.lead_id)]
    assert kept == [("accept", "Ana"), ("contact", "Ana"), ("reject", "Ana"), ("outcome", "Ben")]
