"""`leadline webhooks`: who is told of what happens, what became of it, and sending it again."""

from datetime import UTC, datetime

import click
from marshmallow.exceptions import ValidationError

from api.cli.house import json_option, opened, say_json, say_table, written_time
from api.webhook_documents import KINDS, SHAPES, STATES, checked_url, delivery_document, webhook_document
from store.deliveries import DeliveryState, deliveries_to
from store.events import EventKind
from store.resending import replay
from store.sweep import database_time
from store.webhooks import Shape, add_webhook, disable_webhook, enable_webhook, find_webhook, list_webhooks

WHEN = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


@click.group()
def webhooks() -> None:
    """Say which addresses are told of events, signed as Standard Webhooks, or as messages for Slack or Teams."""


@webhooks.command()
@click.argument("url")
@click.option("--events", required=True, help=f"Comma-separated, or all: {', '.join(KINDS)}.")
@click.option("--shape", type=click.Choice(SHAPES), default="standard", show_default=True, help="What is sent.")
@json_option
def add(url: str, events: str, shape: Shape, as_json: bool) -> None:
    """Tell a URL of events from now on, and print the secret that signs them. It is shown this once."""
    kinds = _kinds(events)
    try:
        checked_url(url)
    except ValidationError as error:
        raise click.BadParameter("; ".join(map(str, error.messages)), param_hint="URL") from None
    with opened() as database, database.begin() as tx:
        made = add_webhook(tx, url, kinds, shape, database_time(tx))
    if as_json:
        say_json({**webhook_document(made), "secret": made.secret})
    else:
        click.echo(f"Webhook {made.id} is told of {', '.join(made.kinds)}.")
        click.echo(made.secret)


@webhooks.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List every webhook, oldest first, without its secret."""
    with opened() as database, database.read() as tx:
        found = list_webhooks(tx)
    if as_json:
        say_json([webhook_document(each) for each in found])
        return
    say_table(
        ("id", "url", "events", "shape", "created", "disabled", "why"),
        (
            (
                *(each.id, each.url, ", ".join(each.kinds), each.shape),
                *(written_time(each.created_at), written_time(each.disabled_at), each.why),
            )
            for each in found
        ),
    )


@webhooks.command()
@click.argument("webhook_id", metavar="ID")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@json_option
def deliveries(webhook_id: str, state: DeliveryState | None, limit: int, as_json: bool) -> None:
    """List what was sent to the webhook of an ID, newest first."""
    with opened() as database, database.read() as tx:
        find_webhook(tx, webhook_id)
        found = deliveries_to(tx, webhook_id, limit=limit, state=state)
    if as_json:
        say_json([delivery_document(each) for each in found])
        return
    say_table(
        ("id", "event", "state", "attempts", "created", "next", "arrived", "status", "error"),
        (
            (
                *(each.id, each.event.kind, each.state, each.attempts, written_time(each.created_at)),
                *(written_time(each.due_at), written_time(each.delivered_at), each.status, each.error),
            )
            for each in found
        ),
    )


@webhooks.command("replay")
@click.argument("webhook_id", metavar="ID")
@click.option("--delivery", help="Only this delivery.")
@click.option("--since", type=WHEN, help="Everything since then (UTC without an offset), also what was never sent.")
def replay_some(webhook_id: str, delivery: str | None, since: datetime | None) -> None:
    """Send again to the webhook of an ID: what failed, or one delivery, or everything since a time."""
    at = since if since is None or since.tzinfo else since.replace(tzinfo=UTC)
    with opened() as database, database.begin() as tx:
        count = replay(tx, find_webhook(tx, webhook_id), database_time(tx), since=at, delivery_id=delivery)
    click.echo(f"{count} {'delivery is' if count == 1 else 'deliveries are'} sent again.")


@webhooks.command()
@click.argument("webhook_id", metavar="ID")
def disable(webhook_id: str) -> None:
    """Tell the webhook of an ID nothing from now on."""
    with opened() as database, database.begin() as tx:
        disable_webhook(tx, webhook_id, "disabled by hand", database_time(tx))
    click.echo(f"Webhook {webhook_id} is disabled.")


@webhooks.command()
@click.argument("webhook_id", metavar="ID")
def enable(webhook_id: str) -> None:
    """Tell the webhook of an ID of events again; `replay` sends what it missed."""
    with opened() as database, database.begin() as tx:
        enable_webhook(tx, webhook_id)
    click.echo(f"Webhook {webhook_id} is enabled.")


def _kinds(text: str) -> tuple[EventKind, ...]:
    """The kinds of events that are named. Raises: click.BadParameter for one that there is not."""
    if text.strip() == "all":
        return KINDS
    named = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in named if name not in KINDS]
    if unknown or not named:
        raise click.BadParameter(
            f"no event {', '.join(unknown) or 'is named'}; there are {', '.join(KINDS)}", param_hint="--events"
        )
    return tuple(kind for kind in KINDS if kind in named)
