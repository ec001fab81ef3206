"""Messages for Slack and Teams: whatever a lead is called reads as it was typed."""

import json
from typing import Any

import pytest

from api.worker.shapes import body_of
from api.worker.words import Message
from store.events import Event
from store.webhooks import Shape, Webhook
from tests.api.builders import NOW

NAMES = [
    "[x](http://evil.example)",
    "**a** and _b_",
    "*a* ~b~ `c`",
    "<!channel> & <https://evil.example|us>",
    "{{DATE(2026-11-24T06:08:00Z)}}",
    "{{{{TIME(2026-11-24T06:08:00Z)}}}}",
    "- a list",
    "1. a list",
    "# a heading",
]


def sent(shape: Shape, text: str, subject: str = "Hello") -> Any:
    """The body that tells a webhook of an event in such words."""
    event = Event(id="e", kind="webhook.disabled", lead_id=None, at=NOW, due_at=NOW, payload={})
    webhook = Webhook(id="w", url="https://x", kinds=(event.kind,), shape=shape, secret="", created_at=NOW)
    return json.loads(body_of(webhook, event, lambda _: Message(subject=subject, text=text)))


def card(body: Any) -> Any:
    """The blocks of a card."""
    return body["attachments"][0]["content"]["body"]


@pytest.mark.parametrize("name", NAMES)
def test_teams_shows_a_name_as_it_was_typed(name: str) -> None:
    subject, line = card(sent("teams", f"{name}\n", subject=name))

    for block in (subject, line):
        assert block["type"] == "RichTextBlock"
        assert "".join(run["text"] for run in block["inlines"]) == name
        assert not [run for run in block["inlines"] if "{{" in run["text"]]


@pytest.mark.parametrize("name", NAMES)
def test_slack_shows_a_name_as_it_was_typed(name: str) -> None:
    body = sent("slack", f"{name}\n", subject=name)

    (block,) = body["blocks"]
    (section,) = block["elements"]
    assert (block["type"], section["type"]) == ("rich_text", "rich_text_section")
    assert [(each["type"], each["text"]) for each in section["elements"]] == [("text", name), ("text", f"\n{name}")]


def test_what_slack_notifies_of_mentions_nobody() -> None:
    body = sent("slack", "text", subject="<!channel> & *all*")

    assert (body["text"], body["mrkdwn"]) == ("&lt;!channel&gt; &amp; *all*", False)


def test_lines_of_a_card_stand_together_as_those_of_the_text_do() -> None:
    blocks = card(sent("teams", "one\ntwo\n\n\nthree\n"))

    assert [(block["inlines"][0]["text"], block.get("spacing")) for block in blocks] == [
        ("Hello", None),
        ("one", "Medium"),
        ("two", "None"),
        ("three", "Medium"),
    ]
