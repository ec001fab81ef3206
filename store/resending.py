"""Sending again: what failed, or all that a webhook should have had since a time."""

from datetime import datetime

from sqlalchemy import exists, select, update

from store.database import Transaction
from store.deliveries import Addressed, add_deliveries
from store.tables import deliveries, events
from store.webhooks import Webhook


def replay(
    tx: Transaction, webhook: Webhook, now: datetime, *, since: datetime | None = None, delivery_id: str | None = None
) -> int:
    """Sends again: one delivery; else everything a webhook wants since a time; else all that failed. Returns how many.

    Events that were never on their way to it, because it was disabled or not there yet, are among those since a time.
    """
    mine = deliveries.c.target == webhook.id
    again = {"state": "pending", "due_at": now, "attempts": 0, "error": None}
    if delivery_id is not None:
        chosen = update(deliveries).where(mine, deliveries.c.id == delivery_id)
    elif since is not None:
        within = select(events.c.id).where(events.c.at >= since)
        chosen = update(deliveries).where(mine, deliveries.c.event_id.in_(within))
    else:
        chosen = update(deliveries).where(mine, deliveries.c.state == "failed")
    sent = len(tx.execute(chosen.values(**again).returning(deliveries.c.id)).all())
    return sent + (0 if since is None or delivery_id is not None else _add_missing(tx, webhook, since, now))


def _add_missing(tx: Transaction, webhook: Webhook, since: datetime, now: datetime) -> int:
    """Keeps deliveries of those events since a time that were never on their way to a webhook; returns how many."""
    known = select(deliveries.c.id).where(deliveries.c.event_id == events.c.id, deliveries.c.target == webhook.id)
    handed_on = (events.c.at >= since, events.c.due_at.is_(None), events.c.kind.in_(webhook.kinds))
    missing = tx.execute(select(events.c.id).where(*handed_on, ~exists(known)).order_by(events.c.id)).scalars().all()
    its = Addressed(channel="webhook", target=webhook.id, due_at=now)
    add_deliveries(tx, ((event_id, its) for event_id in missing), now)
    return len(missing)


def send_failed_again(tx: Transaction, now: datetime, to: str | None = None) -> int:
    """Has mail that failed sent again, all of it or that to an address, and returns how many there are."""
    failed = [deliveries.c.channel == "email", deliveries.c.state == "failed"]
    if to is not None:
        failed.append(deliveries.c.target == to)
    again = {"state": "pending", "due_at": now, "attempts": 0}
    return tx.execute(update(deliveries).where(*failed).values(**again)).rowcount
