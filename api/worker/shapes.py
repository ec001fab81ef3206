"""What a webhook is sent: the event itself, signed as Standard Webhooks, or a message as Slack or Teams take them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

import orjson
from standardwebhooks.webhooks import Webhook as Signer

from api.worker.words import Message
from store.events import Event
from store.webhooks import Shape, Webhook

# Where text is cut so that no two braces open together.
BETWEEN_BRACES = re.compile(r"(?<=\{)(?=\{)")

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
    """A message for Slack: rich text, in which nothing is markup, and its subject for notifications.

    Source: Slack, Block Kit, rich text block; Formatting text for app surfaces, on escaping and `mrkdwn`.
    """
    message = words(event)
    subject = {"type": "text", "text": message.subject, "style": {"bold": True}}
    section = {
        "type": "rich_text_section",
        "elements": [subject, {"type": "text", "text": f"\n{message.text.rstrip()}"}],
    }
    return {
        "text": _escaped(message.subject),
        "mrkdwn": False,
        "blocks": [{"type": "rich_text", "elements": [section]}],
    }


def _teams(event: Event, words: Words) -> Mapping[str, object]:
    """A card for Teams, a block for each line: rich text, in which nothing is markup, has no line breaks of its own.

    Source: Adaptive Cards, Text features; escapes in a TextBlock are not processed everywhere (AdaptiveCards #5758).
    """
    message = words(event)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_line(message.subject, weight="Bolder"), *_lines(message.text)],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _lines(text: str) -> Iterator[Mapping[str, object]]:
    """A block for each line that says something, further from the one before where lines between them are empty."""
    spacing = "Medium"
    for line in text.splitlines():
        if line.strip():
            yield {**_line(line), "spacing": spacing}
        spacing = "None" if line.strip() else "Medium"


def _line(text: str, **style: str) -> Mapping[str, object]:
    """A line as it is; in two runs where it would otherwise call one of the functions that cards have, `{{DATE()}}`."""
    runs = ({"type": "TextRun", "text": run, **style} for run in BETWEEN_BRACES.split(text))
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _escaped(text: str) -> str:
    """Text in which Slack finds no links or mentions of its own. Source: Slack, Formatting text for app surfaces."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


BODIES: Mapping[Shape, Callable[[Event, Words], Mapping[str, object]]] = MappingProxyType(
    {"standard": _standard, "slack": _slack, "teams": _teams}
)
