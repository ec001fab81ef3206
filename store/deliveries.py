"""Deliveries: each event once for each one who is told of it, tried until it arrives or has been tried enough.

A delivery that a worker tries comes due again after the time that takes at most: one whose worker died is tried again
by another. So what is told may arrive twice, and carries the event's id to be known by.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from sqlalchemy import Select, bindparam, func, select, update

from store.database import Transaction
from store.events import Event, EventKind, add_event, daily_id, is_kept
from store.ids import new_id
from store.locks import hold
from store.rows import add
from store.tables import deliveries, events
from store.webhooks import disable_webhook

Channel = Literal["webhook", "email"]
# Dropped is what was no longer true when it was to be sent.
DeliveryState = Literal["pending", "delivered", "failed", "dropped"]

# Longer than any try takes.
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
# With these pauses the last of them comes after about a day.
MOST_ATTEMPTS = 12

CLAIMABLE = (
    select(deliveries.c.id)
    .where(
        deliveries.c.channel == bindparam("by"),
        deliveries.c.due_at <= bindparam("now"),
        deliveries.c.target.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
SOONEST = select(func.min(deliveries.c.due_at, type_=deliveries.c.due_at.type)).where(
    deliveries.c.channel == bindparam("by"), deliveries.c.due_at.is_not(None)
)
CLAIM = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(due_at=bindparam("until"), tried_at=bindparam("now"), attempts=deliveries.c.attempts + 1)
)
ARRIVED = update(deliveries).where(deliveries.c.id == bindparam("delivery"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An event on its way to one who is told of it; `target` is a webhook's id or an e-mail address.

    `status` is what the receiver last answered, `error` what last went wrong.
    """

    id: str
    event: Event
    channel: Channel
    target: str
    details: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    due_at: datetime | None
    attempts: int
    tried_at: datetime | None
    delivered_at: datetime | None
    status: int | None
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressed:
    """Someone who is to be told of an event, not before `due_at`."""

    channel: Channel
    target: str
    due_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


def add_deliveries(tx: Transaction, told: Iterable[tuple[str, Addressed]], now: datetime) -> None:
    """Keeps who is to be told of which events, each by its id."""
    rows = (
        {
            "id": new_id(now),
            "event_id": event_id,
            "channel": each.channel,
            "target": each.target,
            "details": each.details,
            "state": "pending",
            "created_at": now,
            "due_at": each.due_at,
            "attempts": 0,
        }
        for event_id, each in told
    )
    add(tx, deliveries, *rows)


def claim_deliveries(
    tx: Transaction, channel: Channel, now: datetime, most: int, busy: Sequence[str] = ()
) -> tuple[Delivery, ...]:
    """Returns at most so many deliveries that are due, for the caller to try once the transaction has ended.

    Nobody else gets them before the lease runs out. Those to `busy` targets wait.
    """
    asked = {"by": channel, "now": now, "most": most, "busy": list(busy)}
    ids = tx.execute(CLAIMABLE, asked).scalars().all()
    if not ids:
        return ()
    tx.execute(CLAIM, {"ids": ids, "now": now, "until": now + LEASE})
    rows = tx.execute(_whole().where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id))
    return tuple(_delivery(row) for row in rows)


def has_due(tx: Transaction, channel: Channel, now: datetime) -> bool:
    """Says whether any delivery through a channel is due."""
    soonest = tx.execute(SOONEST, {"by": channel}).scalar()
    return soonest is not None and soonest <= now


def mark_delivered(tx: Transaction, delivery: Delivery, now: datetime, status: int | None = None) -> None:
    """Keeps that a delivery arrived."""
    arrived = {"state": "delivered", "delivered_at": now, "due_at": None, "status": status, "error": None}
    tx.execute(ARRIVED, {"delivery": delivery.id, **arrived})


def mark_failed(
    tx: Transaction,
    delivery: Delivery,
    now: datetime,
    *,
    error: str,
    status: int | None = None,
    final: bool = False,
    chance: Random,
) -> None:
    """Keeps that a delivery did not arrive: it is tried again after a pause, unless it has been tried enough.

    Nor is it where the receiver's answer was `final`.
    """
    final = final or delivery.attempts >= MOST_ATTEMPTS
    due_at = None if final else now + pause_after(delivery.attempts, chance)
    still = (deliveries.c.id == delivery.id, deliveries.c.attempts == delivery.attempts)
    failed = {"state": "failed" if final else "pending", "due_at": due_at, "status": status, "error": error}
    tx.execute(update(deliveries).where(*still).values(**failed))
    if final and delivery.channel == "email":
        _tell_failed(tx, delivery, error, now)
    elif final and not _arrived_since(tx, delivery.target, delivery.created_at):
        give_up(tx, delivery.target, f"{delivery.attempts} attempts failed, the last with: {error}", now)


