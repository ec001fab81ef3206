"""Statements that are built once, beside SQLAlchemy's own way to execute them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from store.database import Database, Transaction, Writes
from store.pipeline import AT_ONCE, sent_together
from store.rows import add, find
from store.tables import due_work, keys, leads, shares

HERE = datetime(2026, 11, 24, 11, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
OF_TEAM = select(shares).where(shares.c.team == bindparam("of_team"))
ONE_MORE = update(shares).where(shares.c.rep == bindparam("chosen")).values(assigned=shares.c.assigned + 1)

Way = Callable[[Transaction], AbstractContextManager[Writes]]


@contextmanager
def as_sqlalchemy_does(tx: Transaction) -> Iterator[Writes]:
    """Writes at once."""
    yield tx


@pytest.mark.parametrize("way", [as_sqlalchemy_does, sent_together])
def test_rows_are_kept_as_sqlalchemy_keeps_them(database: Database, way: Way) -> None:
    """Instants in UTC to the microsecond, documents as they were, what is missing as missing."""
    rows = [work("w1", {"b": 1, "a": [HERE.isoformat(), None, 1.5, "50 % off, ü"]}), work("w2", {})]
    with database.begin() as tx, way(tx) as writes:
        add(writes, due_work, *rows)

    with database.read() as tx:
        found = [row._asdict() for row in tx.execute(select(due_work).order_by(due_work.c.id))]
    assert found == rows
    assert [row["due_at"].tzinfo for row in found] == [UTC, UTC]


def test_what_is_found_is_what_sqlalchemy_finds(database: Database) -> None:
    """Of every kind of column, and nothing where there is none."""
    query = select(leads).where(leads.c.email == bindparam("email"))
    with database.begin() as tx, sent_together(tx) as writes:
        add(writes, leads, person("ann@big.example", qualified=True, score=80.5))
        add(writes, leads, person("bob@big.example", qualified=None, score=None))

    with database.begin() as tx:
        for email in ("ann@big.example", "bob@big.example", "cleo@big.example"):
            expected = [row._asdict() for row in tx.execute(query, {"email": email})]
            for holding in ([], ["a lock", "another"]):
                assert [row._asdict() for row in find(tx, query, holding=holding, email=email)] == expected


def test_more_rows_than_one_statement_takes_are_all_added(database: Database) -> None:
    """In as many statements as needed."""
    with database.begin() as tx, sent_together(tx) as writes:
        add(writes, due_work, *(work(f"w{number:04}", {}) for number in range(2 * AT_ONCE + 1)))

    with database.read() as tx:
        assert len(tx.execute(select(due_work.c.id)).all()) == 2 * AT_ONCE + 1


def test_a_change_takes_what_is_given_beside_what_the_statement_says(database: Database) -> None:
    """A parameter, a new value and one that is counted from the old."""
    with database.begin() as tx:
        with sent_together(tx) as writes:
            add(writes, shares, share("Ana", 3), share("Ben", 4))
            writes.execute(ONE_MORE, [{"chosen": "Ana", "credit": 0.5}, {"chosen": "Ben", "credit": 1.5}])

        found = find(tx, OF_TEAM, of_team="inbound")
    assert sorted((row.rep, row.assigned, row.credit) for row in found) == [("Ana", 4, 0.5), ("Ben", 5, 1.5)]


def test_what_is_not_given_is_missed(database: Database) -> None:
    """Not taken for nothing."""
    with database.begin() as tx:
        with pytest.raises(KeyError):
            find(tx, OF_TEAM)
        with pytest.raises(KeyError), sent_together(tx) as writes:
            writes.execute(ONE_MORE, {"credit": 0.5})


def test_a_naive_instant_is_refused(database: Database) -> None:
    """Nobody knows which instant it is."""
    naive = HERE.replace(tzinfo=None)
    with database.begin() as tx, pytest.raises(ValueError, match="has no time zone"), sent_together(tx) as writes:
        add(writes, due_work, {**work("w1", {}), "due_at": naive})


def test_what_a_driver_refuses_is_raised_as_sqlalchemy_raises_it(database: Database) -> None:
    """Without the values, which may be contact data."""
    row = {"id": "k1", "kind": "crm", "name": "secret@big.example", "sha256": "1", "created_at": HERE}
    with pytest.raises(IntegrityError) as refused, database.begin() as tx, sent_together(tx) as writes:
        add(writes, keys, row, row)
    assert "secret" not in str(refused.value)


def work(work_id: str, payload: object) -> dict[str, Any]:
    """A row of work that falls due."""
    about = {"kind": "warning", "lead_id": None, "reference": "clock"}
    return {"id": work_id, "due_at": HERE.astimezone(UTC), "payload": payload, **about}


def share(rep: str, assigned: int) -> dict[str, Any]:
    """A rep's row."""
    row = {"team": "inbound", "period": "2026-11", "rep": rep, "assigned": assigned}
    return {**row, "credit": 0.0, "last_assigned_at": None}


def person(email: str, **more: object) -> dict[str, Any]:
    """A lead's row."""
    at = {"created_at": HERE, "updated_at": HERE}
    return {"id": email, "email": email, "document": {"email": email}, "state": "new", **at, **more}
