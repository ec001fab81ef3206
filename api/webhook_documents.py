"""Webhooks as callers send and see them: their schemas, their documents, and what makes a URL one."""

import typing
from urllib.parse import urlsplit

from marshmallow import Schema, fields, validate
from marshmallow.exceptions import ValidationError

from api.answer_fields import instant, integer, listed, text, texts
from api.fields import Cursor, Instant, Printable, Text
from api.schemas import Incoming
from store.deliveries import Delivery, DeliveryState
from store.events import EventKind
from store.webhooks import Shape, Webhook

KINDS: tuple[EventKind, ...] = typing.get_args(EventKind)
SHAPES: tuple[Shape, ...] = typing.get_args(Shape)
STATES: tuple[DeliveryState, ...] = ("pending", "delivered", "failed")
LONGEST_URL = 2_000
MOST_LISTED = 200
LISTED = 50


def checked_url(text: str) -> str:
    """The URL of a webhook. Raises: ValidationError for what is none that can be posted to."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValidationError(f"not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError("an http or https URL expected, like https://crm.example/leadline")
    if parts.username is not None or parts.password is not None:
        raise ValidationError("holds a user name or password; every delivery is signed, so none is needed")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValidationError("holds characters that a URL cannot; write them percent-encoded")
    return text


class Url(Text):
    """The URL of a webhook."""

    def _deserialize(self, value: object, attr: str | None, data: typing.Any, **options: typing.Any) -> typing.Any:
        return checked_url(super()._deserialize(value, attr, data, **options))


class NewWebhookSchema(Incoming):
    """A webhook to be."""

    url = Url(LONGEST_URL, "Where events are posted", needed=True)
    events = fields.List(
        fields.String(
            validate=validate.OneOf(KINDS, error=f"no such event; there are {', '.join(KINDS)}"),
            error_messages={"invalid": "text expected"},
        ),
        required=True,
        validate=validate.Length(min=1, max=len(KINDS), error="name at least one event, each once"),
        error_messages={"invalid": "a list of events expected", "required": "required", "null": "required"},
        metadata={"description": "The events it is told of"},
    )
    shape = fields.String(
        load_default="standard",
        validate=validate.OneOf(SHAPES, error=f"no such shape; there are {', '.join(SHAPES)}"),
        error_messages={"invalid": "text expected", "null": "text expected"},
        metadata={"description": "standard (the event, signed), slack or teams (a message for people)"},
    )


class ReplaySchema(Incoming):
    """What to send again: one delivery, all since a time, or all that failed when nothing is said."""

    delivery = Cursor(40, "The id of one delivery")
    since = Instant("Everything since then, also what was never sent to it")


class DeliveryListSchema(Incoming):
    """Which deliveries to list, and how many at once."""

    limit = fields.Integer(
        load_default=LISTED,
        validate=validate.Range(1, MOST_LISTED, error=f"a whole number from 1 to {MOST_LISTED} expected"),
        error_messages={"invalid": f"a whole number from 1 to {MOST_LISTED} expected"},
        metadata={"description": "How many"},
    )
    cursor = Cursor(40, "The cursor that the page before gave")
    state = Printable(20, "pending, delivered or failed")


class WebhookSchema(Schema):
    """A webhook."""

    id = text("The webhook's id")
    url = text("Where events are posted")
    events = texts("The events it is told of")
    shape = text("standard, slack or teams")
    created_at = instant("It is told of what happens from then on")
    disabled_at = instant("When it was disabled, or null", none=True)
    why = text("Why it was disabled, or null", none=True)


class SecretWebhookSchema(WebhookSchema):
    """A webhook just made."""

    secret = text("What signs its deliveries; shown this once")


class WebhooksSchema(Schema):
    """Every webhook."""

    webhooks = listed(WebhookSchema, "Oldest first")


class DeliverySchema(Schema):
    """An event on its way to a webhook."""

    id = text("The delivery's id")
    event = text("The event's id, which is the header webhook-id")
    kind = text("What happened")
    lead_id = text("The lead it is about, or null", none=True)
    state = text("pending, delivered or failed")
    attempts = integer("How often it was tried")
    created_at = instant("When it was handed on")
    due_at = instant("When it is tried next, or null", none=True)
    delivered_at = instant("When it arrived, or null", none=True)
    status = integer("What the receiver last answered, or null", none=True)
    error = text("What last went wrong, or null", none=True)


class DeliveriesSchema(Schema):
    """A page of deliveries, newest first."""

    deliveries = listed(DeliverySchema, "The deliveries")
    cursor = text("Pass it as ?cursor= for the next page; null at the end", none=True)


class ReplayedSchema(Schema):
    """What is sent again."""

    deliveries = integer("How many are sent again")


NEW_WEBHOOK = NewWebhookSchema()
REPLAY = ReplaySchema()
DELIVERY_LIST = DeliveryListSchema()
WEBHOOK = WebhookSchema()
SECRET_WEBHOOK = SecretWebhookSchema()
WEBHOOKS = WebhooksSchema()
DELIVERIES = DeliveriesSchema()
REPLAYED = ReplayedSchema()


def webhook_document(webhook: Webhook) -> dict[str, object]:
    """A webhook as callers see it, without its secret."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.kinds,
        "shape": webhook.shape,
        "created_at": webhook.created_at,
        "disabled_at": webhook.disabled_at,
        "why": webhook.why,
    }


def delivery_document(delivery: Delivery) -> dict[str, object]:
    """A delivery as callers see it."""
    return {
        "id": delivery.id,
        "event": delivery.event.id,
        "kind": delivery.event.kind,
        "lead_id": delivery.event.lead_id,
        **{name: getattr(delivery, name) for name in ("state", "attempts", "created_at", "due_at", "delivered_at")},
        "status": delivery.status,
        "error": delivery.error,
    }
