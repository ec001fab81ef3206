"""Slots: a worker's stable number, held for as long as it lives, so that what a dead one began is known and taken over.

On SQLite a slot is a locked file beside the database, on PostgreSQL an advisory lock; either is free the moment its
holder dies, however it dies.
"""

import fcntl
import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from store.database import Database, Transaction

MOST_SLOTS = 256
# The names of our advisory locks that are no slots lie elsewhere: they are 64-bit hashes.
FIRST_LOCK = 5_323_500
HELD = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
    AND classid = 0 AND objid::bigint BETWEEN :first AND :last AND objsubid = 1
"""


@contextmanager
def slot(database: Database) -> Iterator[int]:
    """Holds the lowest free slot for the block."""
    for number in range(1, MOST_SLOTS + 1):
        with held(database, number) as mine:
            if mine:
                yield number
                return
    raise RuntimeError(f"{MOST_SLOTS} workers run on this database already")


def living(tx: Transaction) -> int:
    """How many slots are held, so how many workers live."""
    if tx.dialect.name == "postgresql":
        numbers = {"first": FIRST_LOCK + 1, "last": FIRST_LOCK + MOST_SLOTS}
        count: int = tx.execute(text(HELD), numbers).scalar_one()
        return count
    file = Path(tx.engine.url.database or "")
    return sum(_is_locked(path) for path in file.parent.glob(f"{glob.escape(file.name)}.worker-[1-9]*"))


@contextmanager
def held(database: Database, number: int) -> Iterator[bool]:
    """Tries to hold a slot for the block, and says whether it does; it does not when its worker lives."""
    if database.engine.dialect.name == "sqlite":
        with _file(Path(f"{database.engine.url.database}.worker-{number}")) as mine:
            yield mine
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = _try(connection, "pg_try_advisory_lock", number)
        try:
            yield mine
        finally:
            if mine:
                _try(connection, "pg_advisory_unlock", number)


def _is_locked(path: Path) -> bool:
    with _file(path) as mine:
        return not mine


@contextmanager
def _file(path: Path) -> Iterator[bool]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _try(connection: Connection, function: str, number: int) -> bool:
    found: bool = connection.execute(text(f"SELECT {function}(:key)"), {"key": FIRST_LOCK + number}).scalar_one()
    return found
