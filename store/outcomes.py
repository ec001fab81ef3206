"""What became of leads that sales had: what the next model learns from, and what versions are held against."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from rules.playbook import ListedReason
from scoring.lead import Lead
from store.assignments import LAST_OF_DECISION, OF_DECISION
from store.database import Transaction
from store.erased import NOT_ERASED
from store.lead_json import lead_from_json
from store.tables import assignments, decisions


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A lead as it was known when it was decided to be sales', never as it became later; whether it was won."""

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


def outcomes(tx: Transaction, *, before: datetime, reject_reasons: Collection[ListedReason]) -> Outcomes:
    """Returns what became of each decision that sent a lead to sales up to an instant."""
    judged = _judged(reject_reasons).where(decisions.c.decided_at <= before)
    rows = tx.execute(judged.order_by(decisions.c.decided_at, decisions.c.id).execution_options(yield_per=1_000))
    known = tuple(map(_outcome, rows))
    old, young = _handed(tx, decisions.c.decided_at <= before), _handed(tx, decisions.c.decided_at > before)
    return Outcomes(known=known, young=young, open=old - len(known))


def latest_outcomes(
    tx: Transaction, *, since: datetime, most: int, reject_reasons: Collection[ListedReason]
) -> tuple[Outcome, ...]:
    """Returns at most so many outcomes of leads that were decided since, those decided last first.

    A lead that came to sales more than once counts once, by its last outcome.
    """
    judged = _judged(reject_reasons).where(decisions.c.decided_at >= since)
    rows = tx.execute(judged.order_by(decisions.c.decided_at.desc(), decisions.c.id.desc()).limit(most))
    found: dict[str, Outcome] = {}
    for row in rows:
        found.setdefault(row.lead_id, _outcome(row))
    return tuple(found.values())


def _judged(reject_reasons: Collection[ListedReason]) -> Select[Any]:
    """Returns the statement that finds the decisions of which it is known what became.

    Won is won. Lost, or rejected by the last who had it, is not, unless the reason of the reject is one that lets the
    lead rest: then it was the wrong moment, which says nothing of the lead. Anything else has no outcome.
    """
    rests = [reason.name for reason in reject_reasons if reason.rest is not None]
    for_good = or_(assignments.c.reason.is_(None), assignments.c.reason.not_in(rests))
    ended = or_(assignments.c.state.in_(("won", "lost")), and_(assignments.c.state == "rejected", for_good))
    columns = (decisions.c.lead_id, decisions.c.decided_at, decisions.c.lead, assignments.c.state)
    return select(*columns).join(assignments, OF_DECISION).where(ended, LAST_OF_DECISION, NOT_ERASED)


def _handed(tx: Transaction, when: ColumnElement[bool]) -> int:
    """Returns how many decisions sent a lead to sales."""
    count = select(func.count(decisions.c.id.distinct())).join(assignments, OF_DECISION).where(when, NOT_ERASED)
    return tx.execute(count).scalar_one()


def _outcome(row: Row[Any]) -> Outcome:
    """Returns the outcome in a row."""
    return Outcome(
        lead_id=row.lead_id, lead=lead_from_json(row.lead), decided_at=row.decided_at, won=row.state == "won"
    )
