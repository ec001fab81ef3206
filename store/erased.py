"""Who has been erased: their decisions are still counted, and tell nothing that could be learned from or replayed."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from store.database import Transaction
from store.locks import hold
from store.tables import decisions, leads

# Few are ever erased, and they are found by the index of states.
ERASED = select(leads.c.id).where(leads.c.state == "erased")
NOT_ERASED = decisions.c.lead_id.not_in(ERASED)
# What a comparison of playbooks tells of single leads.
TOLD = ("moves", "surprises")


def hold_erasing(tx: Transaction) -> None:
    """Waits for whoever is erased right now, and lets nobody be erased until the transaction ends."""
    hold(tx, "erasing")


def without_erased(tx: Transaction, compared: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the document of a comparison of playbooks without who was erased meanwhile; what is counted stays."""
    return without(compared, frozenset(tx.execute(ERASED).scalars()))


def without(compared: Mapping[str, Any], lead_ids: Collection[str]) -> dict[str, Any]:
    """Returns the document of a comparison of playbooks without what it tells of some leads."""
    return {**compared, **{name: [one for one in compared[name] if one["lead"] not in lead_ids] for name in TOLD}}
