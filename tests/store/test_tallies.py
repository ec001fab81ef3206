"""How leads ended, counted for win rates."""

from datetime import timedelta

from routing.quota import MATURE, TOLD, Tally
from rules.playbook import ListedReason
from store import moves
from store.database import Database
from store.tallies import tallies_of
from tests.builders import NOW
from tests.store.builders import arrive, playbook

HOUR = timedelta(hours=1)
WRONG = ListedReason(name="wrong contact data")


def worked(database: Database) -> None:
    """Four leads of grade A: one won for 1200, one won after it was passed on, one given back, one open."""
    book = playbook("Ana", "Ben")
    won, passed, back, _ = (arrive(database, book, name).lead_id for name in ("ann", "bea", "cid", "dan"))
    with database.begin() as tx:
        moves.win(tx, won, 1200.0, book, NOW + HOUR)
        moves.reassign(tx, passed, book, NOW + HOUR)
        moves.win(tx, passed, None, book, NOW + 2 * HOUR)
        moves.reject(tx, back, WRONG, book, NOW + HOUR)
        moves.reject(tx, back, WRONG, book, NOW + 2 * HOUR)


def test_leads_with_an_outcome_count_once_by_how_they_ended(database: Database) -> None:
    worked(database)

    with database.read() as tx:
        found = tallies_of(tx, NOW + 3 * HOUR)

    assert found == {"inbound": (Tally(grade="A", decided=3, won=2, priced=1, amount=1200.0),)}


def test_a_lead_without_an_outcome_counts_once_it_had_time_for_one(database: Database) -> None:
    worked(database)

    with database.read() as tx:
        decided = [tallies_of(tx, NOW + MATURE + wait)["inbound"][0].decided for wait in (-HOUR, HOUR)]

    assert decided == [3, 4]


def test_what_is_older_than_a_year_is_forgotten(database: Database) -> None:
    worked(database)

    with database.read() as tx:
        found = tallies_of(tx, NOW + TOLD + HOUR)

    assert found == {}
