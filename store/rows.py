"""Rows found and added by statements that are built once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Table

from store.database import Transaction, Writes
from store.driver import ask
from store.locks import taking
from store.statements import loader, prepared


def find(tx: Transaction, query: Select[Any], *, holding: Sequence[str] = (), **given: object) -> list[Any]:
    """Returns the rows of a query with the given parameters, once the locks of some names are held.

    PostgreSQL is asked for both at once. What the rows say is so while the locks are held.
    """
    asked, load = prepared(tx.dialect, query, tuple(given)), loader(tx.dialect, query)
    rows = ask(tx, *taking(tx, holding), (asked.text, asked.values(given)))
    return [load.loaded(row) for row in rows]


def add(tx: Writes, table: Table, *rows: Mapping[str, Any]) -> None:
    """Adds rows, all with the same columns, to a table."""
    if rows:
        tx.execute(_insertion(table), [dict(row) for row in rows])


@cache
def _insertion(table: Table) -> Insert:
    """Returns the statement; building it anew each time costs as much as running it."""
    return table.insert()
