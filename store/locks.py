"""Named locks that last as long as the transaction that takes them."""

from hashlib import blake2b

from sqlalchemy import func, select

from store.database import Transaction


def hold(tx: Transaction, *names: str) -> None:
    """Waits until no other transaction holds any of the names, and holds them until the transaction ends.

    They are taken in one order everywhere, so two transactions never wait for each other. On SQLite a write
    transaction is alone already.
    """
    if tx.dialect.name == "postgresql" and names:
        numbers = sorted({_number(name) for name in names})
        tx.execute(select(*(func.pg_advisory_xact_lock(number) for number in numbers)))


def _number(name: str) -> int:
    """Returns the 64-bit signed number that stands for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
