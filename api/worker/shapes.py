"""What a webhook is sent: the event itself, signed as Standard Webhooks, or a message as Slack or Teams take them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

import orjson
from standardwebhooks.webhooks import Webhook as Signer

from api.worker.words import Message
from store.events import Event
from store.webhooks import Shape, Webhook

# What people are told of an event.
Words = Callable[[Event], Message]


def body_of(webhook: Webhook, event: Event, words: Words) -> bytes:
    """The body that tells a webhook of an event, the same each time it is sent."""
    return orjson.dumps(BODIES[webhook.shape](event, words))


def headers_of(webhook: Webhook, event: Event, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a delivery: the event's id, by which the receiver knows a repetition, and the signature."""
    at = now.replace(microsecond=0)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Leadline",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(webhook.secret).sign(event.id, at, body.decode()),
    }


def _standard(event: Event, words: Words) -> Mapping[str, object]:
    return {"id": event.id, "type": event.kind, "timestamp": event.at, "lead_id": event.lead_id, "data": event.payload}


def _slack(event: Event, words: Words) -> Mapping[str, object]:
    message = words(event)
    return {"text": f"*{_escaped(message.subject)}*\n{_escaped(message.text)}"}


def _teams(event: Event, words: Words) -> Mapping[str, object]:
    message = words(event)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.subject, "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": message.text, "wrap": True},
        ],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _escaped(text: str) -> str:
    """Text in which Slack finds no links or mentions of its own. Source: Slack, Formatting text for app surfaces."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


BODIES: Mapping[Shape, Callable[[Event, Words], Mapping[str, object]]] = MappingProxyType(
    {"standard": _standard, "slack": _slack, "teams": _teams}
)
