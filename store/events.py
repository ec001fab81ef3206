"""The outbox: what the outside is to be told, kept with what caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from sqlalchemy import func, select

from store.database import Transaction, Writes
from store.ids import new_id, sortable_id
from store.rows import add
from store.tables import events

EventKind = Literal[
    "lead.scored",
    "lead.assigned",
    "lead.outcome",
    "lead.recycled",
    "sla.warning",
    "sla.breached",
    "sla.corrected",
    "sla.escalated",
    "manager.notified",
    "playbook.published",
    "model.promoted",
    "webhook.disabled",
    "mail.failed",
    "digest.day",
    "campaign.announced",
    "campaign.cancelled",
    "agreement.endangered",
]


NEXT = select(func.min(events.c.due_at, type_=events.c.due_at.type)).where(events.c.due_at.is_not(None))


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened; `due_at` is when it is next to be handed on, None once it has been."""

    id: str
    kind: EventKind
    lead_id: str | None
    at: datetime
    due_at: datetime | None
    payload: Mapping[str, object]


def add_events(
    tx: Writes,
    lead_id: str | None,
    kinds: Sequence[EventKind],
    payload: Mapping[str, object],
    now: datetime,
    *,
    first_id: str | None = None,
) -> None:
    """Keeps that these things happened, to a lead or to none, in this order, to be handed on at once.

    The first has the id `first_id` where it happened before something that is kept already.
    """
    common = {"lead_id": lead_id, "at": now, "due_at": now, "payload": payload}
    ids = [first_id or new_id(now), *(new_id(now) for _ in kinds[1:])]
    add(tx, events, *({"id": made, "kind": kind, **common} for made, kind in zip(ids, kinds, strict=True)))


def daily_id(day: datetime, about: str) -> str:
    """Returns the id of what is told of something once a day, which begins at an instant."""
    return sortable_id(day, blake2b(about.encode(), digest_size=8).digest())


def is_kept(tx: Transaction, event_id: str) -> bool:
    """Says whether there is an event of an id."""
    return tx.execute(select(events.c.id).where(events.c.id == event_id)).one_or_none() is not None


def add_event(tx: Writes, event: Event) -> None:
    """Keeps an event under the id it has. Raises: IntegrityError when there is one of that id."""
    row = {name: getattr(event, name) for name in ("id", "kind", "lead_id", "at", "due_at", "payload")}
    add(tx, events, row)


def events_of(tx: Transaction, lead_id: str) -> tuple[Event, ...]:
    """Returns everything that happened to a lead, oldest first."""
    rows = tx.execute(select(events).where(events.c.lead_id == lead_id).order_by(events.c.id))
    return tuple(Event(**row._asdict()) for row in rows)


def next_event(tx: Transaction) -> datetime | None:
    """Returns when the next event is to be handed on; None when all have been."""
    at: datetime | None = tx.execute(NEXT).scalar()
    return at
