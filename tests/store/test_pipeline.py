"""Writes that are sent together."""

from contextlib import closing

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from store.database import Database, Transaction, connect
from store.pipeline import sent_together
from store.rows import add
from store.tables import keys
from tests.builders import NOW


def test_what_is_sent_together_is_kept_in_its_order(database: Database) -> None:
    """Rows of one statement as well as those of several."""
    with database.begin() as tx, sent_together(tx):
        add(tx, keys, key("a"), key("b"))
        add(tx, keys, key("c"))

    with database.read() as tx:
        assert tx.execute(select(keys.c.id).order_by(keys.c.id)).scalars().all() == ["a", "b", "c"]


def test_what_the_database_refuses_is_raised_and_undone(database: Database) -> None:
    """As when it is waited for at each statement, and without the values, which may be contact data."""
    with pytest.raises(IntegrityError) as refused:
        send(database, "a", "a", "b")

    with database.read() as tx:
        assert tx.execute(select(keys.c.id)).scalars().all() == []
    assert "crm" not in str(refused.value)


def test_a_connection_that_breaks_meanwhile_is_the_databases_error(postgres: str) -> None:
    """Which the doors answer with 503."""
    with closing(connect(postgres)) as database, pytest.raises(OperationalError), database.begin() as tx:
        hang_up_on_itself(tx)


def send(database: Database, *ids: str) -> None:
    """Sends keys together, each by a statement of its own."""
    with database.begin() as tx, sent_together(tx):
        for key_id in ids:
            add(tx, keys, key(key_id))


def hang_up_on_itself(tx: Transaction) -> None:
    """Has the server end the connection between two things sent together."""
    with sent_together(tx):
        tx.execute(select(func.pg_terminate_backend(func.pg_backend_pid())))
        add(tx, keys, key("a"))


def key(key_id: str) -> dict[str, object]:
    """A key's row."""
    return {"id": key_id, "kind": "crm", "name": "test", "sha256": key_id, "created_at": NOW}
