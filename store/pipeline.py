"""Writes that are sent together: a statement once for all who make it, and PostgreSQL is not waited for at each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError

from store.database import Transaction, Values, Writes


class Together:
    """Writes that are kept back: those of one piece of work stay in their order, equal ones of several become one.

    So pieces must not depend on each other, nor on what another has written.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[Executable, list[Mapping[str, Any]]]] = []
        self._place = 0

    def next_piece(self) -> None:
        """Begins another piece of work."""
        self._place = 0

    def execute(self, statement: Executable, parameters: Values, /) -> None:
        """Keeps a statement back, to be executed behind the last one of this piece."""
        rows = [parameters] if isinstance(parameters, Mapping) else list(parameters)
        self._place = self._behind(statement, rows)
        self._kept[self._place][1].extend(rows)

    def send(self, tx: Writes) -> None:
        """Executes all that was kept back."""
        for statement, rows in self._kept:
            tx.execute(statement, rows)

    def _behind(self, statement: Executable, rows: list[Mapping[str, Any]]) -> int:
        """Returns the place, not before that of this piece's last statement, at which such rows can be added."""
        for place in range(self._place, len(self._kept)):
            other, kept = self._kept[place]
            if other is statement and kept[0].keys() == rows[0].keys():
                return place
        self._kept.append((statement, []))
        return len(self._kept) - 1


@contextmanager
def sent_together(tx: Transaction) -> Iterator[Together]:
    """Keeps back what the block writes, and sends it when it ends, without waiting for an answer to each.

    What the database refuses is raised at the end of the block.
    """
    together = Together()
    yield together
    driver = tx.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        together.send(tx)
        return
    try:
        with driver.pipeline():
            together.send(tx)
    except psycopg.Error as error:
        # As SQLAlchemy raises what a statement of its own meets: without parameters, which are contact data.
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=tx.dialect) from error
