"""Adding rows by statements that are built once."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table

from store.database import Writes


def add(tx: Writes, table: Table, *rows: Mapping[str, Any]) -> None:
    """Adds rows, all with the same columns, to a table."""
    if rows:
        tx.execute(_insertion(table), [dict(row) for row in rows])


@cache
def _insertion(table: Table) -> Insert:
    """Returns the statement; building it anew each time costs as much as running it."""
    return table.insert()
