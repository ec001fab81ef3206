"""`leadline notifications`: the words in which people are told of what happens, to see and to change."""

from typing import get_args
from zoneinfo import available_timezones

import click

from api.cli.house import RefusedError, json_option, opened, say_json, say_table, settings, written_time
from api.files import make_folder, whole_file
from api.webhook_documents import delivery_document
from api.worker.examples import examples
from api.worker.templates import KINDS, Templates
from api.worker.words import OURS, BrokenTemplateError, clock_of, shown, words_of
from store.deliveries import DeliveryState, mails
from store.events import EventKind
from store.resending import send_failed_again
from store.sweep import database_time

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
KIND = click.argument("kind", metavar="KIND", type=click.Choice(KINDS))


def _zone(context: click.Context, parameter: click.Parameter, given: str) -> str:
    """The name of a time zone. Raises: click.BadParameter for one that there is not."""
    if given not in available_timezones():
        raise click.BadParameter(f"there is no time zone {given!r}; write one like Europe/Berlin")
    return given


@click.group()
def notifications() -> None:
    """See and change the words in which people and channels are told of what happens.

    Each kind of event has a template. One in LEADLINE_HOME/notifications goes before Leadline's own; `take` puts a copy
    there to change.
    """


@notifications.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List every kind of event and the template that says it; exit code 1 when one of the house's own is broken."""
    templates = Templates(settings().home)
    broken = {error.file: str(error) for error in templates.broken()}
    rows = [(kind, templates.in_force(kind)) for kind in KINDS]
    if as_json:
        say_json([{"kind": kind, "file": str(file), "broken": broken.get(file)} for kind, file in rows])
    else:
        files = (
            (kind, file if file == templates.own(kind) else "Leadline's own", file in broken) for kind, file in rows
        )
        say_table(("event", "template", "broken"), ((kind, file, "yes" if bad else "") for kind, file, bad in files))
    if broken:
        raise RefusedError("\n".join(broken.values()))


@notifications.command()
@KIND
@click.option("--timezone", callback=_zone, default="UTC", show_default=True, help="By whose clocks time is told.")
def show(kind: EventKind, timezone: str) -> None:
    """Print what the template of a KIND of event says of two examples, one full and one bare."""
    folder = Templates(settings().home).in_force(kind).parent
    for event, lead, holder in examples(kind):
        try:
            said = words_of(event, lead, holder, timezone=timezone, folder=folder)
        except BrokenTemplateError as error:
            raise RefusedError(f"{error}\nLeadline's own words are used until this is mended.") from None
        click.echo(f"Subject: {said.subject}\n\n{said.text}")


@notifications.command()
@KIND
def names(kind: EventKind) -> None:
    """Print the names that a template for a KIND of event may use, each with an example of what it stands for."""
    event, lead, holder = next(examples(kind))
    clock = {"clock": clock_of(event)} if "clock" in event.payload else {}
    about = {} if lead is None else {**{f"lead.{name}": value for name, value in shown(lead).items()}, "holder": holder}
    data = {f"data.{name}": value for name, value in event.payload.items()}
    told = {**data, **clock, **about, "event.kind": event.kind, "event.at": event.at, "event.lead_id": event.lead_id}
    say_table(("name", "example"), told.items())


@notifications.command()
@KIND
def take(kind: EventKind) -> None:
    """Copy Leadline's template for a KIND of event into LEADLINE_HOME/notifications, to change it there."""
    own = Templates(settings().home).own(kind)
    if own.exists():
        raise RefusedError(f"{own} is there already; change it, or remove it to have Leadline's own words again")
    make_folder(own.parent)
    with whole_file(own) as file:
        file.write((OURS / own.name).read_text(encoding="utf-8"))
    click.echo(f"{own} is yours to change; `leadline notifications show {kind}` shows what it says.")


@notifications.command()
@click.option("--to", help="Only those to this address.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@json_option
def mail(to: str | None, state: DeliveryState | None, limit: int, as_json: bool) -> None:
    """List mail, newest first: what it told, whether it was sent, what went wrong.

    Dropped is what was no longer true when it was to be sent: of a lead that somebody else got meanwhile.
    """
    with opened() as database, database.read() as tx:
        found = mails(tx, limit=limit, to=to, state=state)
    if as_json:
        say_json([{**delivery_document(each), "to": each.target} for each in found])
        return
    say_table(
        ("to", "event", "lead", "state", "attempts", "created", "next", "sent", "error"),
        (
            (
                *(each.target, each.event.kind, each.event.lead_id, each.state, each.attempts),
                *map(written_time, (each.created_at, each.due_at, each.delivered_at)),
                each.error,
            )
            for each in found
        ),
    )


@notifications.command()
@click.option("--to", help="Only that to this address.")
def resend(to: str | None) -> None:
    """Send mail that failed again, for as long as it is true."""
    with opened() as database, database.begin() as tx:
        count = send_failed_again(tx, database_time(tx), to)
    click.echo(f"{count} {'mail is' if count == 1 else 'mails are'} sent again.")
