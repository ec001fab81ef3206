"""The driver behind a transaction, asked past SQLAlchemy; what it raises is raised as SQLAlchemy would."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from store.database import Transaction

ERRORS = (psycopg.Error, sqlite3.Error)


def execute(tx: Transaction, text: str, values: Sequence[Any]) -> None:
    """Has the database execute a statement of which no answer is wanted."""
    try:
        _driver(tx).execute(text, values)
    except ERRORS as error:
        raise _refused(tx, error) from error


def fetch(tx: Transaction, text: str, values: Sequence[Any]) -> list[Sequence[Any]]:
    """Returns the rows that a query finds."""
    try:
        found: list[Sequence[Any]] = _driver(tx).execute(text, values).fetchall()
        return found
    except ERRORS as error:
        raise _refused(tx, error) from error


def commit(tx: Transaction) -> None:
    """Commits what was written so far; SQLAlchemy then finds nothing left to commit."""
    try:
        _driver(tx).commit()
    except ERRORS as error:
        raise _refused(tx, error) from error


def execute_alone(tx: Transaction, text: str) -> None:
    """Has PostgreSQL execute a statement after a commit, in a transaction of its own."""
    try:
        done = _driver(tx).pgconn.exec_(text.encode())
        if done.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(done.get_error_message())
    except psycopg.Error as error:
        raise _refused(tx, error) from error


@contextmanager
def piped(tx: Transaction) -> Iterator[None]:
    """Has what the block sends to PostgreSQL not wait for answers; who fetches, or the block's end, waits for all.

    What the database refuses is raised at the block's end at the latest.
    """
    driver = _driver(tx)
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise _refused(tx, error) from error


def _driver(tx: Transaction) -> Any:
    """Returns the connection of the driver."""
    return tx.connection.driver_connection


def _refused(tx: Transaction, error: Exception) -> Exception:
    """Returns an error of the driver as SQLAlchemy's, without parameters, which are contact data."""
    base = psycopg.Error if isinstance(error, psycopg.Error) else sqlite3.Error
    return DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=tx.dialect)
