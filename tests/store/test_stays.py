"""Leads that ask again while they rest, or when sales is done with them, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from routing.decision import Decision
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from store.clocks import clocks_of
from store.corrections import correct_outcome
from store.database import Database
from store.kept_moves import moves_of
from store.leads import known_lead
from store.listing import find_lead
from store.record import Recorded, record
from store.tables import assignments
from tests.builders import NOW
from tests.store.builders import PLAYBOOK, decision, unqualified
from tests.store.floor import HOUR, LATER, Floor, floor

RESTS = "rests until 2026-06-04 14:00 CEST (bad timing); it comes back by itself then"
WON = "was won on 2026-03-06 13:00 CET; sales is done with it"
FOR_GOOD = (
    "was {} on 2026-03-06 13:00 CET (wrong contact data) and has qualified ever since; "
    "it comes to sales again once it has stopped qualifying and qualifies anew"
)


def asks_again(lead: Floor, decided: Decision | None = None, book: Compiled | None = None) -> Recorded:
    """What is kept of a lead that comes by itself an hour later and qualifies, unless it is decided otherwise."""
    with lead.database.begin() as tx:
        known = known_lead(tx, lead.lead_id, NOW + HOUR)
        assert known is not None
        return record(tx, known, decided or decision(NOW + HOUR), book or lead.book, NOW + HOUR)


@pytest.mark.parametrize(
    ("step", "state", "stays"),
    [
        ("reject for now", "resting", RESTS),
        ("lose for now", "resting", RESTS),
        ("win", "won", WON),
        ("reject", "rejected", FOR_GOOD.format("rejected")),
        ("lose", "lost", FOR_GOOD.format("lost")),
    ],
)
def test_a_lead_that_stays_says_why_and_what_brings_it_to_sales(
    database: Database, step: str, state: str, stays: str
) -> None:
    """By the clocks of the team that had it: in the answer, and in what is kept."""
    lead = floor(database, "Ana")
    lead.do(step)

    recorded = asks_again(lead)

    with database.read() as tx:
        kept = find_lead(tx, lead.lead_id)
    assert kept is not None
    assert (kept.state, recorded.decision.stays, recorded.decision.route, recorded.decision.sla) == (
        *(state, stays),
        *(None, None),
    )
    assert recorded.document["stays"] == stays
    assert kept.decision == recorded.document


@pytest.mark.parametrize(("step", "stays"), [("reject for now", RESTS), ("win", WON)])
def test_it_says_so_also_when_it_does_not_qualify(database: Database, step: str, stays: str) -> None:
    """A score that has fallen changes nothing about a lead that is won or rests."""
    lead = floor(database, "Ana")
    lead.do(step)

    assert asks_again(lead, unqualified(NOW + HOUR)).decision.stays == stays


@pytest.mark.parametrize("step", ["reject", "lose"])
def test_a_lead_given_up_for_good_is_held_back_until_it_once_does_not_qualify(database: Database, step: str) -> None:
    """As it was told: asking twice changes nothing, failing to qualify does."""
    lead = floor(database, "Ana")
    lead.do(step)

    answers = [asks_again(lead, each) for each in (None, None, unqualified(NOW + HOUR), None)]

    assert [each.decision.stays is not None for each in answers] == [True, True, False, False]
    assert lead.state == "assigned"


def test_a_lead_comes_back_when_it_said_it_would(database: Database) -> None:
    """And is then held by somebody, who is named instead."""
    lead = floor(database, "Ana")
    lead.do("reject for now")
    rests = timedelta(days=90)

    lead.sweep(NOW + rests - timedelta(minutes=1))
    before = asks_again(lead).decision.stays
    lead.sweep(NOW + rests)

    assert before == RESTS
    assert lead.state == "assigned"
    with database.read() as tx:
        kept = find_lead(tx, lead.lead_id)
    assert kept is not None
    assert kept.decision is not None
    assert kept.decision["stays"] is None


def test_a_lead_that_somebody_has_says_who_does_and_not_that_it_stays(database: Database) -> None:
    lead = floor(database, "Ana")

    again = asks_again(lead).decision

    assert again.route is not None
    assert (again.route.why, again.stays) == ("Ana has had this lead since 2026-03-06 13:00 CET", None)


def test_what_is_said_follows_an_outcome_told_anew(database: Database) -> None:
    """From the next time that the lead asks; what was answered before stays as it was."""
    lead = floor(database, "Ana")
    lead.do("win")
    before = asks_again(lead)
    with database.begin() as tx:
        correct_outcome(tx, lead.lead_id, LATER, None, NOW + HOUR)

    assert (before.decision.stays, asks_again(lead).decision.stays) == (WON, RESTS)


def test_where_the_team_is_gone_times_are_utc(database: Database) -> None:
    """Nobody's wall hangs there any more."""
    lead = floor(database, "Ana")
    lead.do("win")
    reps = "{name: Ana, email: ana@seller.example}"
    other = compile_playbook(read_playbook(PLAYBOOK.format(reps=reps).replace("inbound", "outbound"), number=2))

    stays = asks_again(lead, replace(decision(NOW + HOUR), playbook=2), other).decision.stays

    assert stays == "was won on 2026-03-06 12:00 UTC; sales is done with it"


@pytest.mark.parametrize("step", ["reject for now", "win", "lose"])
def test_asking_again_changes_nothing_that_reports_count(database: Database, step: str) -> None:
    """No assignment, no clock, no move."""
    lead = floor(database, "Ana")
    lead.do(step)
    before = counted(lead)

    asks_again(lead)

    assert counted(lead) == before


def counted(lead: Floor) -> tuple[object, ...]:
    """What the report on the agreement goes by."""
    with lead.database.read() as tx:
        had = tx.execute(select(assignments).where(assignments.c.lead_id == lead.lead_id)).all()
        return had, [clocks_of(tx, each.id) for each in had], moves_of(tx, lead.lead_id)
