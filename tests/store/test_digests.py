"""The digest of the day: when it is made, and what it tells of how a team stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from routing.decision import Promise
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from store.absences import add_absence
from store.database import Database
from store.digests import add_digests
from store.moves import contact
from store.sweep import sweep
from store.tables import events
from tests.builders import NOW
from tests.store.builders import PLAYBOOK, arrive, playbook

HOUR = timedelta(hours=1)
# NOW is a Friday; people work from 9 to 18 in Berlin.
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def digests(database: Database, book: Compiled, *times: datetime) -> list[tuple[str, ...]]:
    """Which teams have a digest made at each of these times."""
    found = []
    for now in times:
        with database.begin() as tx:
            found.append(add_digests(tx, book.playbook, now))
    return found


def last(database: Database) -> Any:
    """What the newest digest says."""
    with database.read() as tx:
        told = select(events.c.payload).where(events.c.kind == "digest.day").order_by(events.c.id.desc()).limit(1)
        return tx.execute(told).scalar_one()


def count(**over: Any) -> dict[str, Any]:
    """Counts of nothing, with some instead."""
    return {"assigned": 0, "in_time": 0, "broken": 0, "overdue": 0, **over}


def test_each_team_has_one_digest_of_a_day_once_its_day_has_begun(database: Database) -> None:
    book, early = playbook("Ana"), FRIDAY - HOUR

    # At 8, 9, 10, 18 and 23, and on Saturday.
    found = digests(
        database, book, early, FRIDAY, FRIDAY + HOUR, FRIDAY + 9 * HOUR, FRIDAY + 14 * HOUR, FRIDAY + 24 * HOUR
    )

    assert found == [(), ("inbound",), (), (), (), ()]


def test_a_day_that_is_over_is_told_of_no_more(database: Database) -> None:
    """Its manager would read it on the next morning, beside that day's."""
    assert digests(database, playbook("Ana"), FRIDAY + 9 * HOUR, MONDAY) == [(), ("inbound",)]


def test_a_day_is_named_as_it_is_where_the_team_lives(database: Database) -> None:
    text = PLAYBOOK.format(reps="{name: Ana, email: ana@seller.example}").replace("Europe/Berlin", "Pacific/Auckland")
    book = compile_playbook(read_playbook(text, number=1))

    digests(database, book, datetime(2026, 3, 5, 21, 0, tzinfo=UTC))

    assert last(database)["day"] == "2026-03-06"


def test_other_hours_of_the_same_day_make_no_other_digest(database: Database) -> None:
    text = PLAYBOOK.format(reps="{name: Ana, email: ana@seller.example}").replace("09:00-18:00", "08:30-18:00")

    digests(database, playbook("Ana"), FRIDAY)

    assert digests(database, compile_playbook(read_playbook(text, number=2)), FRIDAY + HOUR) == [()]


def test_a_monday_is_told_of_the_friday_before_it(database: Database) -> None:
    book = playbook("Ana, capacity: 2 per day")
    for name in ("ann", "bob", "cem"):
        arrive(database, book, name, NOW)

    digests(database, book, MONDAY)

    assert last(database) == {
        "team": "inbound",
        "day": "2026-03-09",
        "since": FRIDAY.isoformat(),
        "until": MONDAY.isoformat(),
        **count(assigned=2),
        "queued": 1,
        "reps": [{"rep": "Ana", **count(assigned=2), "away_until": None}],
    }


def test_every_lead_is_told_of_once(database: Database) -> None:
    book = playbook("Ana")
    told = []
    for number, at in enumerate([FRIDAY - HOUR, FRIDAY, FRIDAY + HOUR, MONDAY - HOUR, MONDAY, MONDAY + HOUR]):
        arrive(database, book, f"p{number}", at)
    for day in (FRIDAY, MONDAY, MONDAY + timedelta(days=1)):
        digests(database, book, day + 2 * HOUR)  # a worker was away
        told.append(last(database)["assigned"])

    assert told == [1, 3, 2]


def test_it_tells_what_each_rep_kept_and_broke(database: Database) -> None:
    book = playbook("Ana", "Ben")
    promise = Promise(name="always", respond_by=FRIDAY + 4 * HOUR, warn_at=())
    taken = [arrive(database, book, name, FRIDAY, sla=promise).lead_id for name in ("ann", "bob", "cem", "dot")]
    with database.begin() as tx:
        contact(tx, taken[0], "call", book, FRIDAY + HOUR)  # Ana's first
        add_absence(tx, "Ben", MONDAY, MONDAY + 9 * HOUR, FRIDAY)
    sweep(database, book, lambda *_: None, FRIDAY + 5 * HOUR)

    digests(database, book, MONDAY)

    assert last(database)["reps"] == [
        {"rep": "Ana", **count(assigned=2, in_time=1, broken=1, overdue=1), "away_until": None},
        {"rep": "Ben", **count(assigned=2, broken=2, overdue=2), "away_until": (MONDAY + 9 * HOUR).isoformat()},
    ]


def test_a_team_without_a_manager_has_none(database: Database) -> None:
    book = playbook("Ana").playbook
    team = replace(book.teams["inbound"], manager=None)

    with database.begin() as tx:
        assert add_digests(tx, replace(book, teams={"inbound": team}), FRIDAY) == ()
