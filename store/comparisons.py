"""Comparisons of two versions, kept so that every server can judge by them, also without the rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from store.database import Transaction
from store.rows import add
from store.tables import comparisons


def keep_comparison(tx: Transaction, first: str, second: str, document: Mapping[str, Any]) -> None:
    """Keeps how the second version does beside the first."""
    add(tx, comparisons, {"first": first, "second": second, "document": document})


def kept_comparison(tx: Transaction, first: str, second: str) -> Mapping[str, Any] | None:
    """Returns how the second version does beside the first, where that was kept."""
    both = (comparisons.c.first == first, comparisons.c.second == second)
    document: Mapping[str, Any] | None = tx.execute(select(comparisons.c.document).where(*both)).scalar()
    return document
