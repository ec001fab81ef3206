"""Leads: each person once, every submission, every activity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from scoring.contact import email_domain, email_kind
from scoring.lead import Activity, Lead
from store.database import Transaction, Writes
from store.ids import new_id
from store.lead_json import lead_from_json, lead_to_json
from store.merge import merged
from store.people import person_of
from store.rows import add
from store.tables import activities, leads, submissions

DOCUMENT = select(leads.c.document).where(leads.c.id == bindparam("id"), leads.c.state != "erased").with_for_update()
MERGED = update(leads).where(leads.c.id == bindparam("lead"))
ACTIVITIES = (
    select(activities.c.kind, activities.c.at)
    .where(activities.c.lead_id == bindparam("lead_id"))
    .order_by(activities.c.at, activities.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A person as known after the last submission, with everything they did; their row is locked.

    `notes` says which identifying values of the submission stay with another lead. `received_at` is when what
    brought this about arrived.
    """

    id: str
    lead: Lead
    activities: tuple[Activity, ...]
    new: bool
    received_at: datetime
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What was sent, as it was sent; `form` names the web form, None for a CRM's."""

    id: str
    received_at: datetime
    form: str | None
    body: Mapping[str, object]
    notes: tuple[str, ...]


def merge_lead(tx: Transaction, lead: Lead, now: datetime, *, writes: Writes | None = None) -> Known:
    """Keeps a lead as a new person, or merges it into the person it belongs to, whom it locks.

    What is to be written goes to `writes`; without them it is written at once.
    """
    person = person_of(tx, lead)
    known = lead if person.row is None else merged(lead_from_json(person.row.document), lead)
    values = {
        **person.identity,
        "company_domain": company_domain(known),
        "document": lead_to_json(known),
        "updated_at": now,
    }
    if person.row is None:
        lead_id = new_id(now)
        add(writes or tx, leads, {"id": lead_id, "state": "new", "created_at": now, **values})
    else:
        lead_id = person.row.id
        (writes or tx).execute(MERGED, {"lead": lead_id, **values})
    return Known(
        id=lead_id,
        lead=known,
        activities=() if person.row is None else activities_of(tx, lead_id),
        new=person.row is None,
        received_at=now,
        notes=person.notes,
    )


def known_lead(tx: Transaction, lead_id: str, now: datetime) -> Known | None:
    """Returns a kept person to decide about again, and locks them; None when there is none of this id (any more)."""
    row = tx.execute(DOCUMENT, {"id": lead_id}).one_or_none()
    if row is None:
        return None
    return Known(
        id=lead_id,
        lead=lead_from_json(row.document),
        activities=activities_of(tx, lead_id),
        new=False,
        received_at=now,
    )


def add_submission(
    tx: Writes,
    known: Known,
    body: Mapping[str, object],
    *,
    key_id: str | None = None,
    form: str | None = None,
) -> str:
    """Keeps what was sent, whatever became of it, and returns its id."""
    submission_id = new_id(known.received_at)
    row = {
        "id": submission_id,
        "lead_id": known.id,
        "received_at": known.received_at,
        "key_id": key_id,
        "form": form,
        "body": body,
        "notes": known.notes,
    }
    add(tx, submissions, row)
    return submission_id


def submissions_of(tx: Transaction, lead_id: str) -> tuple[Submission, ...]:
    """Returns everything the person sent, oldest first."""
    rows = tx.execute(select(submissions).where(submissions.c.lead_id == lead_id).order_by(submissions.c.id))
    return tuple(
        Submission(id=row.id, received_at=row.received_at, form=row.form, body=row.body, notes=tuple(row.notes))
        for row in rows
    )


def add_activity(tx: Transaction, lead_id: str, activity: Activity, now: datetime) -> None:
    """Keeps something the person did."""
    row = {"id": new_id(now), "lead_id": lead_id, "kind": activity.kind, "at": activity.at, "received_at": now}
    add(tx, activities, row)


def activities_of(tx: Transaction, lead_id: str) -> tuple[Activity, ...]:
    """Returns everything the person did, oldest first."""
    rows = tx.execute(ACTIVITIES, {"lead_id": lead_id})
    return tuple(Activity(kind=row.kind, at=row.at) for row in rows)


def company_domain(lead: Lead) -> str | None:
    """Returns the domain of the lead's company; None for addresses that say nothing of one (free, disposable)."""
    if lead.email is None or email_kind(lead.email) in ("free", "disposable"):
        return None
    return email_domain(lead.email)
