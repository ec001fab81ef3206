"""What became of leads that sales had: what the next model learns from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scoring.lead import Lead
from store.database import Transaction
from store.erased import NOT_ERASED
from store.lead_json import lead_from_json
from store.tables import assignments, decisions

# One row for each assignment, those of a decision from the first to the last.
ENDS = (
    select(
        decisions.c.id,
        decisions.c.lead_id,
        decisions.c.decided_at,
        decisions.c.lead,
        assignments.c.state,
        assignments.c.reason,
    )
    .join(assignments, assignments.c.decision_id == decisions.c.id)
    .where(NOT_ERASED)
    .order_by(decisions.c.id, assignments.c.id)
    .execution_options(yield_per=1_000)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A lead as it was known when it was decided to be sales', and whether it was won in the end."""

    lead_id: str
    lead: Lead
    decided_at: datetime
    won: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """Every outcome, oldest decision first; how many leads are too young to be judged, how many have no outcome yet."""

    known: tuple[Outcome, ...]
    young: int
    open: int


def outcomes(tx: Transaction, *, before: datetime, rests: Collection[str]) -> Outcomes:
    """Returns what became of each decision that sent a lead to sales up to an instant.

    Won is won. Lost, or rejected by the last who had it, is not, unless the reason of the reject is one that lets the
    lead rest (`rests`): then it was the wrong moment, which says nothing of the lead. Anything else has no outcome.
    """
    last = {row.id: row for row in tx.execute(ENDS)}
    old = [row for row in last.values() if row.decided_at <= before]
    known = [
        Outcome(lead_id=row.lead_id, lead=lead_from_json(row.lead), decided_at=row.decided_at, won=row.state == "won")
        for row in sorted(old, key=lambda row: (row.decided_at, row.id))
        if row.state in ("won", "lost") or (row.state == "rejected" and row.reason not in rests)
    ]
    return Outcomes(known=tuple(known), young=len(last) - len(old), open=len(old) - len(known))
