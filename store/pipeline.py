"""Writes that are sent together: PostgreSQL is not waited for at each of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from store.database import Transaction


@contextmanager
def sent_together(tx: Transaction) -> Iterator[None]:
    """Sends what is executed in the block without waiting for answers, and waits for them all when it ends.

    Nothing executed in it can return rows or say how many it changed. What the database refuses is raised at the end of
    the block at the latest. SQLite answers at once anyway.
    """
    driver = tx.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        # As SQLAlchemy raises what a statement of its own meets: without parameters, which are contact data.
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=tx.dialect) from error
