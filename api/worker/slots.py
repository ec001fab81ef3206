"""Slots: a worker's stable number, held for as long as it lives, so that what a dead one began is known and taken over.

On SQLite a slot is a locked file beside the database, on PostgreSQL an advisory lock; either is free the moment its
holder dies, however it dies. An advisory lock also goes with its connection, when PostgreSQL is started again.
"""

import glob
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from api.files import locked
from store.database import Database, Transaction

MOST_SLOTS = 256
# The names of our advisory locks that are no slots lie elsewhere: they are 64-bit hashes.
FIRST_LOCK = 5_323_500
HELD = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
    AND classid = 0 AND objid::bigint BETWEEN :first AND :last AND objsubid = 1
"""
TRY = "SELECT pg_try_advisory_lock(:key)"
LET_GO = "SELECT pg_advisory_unlock(:key)"
MINE = """
    SELECT count(*) > 0 FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
    AND classid = 0 AND objid::bigint = :key AND objsubid = 1
"""

# Sees to it that a slot is still held; to be called now and then.
Hold = Callable[[], None]


@contextmanager
def slot(database: Database) -> Iterator[tuple[int, Hold]]:
    """Holds the lowest free slot for the block: its number, and what holds on to it."""
    for number in range(1, MOST_SLOTS + 1):
        with held(database, number) as hold:
            if hold:
                yield number, hold
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
def held(database: Database, number: int) -> Iterator[Hold | None]:
    """Tries to hold a slot for the block, and gives what holds on to it; None when its worker lives."""
    if database.engine.dialect.name == "sqlite":
        with locked(Path(f"{database.engine.url.database}.worker-{number}")) as mine:
            yield _surely_held if mine else None
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = _ask(connection, TRY, number)
        try:
            yield partial(_hold_on, connection, number) if mine else None
        finally:
            if mine:
                with suppress(OperationalError):  # without its connection there is no lock either
                    _ask(connection, LET_GO, number)


def _surely_held() -> None:
    """Does nothing: a file stays locked."""


def _hold_on(connection: Connection, number: int) -> None:
    """Takes a slot again whose lock went with its connection, unless another has it. Raises: OperationalError."""
    if not _ask(connection, MINE, number):
        _ask(connection, TRY, number)


def _is_locked(path: Path) -> bool:
    with locked(path) as mine:
        return not mine


def _ask(connection: Connection, statement: str, number: int) -> bool:
    with connection.begin():  # or a connection that was lost would not be made anew
        found: bool = connection.execute(text(statement), {"key": FIRST_LOCK + number}).scalar_one()
        return found
