"""Handing on: an event leaves the outbox in the transaction that keeps who is told of it, so none is told twice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from store.database import Database, Transaction
from store.deliveries import Addressed, add_deliveries
from store.events import Event
from store.tables import events
from store.webhooks import Webhook, list_webhooks

BATCH = 100
PAUSE = timedelta(minutes=1)

# Which people are to be told of an event.
People = Callable[[Transaction, Event, datetime], Sequence[Addressed]]
# Hears of an event that could not be handed on.
Failed = Callable[[Event, Exception], None]

DUE = (
    select(events)
    .where(events.c.due_at <= bindparam("now"))
    .order_by(events.c.due_at, events.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
HANDED_ON = update(events).where(events.c.id == bindparam("event"))


def hand_on(
    database: Database, people: People, now: datetime, *, failed: Failed, most: int = BATCH
) -> tuple[Event, ...]:
    """Hands at most so many events on to the webhooks that want them and to people, and returns them.

    Any number of workers may do so at once. An event that cannot be handed on is told of and tried again later.
    """
    with database.begin() as tx:
        found = tuple(Event(**row._asdict()) for row in tx.execute(DUE, {"now": now, "most": most}))
        listening = [webhook for webhook in list_webhooks(tx) if webhook.disabled_at is None] if found else []
        if found:
            _try(tx, found, listening, people, now, failed)
        return found


def _try(
    tx: Transaction,
    found: Sequence[Event],
    listening: Sequence[Webhook],
    people: People,
    now: datetime,
    failed: Failed,
) -> None:
    """Hands events on together; where that fails each by itself, and puts off those that cannot be."""
    try:
        with tx.begin_nested():
            told = [(event.id, each) for event in found for each in _told(tx, event, listening, people, now)]
            add_deliveries(tx, told, now)
            tx.execute(HANDED_ON, [{"event": event.id, "due_at": None} for event in found])
    except OperationalError:  # the database's, not an event's: nothing of this is kept
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one event, the others are handed on
        if len(found) > 1:
            for event in found:
                _try(tx, [event], listening, people, now, failed)
            return
        failed(found[0], error)
        tx.execute(HANDED_ON, {"event": found[0].id, "due_at": now + PAUSE})


def _told(
    tx: Transaction, event: Event, listening: Sequence[Webhook], people: People, now: datetime
) -> list[Addressed]:
    """Returns who is to be told of an event."""
    webhooks = [
        Addressed(channel="webhook", target=webhook.id, due_at=now)
        for webhook in listening
        if event.kind in webhook.kinds and event.at >= webhook.created_at
    ]
    return [*webhooks, *people(tx, event, now)]
