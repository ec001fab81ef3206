"""Erasing a person: everything that tells who it was goes, everywhere at once; what reports count stays."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Table, Text, bindparam, delete, func, select, type_coerce, update

from scoring.lead import Lead
from store.assignments import open_assignment
from store.database import Transaction
from store.erased import hold_erasing, without
from store.lead_json import lead_from_json, lead_to_json
from store.left_out import leave_out
from store.pass_on import end
from store.people import IDENTITY
from store.rejects import forget_rejects_of
from store.tables import answers, assignments, clocks, decisions, events, jobs, leads, metadata, moves, submissions

ERASED: Literal["erased"] = "erased"

# Who hands these on at this moment ends first: deliveries that they still keep would hang on events that are gone.
TOLD = select(events.c.id).where(events.c.lead_id == bindparam("id")).order_by(events.c.id).with_for_update()
# Their rows stay, with what is the person's taken out; rows about the lead in all other tables go.
COUNTED = (leads, submissions, decisions, assignments, clocks, moves)
# What brought a lead is no secret of it, and what reports count it by.
BROUGHT = ("source", "campaign", "utm_campaign")
KEPT = (
    select(leads.c.document, *(leads.c[name] for name in IDENTITY))
    .where(leads.c.id == bindparam("id"), leads.c.state != ERASED)
    .with_for_update()
)


def erase_lead(tx: Transaction, lead_id: str, now: datetime) -> bool:
    """Erases the person of an id in every table, and returns whether there was one.

    How many leads came when, from which source and campaign, how they were graded, who had them, which clocks were
    kept and what came of them can still be counted. Nothing finds the lead any more; the person may come back as
    someone new, but not by a file that was sent before.
    """
    hold_erasing(tx)
    kept = tx.execute(KEPT, {"id": lead_id}).one_or_none()
    if kept is None:
        return False
    lead = lead_from_json(kept.document)
    held = open_assignment(tx, lead_id)
    if held is not None:
        end(tx, held, ERASED, now)
    _forget_answers(tx, lead_id)
    _forget_moves(tx, lead_id)
    if lead.email:
        forget_rejects_of(tx, lead.email)
    tx.execute(TOLD, {"id": lead_id}).all()
    leave_out(tx, {name: getattr(kept, name) for name in IDENTITY if getattr(kept, name) is not None})
    for table in reversed(metadata.sorted_tables):
        about = None if table in COUNTED else _about(table, lead_id)
        if about is not None:
            tx.execute(delete(table).where(about))
    nobody = lead_to_json(_nobody(lead))
    _empty_decisions(tx, lead_id, nobody)
    _empty_submissions(tx, lead_id)
    tx.execute(update(assignments).where(assignments.c.lead_id == lead_id).values(company_domain=None))
    gone = dict.fromkeys(("email", "phone", "external_id", "company_domain", "decision_id"))
    tx.execute(update(leads).where(leads.c.id == lead_id).values(**gone, document=nobody, state=ERASED, updated_at=now))
    return True


def _nobody(lead: Lead) -> Lead:
    """Returns what is no secret of a lead: when it came to be, and what brought it."""
    return Lead(created_at=lead.created_at, attributes={}, **{name: getattr(lead, name) for name in BROUGHT})


def _about(table: Table, lead_id: str) -> ColumnElement[bool] | None:
    """Returns which rows of a table are about a lead, by their own word or by a row of another table that goes."""
    if "lead_id" in table.c:
        return table.c.lead_id == lead_id
    for key in table.foreign_keys:
        parent = key.column.table
        inner = None if parent in COUNTED else _about(parent, lead_id)
        if inner is not None:
            return key.parent.in_(select(key.column).where(inner))
    return None


def _forget_answers(tx: Transaction, lead_id: str) -> None:
    """Takes back the answers kept for repeated requests that speak of a lead."""
    text = lead_id.encode()
    if tx.dialect.name == "sqlite":
        spoken = func.instr(answers.c.body, text)
    else:
        spoken = func.position(bindparam("spoken", text, type_=answers.c.body.type).op("IN")(answers.c.body))
    tx.execute(delete(answers).where(spoken > 0))


def _forget_moves(tx: Transaction, lead_id: str) -> None:
    """Takes a lead out of what comparisons of playbooks told of it, and out of those that end just now."""
    speaks = (jobs.c.kind == "diff", type_coerce(jobs.c.result, Text).contains(lead_id))
    for row in tx.execute(select(jobs.c.id, jobs.c.result).where(*speaks)).all():
        tx.execute(update(jobs).where(jobs.c.id == row.id).values(result=without(row.result, {lead_id})))


def _empty_submissions(tx: Transaction, lead_id: str) -> None:
    """Takes out of a lead's submissions all but what brought it."""
    rows = tx.execute(select(submissions.c.id, submissions.c.body).where(submissions.c.lead_id == lead_id)).all()
    for row in rows:
        kept = {name: row.body[name] for name in BROUGHT if name in row.body}
        tx.execute(update(submissions).where(submissions.c.id == row.id).values(body=kept, notes=[]))


def _empty_decisions(tx: Transaction, lead_id: str, nobody: dict[str, object]) -> None:
    """Takes out of a lead's decisions what they were made from; what was decided stays."""
    rows = tx.execute(select(decisions.c.id, decisions.c.document).where(decisions.c.lead_id == lead_id)).all()
    for row in rows:
        values = {"lead": nobody, "document": _emptied(row.document)}
        tx.execute(update(decisions).where(decisions.c.id == row.id).values(**values))


def _emptied(document: dict[str, Any]) -> dict[str, Any]:
    """Returns a decision's document without reasons, which name the person's values; what its rules did is ours."""
    return {**document, "reasons": []}