def mark_dropped(tx: Transaction, delivery: Delivery, why: str) -> None:
    """Keeps that there was no longer anything to tell."""
    dropped = {"state": "dropped", "due_at": None, "error": why}
    tx.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**dropped))


def release(tx: Transaction, untried: Sequence[Delivery], now: datetime) -> None:
    """Gives deliveries back that were claimed and not tried: they are due at once, and it was no attempt."""
    for each in untried:
        mine = (deliveries.c.id == each.id, deliveries.c.attempts == each.attempts)
        tx.execute(update(deliveries).where(*mine).values(due_at=now, attempts=each.attempts - 1))


def give_up(tx: Transaction, webhook_id: str, why: str, now: datetime) -> None:
    """Disables a webhook, and ends what is on its way to it; a replay sends it all the same."""
    waiting = (deliveries.c.target == webhook_id, deliveries.c.state == "pending")
    ended = {"state": "failed", "due_at": None, "error": "the webhook was disabled"}
    tx.execute(update(deliveries).where(*waiting).values(**ended))
    disable_webhook(tx, webhook_id, why, now)


def pause_after(attempts: int, chance: Random) -> timedelta:
    """Returns how long to wait after so many attempts: three times as long each time, half as much more or less."""
    pause: timedelta = min(FIRST_PAUSE * 3 ** min(attempts - 1, 20), LONGEST_PAUSE) * chance.uniform(0.5, 1.5)
    return pause


def mails(
    tx: Transaction, *, limit: int, to: str | None = None, state: DeliveryState | None = None
) -> tuple[Delivery, ...]:
    """Returns at most so many mails, newest first: to an address, in a state, or all."""
    query = _whole().where(deliveries.c.channel == "email").order_by(deliveries.c.id.desc()).limit(limit)
    if to is not None:
        query = query.where(deliveries.c.target == to)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    return tuple(_delivery(row) for row in tx.execute(query))


def deliveries_to(
    tx: Transaction, target: str, *, limit: int, cursor: str | None = None, state: DeliveryState | None = None
) -> tuple[Delivery, ...]:
    """Returns at most so many deliveries to a webhook or an address, newest first, from behind a cursor."""
    query = _whole().where(deliveries.c.target == target).order_by(deliveries.c.id.desc()).limit(limit)
    if cursor is not None:
        query = query.where(deliveries.c.id < cursor)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    return tuple(_delivery(row) for row in tx.execute(query))


def _tell_failed(tx: Transaction, delivery: Delivery, error: str, now: datetime) -> None:
    """Tells the outside that mail to an address does not arrive: once a day, and not of mail that tells just that."""
    hold(tx, f"mail to {delivery.target}")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    event_id = daily_id(today, delivery.target.casefold())
    if delivery.event.kind != "mail.failed" and not is_kept(tx, event_id):
        payload = {"to": delivery.target, "about": delivery.event.kind, "delivery": delivery.id, "why": error}
        add_event(tx, Event(id=event_id, kind="mail.failed", lead_id=None, at=now, due_at=now, payload=payload))


def _arrived_since(tx: Transaction, target: str, since: datetime) -> bool:
    """Whether anything arrived at a target since a time."""
    arrived = (deliveries.c.target == target, deliveries.c.delivered_at >= since)
    return tx.execute(select(func.count()).select_from(deliveries).where(*arrived)).scalar_one() > 0


def _whole() -> Select[Any]:
    """Returns the query of deliveries with their events."""
    named = (events.c[name].label(f"event_{name}") for name in ("kind", "lead_id", "at", "due_at", "payload"))
    return select(deliveries, *named).join(events, events.c.id == deliveries.c.event_id)


def _delivery(row: Any) -> Delivery:
    """Returns the delivery in a row."""
    found = row._asdict()
    kind: EventKind = found.pop("event_kind")
    event = Event(
        id=found.pop("event_id"),
        kind=kind,
        lead_id=found.pop("event_lead_id"),
        at=found.pop("event_at"),
        due_at=found.pop("event_due_at"),
        payload=found.pop("event_payload"),
    )
    return Delivery(event=event, **found)
