"""What became of leads, on both databases."""

from collections.abc import Callable
from datetime import timedelta

from rules.compile import Compiled
from rules.playbook import ListedReason
from store import moves
from store.database import Database, Transaction
from store.outcomes import Outcomes, latest_outcomes, outcomes
from store.pass_on import set_state
from tests.builders import NOW, lead
from tests.store.builders import arrive, playbook, write

DAY = timedelta(days=1)
WRONG = ListedReason(name="wrong contact data")
LATER = ListedReason(name="bad timing", rest=timedelta(days=90))

Step = Callable[[Transaction, str, Compiled], None]

ENDS: dict[str, Step] = {
    "won": lambda tx, lead_id, book: moves.win(tx, lead_id, None, book, NOW),
    "lost": lambda tx, lead_id, book: moves.lose(tx, lead_id, WRONG, book, NOW),
    "rested": lambda tx, lead_id, book: moves.reject(tx, lead_id, LATER, book, NOW),
    "rejected": lambda tx, lead_id, book: moves.reject(tx, lead_id, WRONG, book, NOW),
    "open": lambda tx, lead_id, book: None,
}


def became(database: Database, book: Compiled, name: str) -> str:
    """Lets somebody arrive and come to this end; returns their id."""
    lead_id = arrive(database, book, name).lead_id
    with database.begin() as tx:
        ENDS[name](tx, lead_id, book)
    return lead_id


def found(database: Database, **over: object) -> Outcomes:
    with database.read() as tx:
        return outcomes(tx, **{"before": NOW, "reject_reasons": (WRONG, LATER), **over})  # type: ignore[arg-type] # over is of its types


def test_won_and_lost_are_outcomes_and_so_is_a_reject_for_good(database: Database) -> None:
    ids = {name: became(database, playbook("Ana"), name) for name in ENDS}

    known = found(database)

    assert {each.lead_id: each.won for each in known.known} == {
        ids["won"]: True,
        ids["lost"]: False,
        ids["rejected"]: False,
    }
    assert (known.young, known.open) == (0, 2)


def test_a_reject_that_another_rep_turns_into_a_sale_is_a_sale(database: Database) -> None:
    book = playbook("Ana", "Ben")
    lead_id = became(database, book, "rejected")
    with database.begin() as tx:
        moves.win(tx, lead_id, None, book, NOW)

    assert [each.won for each in found(database).known] == [True]


def test_leads_too_young_to_be_judged_are_left_out_whatever_became_of_them(database: Database) -> None:
    became(database, playbook("Ana"), "won")

    assert found(database, before=NOW - DAY) == Outcomes(known=(), young=1, open=0)


def test_a_lead_is_as_it_was_when_it_was_decided_never_later(database: Database) -> None:
    book = playbook("Ana")
    lead_id = became(database, book, "won")
    with database.begin() as tx:
        write(tx, book, lead(email="won@won.example", title="Learned later", attributes={"paid": 1200}), NOW + DAY)

    known = next(each for each in found(database, before=NOW).known if each.lead_id == lead_id)

    assert (known.lead.title, dict(known.lead.attributes)) == (None, {})


def test_the_latest_outcomes_are_of_the_same_kind_the_last_first_and_a_lead_counts_once(database: Database) -> None:
    """Lost in its first decision, won in its second: won."""
    book = playbook("Ana")
    ids = {name: became(database, book, name) for name in ENDS}
    with database.begin() as tx:
        set_state(tx, ids["lost"], "nurture", NOW)
        write(tx, book, lead(email="lost@lost.example"), NOW + DAY)
        moves.win(tx, ids["lost"], None, book, NOW + DAY)

        latest = latest_outcomes(tx, since=NOW, most=3, reject_reasons=(WRONG, LATER))

    assert [(each.lead_id, each.won) for each in latest] == [(ids["lost"], True), (ids["rejected"], False)]
