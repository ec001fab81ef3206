"""Kept leads to look at: one, or a page of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select

from scoring.lead import Lead
from store.database import Transaction
from store.lead_json import lead_from_json
from store.tables import assignments, clocks, decisions, leads


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A lead as it stands: who it is, its latest decision, and who has it now.

    `state` is new, nurture, queued, assigned, accepted, contacted, rejected, resting, won or lost. `decision` is the
    document callers see, None before the first. `respond_by` is when the first response is due, or was; None where none
    is owed, or the lead is held.
    """

    id: str
    lead: Lead
    state: str
    created_at: datetime
    updated_at: datetime
    decision: Mapping[str, Any] | None
    team: str | None
    rep: str | None
    respond_by: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Which leads to list; what is None does not matter."""

    state: str | None = None
    grade: str | None = None
    qualified: bool | None = None
    email: str | None = None
    team: str | None = None
    rep: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some leads, newest first, and the cursor of the next page; None at the end."""

    leads: tuple[Kept, ...]
    cursor: str | None


def find_lead(tx: Transaction, lead_id: str) -> Kept | None:
    """Returns the lead of an id, if it is kept."""
    row = tx.execute(_kept_lead(), {"lead": lead_id}).one_or_none()
    return None if row is None else _kept(row)


def list_leads(tx: Transaction, *, limit: int, cursor: str | None = None, filters: Filters | None = None) -> Page:
    """Returns at most `limit` leads, newest first, from behind the cursor that an earlier page gave."""
    query = _matching(filters or Filters()).order_by(leads.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(leads.c.id < cursor)
    rows = tx.execute(query).all()
    more = len(rows) > limit
    kept = tuple(_kept(row) for row in rows[:limit])
    return Page(leads=kept, cursor=kept[-1].id if more else None)


def _kept_leads() -> Select[Any]:
    """Returns the query of leads with their latest decision, open assignment and the response that is still owed."""
    has_it = and_(assignments.c.lead_id == leads.c.id, assignments.c.ended_at.is_(None))
    owed = and_(
        clocks.c.assignment_id == assignments.c.id,
        clocks.c.kind == "first_response",
        clocks.c.ended_at.is_(None),
        clocks.c.paused_at.is_(None),
    )
    whose = (assignments.c.team, assignments.c.rep, clocks.c.due_at.label("respond_by"))
    return (
        select(leads, decisions.c.document.label("decision"), *whose)
        .outerjoin(decisions, decisions.c.id == leads.c.decision_id)
        .outerjoin(assignments, has_it)
        .outerjoin(clocks, owed)
        .where(leads.c.state != "erased")
    )


@cache
def _kept_lead() -> Select[Any]:
    """Returns the query of one lead; building it anew each time costs more than asking."""
    return _kept_leads().where(leads.c.id == bindparam("lead"))


def _matching(filters: Filters) -> Select[Any]:
    """Returns the query of leads that pass the filters."""
    wanted = {
        leads.c.state: filters.state,
        leads.c.grade: filters.grade,
        leads.c.qualified: filters.qualified,
        leads.c.email: filters.email,
        assignments.c.team: filters.team,
        assignments.c.rep: filters.rep,
    }
    return _kept_leads().where(*(column == value for column, value in wanted.items() if value is not None))


def _kept(row: Row[Any]) -> Kept:
    """Returns the lead in a row."""
    return Kept(
        id=row.id,
        lead=lead_from_json(row.document),
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
        decision=row.decision,
        team=row.team,
        rep=row.rep,
        respond_by=row.respond_by,
    )
