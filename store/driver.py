"""The driver behind a transaction, asked past SQLAlchemy; what it raises is raised as SQLAlchemy would."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from store.conversation import Statement, converse
from store.database import Transaction, names_of

ERRORS = (psycopg.Error, sqlite3.Error)
COMMIT: Statement = ("COMMIT", ())


def ask(tx: Transaction, *statements: Statement) -> list[Any]:
    """Has the database execute statements in their order and returns the rows of the last.

    PostgreSQL gets all of them at once. After a COMMIT SQLAlchemy finds nothing left to commit.
    """
    if not statements:
        return []
    driver = _driver(tx)
    try:
        if isinstance(driver, psycopg.Connection):
            return converse(driver, names_of(tx), statements)
        cursors = [driver.execute(text, values) for text, values in statements]
        rows: list[Any] = cursors[-1].fetchall()
        return rows
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


def _driver(tx: Transaction) -> Any:
    """Returns the connection of the driver."""
    return tx.connection.driver_connection


def _refused(tx: Transaction, error: Exception) -> Exception:
    """Returns an error of the driver as SQLAlchemy's, without parameters, which are contact data."""
    base = psycopg.Error if isinstance(error, psycopg.Error) else sqlite3.Error
    return DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=tx.dialect)
