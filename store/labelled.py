"""Leads whose outcome is known, as they were when they were handed to sales: never as they became later."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scoring.lead import Lead
from store.database import Transaction
from store.erased import NOT_ERASED
from store.lead_json import lead_from_json
from store.tables import assignments, decisions


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownOutcome:
    """A lead as it was decided on, and whether it was won."""

    lead_id: str
    lead: Lead
    decided_at: datetime
    won: bool


def known_outcomes(tx: Transaction, *, since: datetime, most: int) -> tuple[KnownOutcome, ...]:
    """Returns at most so many leads that were decided since and were won or lost, those decided last first.

    A lead that came to sales more than once counts once, by its last outcome.
    """
    rows = tx.execute(
        select(assignments.c.lead_id, assignments.c.state, decisions.c.decided_at, decisions.c.lead)
        .join(decisions, decisions.c.id == assignments.c.decision_id)
        .where(assignments.c.state.in_(("won", "lost")), decisions.c.decided_at >= since, NOT_ERASED)
        .order_by(assignments.c.assigned_at.desc(), assignments.c.id.desc())
        .limit(most)
    )
    found: dict[str, KnownOutcome] = {}
    for row in rows:
        lead = lead_from_json(row.lead)
        known = KnownOutcome(lead_id=row.lead_id, lead=lead, decided_at=row.decided_at, won=row.state == "won")
        found.setdefault(row.lead_id, known)
    return tuple(found.values())
