"""`leadline leads`: the leads that are kept."""

from datetime import datetime
from pathlib import Path

import click

from api.cli.house import (
    RefusedError,
    json_option,
    json_text,
    opened,
    say_json,
    say_table,
    written_time,
)
from api.cli.imports import take_in
from api.export import export_document
from api.files import whole_file
from api.floor_documents import standing_document
from api.lead_documents import lead_document
from api.schemas import STATES
from store.erase import erase_lead
from store.listing import Filters, Kept, list_leads
from store.standing import FloorLead, find_standing
from store.sweep import database_time

OUT = click.Path(dir_okay=False, path_type=Path)

NESTED = frozenset({"decision", "attributes"})
SCORED = (
    *("score", "grade", "fit", "engagement", "probability"),
    *("qualified", "disqualified", "tags", "model", "playbook"),
)


@click.group()
def leads() -> None:
    """List, show, import, export and erase leads."""


leads.add_command(take_in)


@leads.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@click.option("--state", help=f"Only leads in this state: {STATES}.")
@click.option("--grade", help="Only leads of this grade.")
@click.option("--team", help="Only leads of this team.")
@click.option("--rep", help="Only leads of this rep.")
@click.option("--email", help="Only the lead with this e-mail address.")
@json_option
def list_some(
    limit: int,
    state: str | None,
    grade: str | None,
    team: str | None,
    rep: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """List leads, newest first."""
    filters = Filters(state=state, grade=grade, team=team, rep=rep, email=email.lower() if email else None)
    with opened() as database, database.read() as tx:
        page = list_leads(tx, limit=limit, filters=filters)
    if as_json:
        say_json([lead_document(kept) for kept in page.leads])
        return
    say_table(("id", "received", "who", "score", "grade", "state", "team", "rep", "respond by"), map(_row, page.leads))


@leads.command()
@click.argument("lead_id", metavar="ID")
@json_option
def show(lead_id: str, as_json: bool) -> None:
    """Show the lead of an ID with its latest decision and every reason for it."""
    with opened() as database, database.read() as tx:
        standing = find_standing(tx, lead_id)
    if standing is None:
        raise no_lead(lead_id)
    if as_json:
        say_json(standing_document(standing))
        return
    say_table(("what", "value"), _facts(standing))
    if standing.kept.decision is not None:
        click.echo()
        reasons = standing.kept.decision["reasons"]
        say_table(("points", "reason"), ((f"{reason['points']:+.1f}", reason["text"]) for reason in reasons))
    if standing.clocks:
        click.echo()
        say_table(("clock", "state", "due", "took"), _clocks(standing))


@leads.command()
@click.argument("lead_id", metavar="ID")
@click.option("-o", "--output", type=OUT, help="Where to write; standard output when left out.")
def export(lead_id: str, output: Path | None) -> None:
    """Export all that is kept of the person of an ID, as JSON."""
    with opened() as database, database.read() as tx:
        document = export_document(tx, lead_id)
    if document is None:
        raise no_lead(lead_id)
    if output is None:
        say_json(document)
        return
    with whole_file(output, mode=0o600) as file:
        file.write(json_text(document))
    click.echo(f"Lead {lead_id} is exported: {output}")


@leads.command()
@click.argument("lead_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(lead_id: str, yes: bool) -> None:
    """Erase the person of an ID everywhere, for good; counts stay."""
    if not yes:
        click.confirm(f"Erase lead {lead_id} for good?", abort=True)
    with opened() as database, database.begin() as tx:
        erased = erase_lead(tx, lead_id, database_time(tx))
    if not erased:
        raise no_lead(lead_id)
    click.echo(f"Lead {lead_id} is erased; counts stay.")


def no_lead(lead_id: str) -> RefusedError:
    """The refusal of an id that no kept lead has."""
    return RefusedError(f"no lead {lead_id} is kept; `leadline leads list` shows those that are")


def _row(kept: Kept) -> tuple[object, ...]:
    decision = kept.decision or {}
    lead = kept.lead
    return (
        kept.id,
        written_time(kept.created_at),
        lead.email or lead.phone or lead.external_id,
        decision.get("score"),
        decision.get("grade"),
        kept.state,
        kept.team,
        kept.rep,
        written_time(kept.respond_by),
    )


def _clocks(standing: FloorLead) -> list[tuple[object, ...]]:
    return [
        (
            clock.kind.replace("_", " "),
            clock.state,
            written_time(clock.due_at),
            None if clock.elapsed_seconds is None else f"{clock.elapsed_seconds / 60:,.1f} working minutes",
        )
        for clock in standing.clocks
    ]


def _facts(standing: FloorLead) -> list[tuple[str, object]]:
    kept, held = standing.kept, standing.assignment
    document, decision = lead_document(kept), kept.decision or {}
    return [
        *((name, _written(value)) for name, value in document.items() if value is not None and name not in NESTED),
        *kept.lead.attributes.items(),
        *((name, _written(decision.get(name))) for name in SCORED),
        ("rules", ", ".join(rule["name"] for rule in decision.get("rules") or [])),
        ("sla", next((clock.sla for clock in standing.clocks), None)),
        ("why", None if held is None else held.why["text"]),
        ("stays", decision.get("stays")),
    ]


def _written(value: object) -> object:
    """A value as a table shows it."""
    if isinstance(value, datetime):
        return written_time(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value
