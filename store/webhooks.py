"""Webhooks: the addresses that are told of events, and the secret that signs what each of them gets."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, select, update

from store.database import Transaction
from store.errors import UnknownWebhookError
from store.events import EventKind, add_events
from store.ids import new_id
from store.rows import add
from store.tables import webhooks

Shape = Literal["standard", "slack", "teams"]

SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """An address that is told of events of some kinds, in a shape; `disabled_at` is when that ended, and `why`."""

    id: str
    url: str
    kinds: tuple[EventKind, ...]
    shape: Shape
    secret: str
    created_at: datetime
    disabled_at: datetime | None = None
    why: str | None = None


def add_webhook(tx: Transaction, url: str, kinds: Sequence[EventKind], shape: Shape, now: datetime) -> Webhook:
    """Keeps a webhook that is told of what happens from now on, and returns it with its secret."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    made = Webhook(id=new_id(now), url=url, kinds=tuple(kinds), shape=shape, secret=secret, created_at=now)
    row: Mapping[str, Any] = {
        "id": made.id,
        "url": url,
        "kinds": made.kinds,
        "shape": shape,
        "secret": secret,
        "created_at": now,
    }
    add(tx, webhooks, row)
    return made


def list_webhooks(tx: Transaction) -> tuple[Webhook, ...]:
    """Returns every webhook, oldest first."""
    return tuple(_webhook(row) for row in tx.execute(select(webhooks).order_by(webhooks.c.id)))


def find_webhook(tx: Transaction, webhook_id: str) -> Webhook:
    """Returns the webhook of an id. Raises: UnknownWebhookError."""
    row = tx.execute(select(webhooks).where(webhooks.c.id == webhook_id)).one_or_none()
    if row is None:
        raise UnknownWebhookError(
            f"webhook {webhook_id[:40]!r} is not kept; `leadline webhooks list` lists those that are"
        )
    return _webhook(row)


def enable_webhook(tx: Transaction, webhook_id: str) -> Webhook:
    """Has a webhook told of what happens from now on, and returns it. Raises: UnknownWebhookError."""
    find_webhook(tx, webhook_id)
    tx.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(disabled_at=None, why=None))
    return find_webhook(tx, webhook_id)


def disable_webhook(tx: Transaction, webhook_id: str, why: str, now: datetime) -> Webhook:
    """Ends what a webhook is told, says so to the outside, and returns it. Raises: UnknownWebhookError."""
    found = find_webhook(tx, webhook_id)
    if found.disabled_at is None:
        tx.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(disabled_at=now, why=why))
        add_events(tx, None, ["webhook.disabled"], {"webhook": found.id, "url": found.url, "why": why}, now)
    return find_webhook(tx, webhook_id)


def _webhook(row: Row[Any]) -> Webhook:
    """Returns the webhook in a row."""
    return Webhook(**{**row._asdict(), "kinds": tuple(row.kinds)})
