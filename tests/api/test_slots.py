"""Slots: who lives, and what becomes of a slot whose lock goes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.worker.slots import living, slot
from store.database import Database, connect

HANG_UP = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
)


def alive(database: Database) -> int:
    """How many workers live."""
    with database.read() as tx:
        return living(tx)


def test_workers_hold_the_lowest_slots_that_are_free(database: Database) -> None:
    with slot(database) as (first, _):
        with slot(database) as (second, hold):
            hold()
            both = alive(database)
        with slot(database) as (again, _):
            pass

    assert (first, second, again, both, alive(database)) == (1, 2, 2, 2, 0)


def test_a_slot_is_taken_again_once_postgresql_is_back(postgres: str) -> None:
    """Its lock goes with the connection, and would say that no worker lives."""
    database, others = connect(postgres), connect(postgres)

    with slot(database) as (_, hold):
        with others.begin() as tx:
            tx.execute(text(HANG_UP))
        gone = alive(others)
        with pytest.raises(OperationalError):
            hold()
        hold()
        hold()
        back = alive(others)
    for each in (database, others):
        each.close()

    assert (gone, back) == (0, 1)
