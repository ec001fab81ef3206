"""Named locks that last as long as the transaction that takes them."""

from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from store.database import Transaction


def hold(tx: Transaction, *names: str) -> None:
    """Waits until no other transaction holds any of the names, and holds them until the transaction ends.

    Those of one call are taken in one order everywhere; calls come in the order answer, person, team: so no two
    transactions wait for each other. On SQLite a write transaction is alone already.
    """
    if names and tx.dialect.name == "postgresql":
        numbers = sorted({_number(name) for name in names})
        tx.execute(_taking(len(numbers)), {f"number_{place}": number for place, number in enumerate(numbers)})


@cache
def _taking(count: int) -> Select[Any]:
    """Returns the statement that takes so many locks from left to right."""
    return select(*(func.pg_advisory_xact_lock(bindparam(f"number_{place}")) for place in range(count)))


def _number(name: str) -> int:
    """Returns the 64-bit signed number that stands for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
