"""Outcomes that were told wrongly and are told anew, on both databases."""

from datetime import datetime, timedelta

import pytest

from rules.playbook import ListedReason
from store.corrections import correct_outcome
from store.database import Database
from store.errors import IllegalMoveError
from store.events import events_of
from store.kept_moves import moves_of
from store.outcomes import outcomes
from tests.builders import NOW
from tests.store.builders import due_for
from tests.store.floor import HOUR, LATER, WRONG, Floor, floor


def correct(
    lead: Floor, lost_for: ListedReason | None = None, amount: float | None = None, *, at: datetime | None = None
) -> None:
    """Tells three hours after NOW what truly became of a lead."""
    with lead.database.begin() as tx:
        correct_outcome(tx, lead.lead_id, lost_for, amount, NOW + 3 * HOUR, at=at)


def ended(lead: Floor) -> tuple[object, ...]:
    """How the lead ended, by its last assignment."""
    last = lead.history[-1]
    return lead.state, last.state, last.reason, last.amount, last.ended_at


@pytest.mark.parametrize(
    ("step", "told", "comes_to"),
    [
        ("win", (None, 900.0), ("won", "won", None, 900.0, NOW + HOUR)),
        ("win", (WRONG, None), ("lost", "lost", WRONG.name, None, NOW + HOUR)),
        ("lose", (None, 50.0), ("won", "won", None, 50.0, NOW + HOUR)),
        ("lose", (LATER, None), ("resting", "lost", LATER.name, None, NOW + HOUR)),
        ("lose for now", (None, None), ("won", "won", None, None, NOW + HOUR)),
    ],
)
def test_the_outcome_told_anew_is_the_one_that_counts(
    database: Database, step: str, told: tuple[ListedReason | None, float | None], comes_to: tuple[object, ...]
) -> None:
    """As of when it was first told; a lead that rests comes back, one that does not any more stays."""
    lead = floor(database, "Ana")
    lead.do(step, NOW + HOUR)

    correct(lead, *told)

    assert ended(lead) == comes_to
    with database.read() as tx:
        due = [(work.kind, work.due_at) for work in due_for(tx, lead.lead_id)]
        known = outcomes(tx, before=NOW + HOUR, reject_reasons=()).known
    assert due == ([("recycle", NOW + HOUR + timedelta(days=90))] if comes_to[0] == "resting" else [])
    assert [one.won for one in known] == [comes_to[1] == "won"]


def test_it_is_told_that_and_what_was_corrected(database: Database) -> None:
    """In the lead's history, and outside."""
    lead = floor(database, "Ana")
    lead.do("win", NOW + HOUR)

    correct(lead, WRONG, at=NOW + 2 * HOUR)

    with database.read() as tx:
        move, event = moves_of(tx, lead.lead_id)[-1], events_of(tx, lead.lead_id)[-1]
    told = {"rep": "Ana", "outcome": "lost", "reason": WRONG.name, "amount": None, "corrects": "won"}
    assert (move.kind, move.at, move.details) == (
        "outcome",
        NOW + 2 * HOUR,
        {**told, "told_at": (NOW + 3 * HOUR).isoformat()},
    )
    assert (event.kind, {name: event.payload[name] for name in told}) == ("lead.outcome", told)


@pytest.mark.parametrize(
    ("steps", "state"), [([], "assigned"), (["reject"], "rejected"), (["lose for now", "rest"], "assigned")]
)
def test_what_has_no_outcome_has_none_to_correct(database: Database, steps: list[str], state: str) -> None:
    """Nor has a lead that came to sales again since."""
    lead = floor(database, "Ana")
    for step in steps:
        if step == "rest":
            lead.sweep(NOW + timedelta(days=90))
        else:
            lead.do(step)

    with pytest.raises(IllegalMoveError) as error:
        correct(lead)

    assert str(error.value) == f"an outcome can be corrected of a lead that was won or lost; this one is {state}"


def test_an_outcome_is_not_before_the_call_that_led_to_it(database: Database) -> None:
    lead = floor(database, "Ana")
    lead.do("contact", NOW + HOUR)
    lead.do("win", NOW + 2 * HOUR)

    with pytest.raises(IllegalMoveError, match="contacted at 2026-03-06T13:00:00"):
        correct(lead, at=NOW + HOUR / 2)
