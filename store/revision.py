"""The revision of what is in force: one number that grows with every change of playbook, model or key."""

from sqlalchemy import select, update

from store.database import Transaction
from store.tables import in_force


def revision(tx: Transaction) -> int:
    """Returns the current revision; a replica that has served an older one reads playbook, model and keys again."""
    number: int = tx.execute(select(in_force.c.revision)).scalar_one()
    return number


def next_revision(tx: Transaction) -> None:
    """Counts the revision up; whoever does so next waits until this transaction ends."""
    tx.execute(update(in_force).values(revision=in_force.c.revision + 1))
