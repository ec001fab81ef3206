"""Named locks that last as long as the transaction that takes them."""

from collections.abc import Sequence
from hashlib import blake2b

from store.conversation import Statement
from store.database import Transaction
from store.driver import ask


def hold(tx: Transaction, *names: str) -> None:
    """Waits until no other transaction holds any of the names, and holds them until the transaction ends.

    Those of one call are taken in one order everywhere; calls come in the order answer, person, team: so no two
    transactions wait for each other. On SQLite a write transaction is alone already.
    """
    if locks := taking(tx, names):
        ask(tx, *locks)


def taking(tx: Transaction, names: Sequence[str]) -> list[Statement]:
    """Returns what takes these locks from left to right, as the driver is given it; nothing where none is needed."""
    if not names or tx.dialect.name != "postgresql":
        return []
    numbers = sorted({_number(name) for name in names})
    locks = ", ".join(["pg_advisory_xact_lock(%s::BIGINT)"] * len(numbers))
    return [(f"SELECT {locks}", tuple(numbers))]


def _number(name: str) -> int:
    """Returns the 64-bit signed number that stands for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
