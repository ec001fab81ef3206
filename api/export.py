"""All that is kept of one person, as one JSON document: what they may ask to see."""

from api.floor_documents import standing_document
from api.history import entries_of
from store.database import Transaction
from store.leads import submissions_of
from store.record import decisions_of
from store.standing import find_standing


def export_document(tx: Transaction, lead_id: str) -> dict[str, object] | None:
    """The lead as it stands, what was sent, every decision with its reasons, what happened; None for an unknown one."""
    standing = find_standing(tx, lead_id)
    if standing is None:
        return None
    sent = (
        {"received_at": each.received_at, "form": each.form, "body": each.body, "notes": each.notes}
        for each in submissions_of(tx, lead_id)
    )
    return {
        "lead": standing_document(standing),
        "submissions": list(sent),
        "decisions": list(decisions_of(tx, lead_id)),
        "timeline": entries_of(tx, lead_id),
    }
