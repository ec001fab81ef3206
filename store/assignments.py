"""Who has which lead: at most one open assignment a lead, and every one it ever had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, ScalarSelect, bindparam, exists, select, update

from store.database import Transaction, Writes
from store.rows import add
from store.tables import assignments, decisions, leads

AssignmentState = Literal[
    "queued", "assigned", "accepted", "contacted", "rejected", "reassigned", "won", "lost", "erased"
]

# An assignment made in a decision's name; by the lead, which is indexed: its decision is one of its lead's.
OF_DECISION = (assignments.c.lead_id == decisions.c.lead_id) & (assignments.c.decision_id == decisions.c.id)
# Whoever had the lead last in the name of one decision says what became of it.
LATER = assignments.alias("later")
LAST_OF_DECISION = ~exists().where(
    LATER.c.lead_id == assignments.c.lead_id,
    LATER.c.decision_id == assignments.c.decision_id,
    LATER.c.id > assignments.c.id,
)

OPEN = select(assignments).where(assignments.c.lead_id == bindparam("lead_id"), assignments.c.ended_at.is_(None))
LAST = (
    select(assignments).where(assignments.c.lead_id == bindparam("lead_id")).order_by(assignments.c.id.desc()).limit(1)
)
ALL = (
    select(assignments)
    .where(assignments.c.lead_id == bindparam("lead_id"))
    .order_by(assignments.c.assigned_at, assignments.c.id)
)
FOUND = select(assignments).where(assignments.c.id.in_(bindparam("ids", expanding=True)))
CHANGED = update(assignments).where(assignments.c.id == bindparam("assignment"))
EARLIER = select(assignments.c.decision_id, assignments.c.rep).where(
    assignments.c.lead_id.in_(bindparam("leads", expanding=True)), assignments.c.rep.is_not(None)
)


def owner(company_domain: ColumnElement[Any], lead: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Returns the query for the rep of a team who last got a lead of a company and did not give it away.

    Having the lead in question right now makes nobody the owner, or else whoever is about to lose it would be.
    """
    return (
        select(assignments.c.rep)
        .where(
            assignments.c.team == bindparam("in_team"),
            assignments.c.company_domain == company_domain,
            assignments.c.rep.is_not(None),
            assignments.c.state != "rejected",
            assignments.c.state != "reassigned",
            (assignments.c.lead_id != lead) | assignments.c.ended_at.is_not(None),
        )
        .order_by(assignments.c.assigned_at.desc(), assignments.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


OWNERS = select(leads.c.id, owner(leads.c.company_domain, leads.c.id).label("owner")).where(
    leads.c.id.in_(bindparam("leads", expanding=True))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """A lead in someone's hands. `rep` is None while it waits in the team's queue.

    `why` names the choice and its candidates. `received_at` to `assigned_at` is the system's own delay. `reason` is of
    the playbook's lists, for one that was rejected or lost; `amount` is what one was won for.
    """

    id: str
    lead_id: str
    decision_id: str
    route: str
    team: str
    rep: str | None
    state: AssignmentState
    why: Mapping[str, Any]
    company_domain: str | None
    received_at: datetime
    assigned_at: datetime
    ended_at: datetime | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    reason: str | None = None
    amount: float | None = None


def add_assignment(tx: Writes, assignment: Assignment) -> None:
    """Keeps an assignment. Raises: IntegrityError when the lead has an open one."""
    add(tx, assignments, {field.name: getattr(assignment, field.name) for field in fields(assignment)})


def open_assignment(tx: Transaction, lead_id: str) -> Assignment | None:
    """Returns who has the lead now, if anyone."""
    row = tx.execute(OPEN, {"lead_id": lead_id}).one_or_none()
    return None if row is None else _assignment(row)


def last_assignment(tx: Transaction, lead_id: str) -> Assignment | None:
    """Returns who has the lead, or had it last; None when sales never had it."""
    row = tx.execute(LAST, {"lead_id": lead_id}).one_or_none()
    return None if row is None else _assignment(row)


def find_assignment(tx: Transaction, assignment_id: str) -> Assignment:
    """Returns the assignment of an id."""
    return find_assignments(tx, [assignment_id])[assignment_id]


def find_assignments(tx: Transaction, assignment_ids: Sequence[str]) -> dict[str, Assignment]:
    """Returns the assignments of these ids, each by its id."""
    return {row.id: _assignment(row) for row in tx.execute(FOUND, {"ids": assignment_ids})}


def change_assignment(tx: Writes, assignment_id: str, **values: object) -> None:
    """Keeps new values of an assignment."""
    tx.execute(CHANGED, {"assignment": assignment_id, **values})


def assignments_of(tx: Transaction, lead_id: str) -> tuple[Assignment, ...]:
    """Returns everyone who had the lead, oldest first."""
    return tuple(_assignment(row) for row in tx.execute(ALL, {"lead_id": lead_id}))


def owners_of(tx: Transaction, team: str, lead_ids: Sequence[str]) -> dict[str, str | None]:
    """Returns who of a team has the account of each lead; None for a lead whose account nobody has."""
    return {row.id: row.owner for row in tx.execute(OWNERS, {"in_team": team, "leads": lead_ids})}


def earlier_reps(tx: Transaction, held: Sequence[Assignment]) -> Mapping[str, set[str]]:
    """Returns everyone who has had each lead since it was decided to be sales', by that decision."""
    found: dict[str, set[str]] = {each.decision_id: set() for each in held}
    for row in tx.execute(EARLIER, {"leads": [each.lead_id for each in held]}):
        if row.decision_id in found:
            found[row.decision_id].add(row.rep)
    return found


def _assignment(row: Row[Any]) -> Assignment:
    """Returns the assignment in a row."""
    return Assignment(**row._asdict())
