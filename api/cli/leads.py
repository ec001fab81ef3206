"""`leadline leads`: the leads that are kept."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import Progress

from api.cli.house import (
    FILE,
    RefusedError,
    errors,
    json_option,
    json_text,
    now,
    opened,
    say_json,
    say_table,
    written_time,
)
from api.export import export_document
from api.files import whole_file
from api.floor_documents import standing_document
from api.importing import import_leads
from api.lead_documents import lead_document
from api.schemas import STATES
from api.serving import read_served
from store.erase import erase_lead
from store.listing import Filters, Kept, list_leads
from store.standing import FloorLead, find_standing
from training.read import open_leads

OUT = click.Path(dir_okay=False, path_type=Path)

NESTED = frozenset({"decision", "attributes"})
SCORED = (
    *("score", "grade", "fit", "engagement", "probability"),
    *("qualified", "disqualified", "tags", "model", "playbook"),
)


@click.group()
def leads() -> None:
    """List, show, import, export and erase leads."""


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
    say_table(("what", "value"), _facts(standing.kept))
    if standing.kept.decision is not None:
        click.echo()
        reasons = standing.kept.decision["reasons"]
        say_table(("points", "reason"), ((f"{reason['points']:+.1f}", reason["text"]) for reason in reasons))
    if standing.clocks:
        click.echo()
        say_table(("clock", "state", "due", "took"), _clocks(standing))


@leads.command("import")
@click.argument("file", type=FILE)
@json_option
def take_in(file: Path, as_json: bool) -> None:
    """Take in the leads of FILE (CSV, Parquet or JSON Lines), as a CRM's batch would be.

    Columns named as a field of a lead are that field, all others attributes. Each lead is decided and kept, those that
    qualify go to sales; who is known already is the same lead. Rows without an e-mail address, a phone number and an
    external id go to a file of rejects beside it.
    """
    found, console = open_leads(file), errors()
    for warning in found.warnings:
        console.print(f"Warning: {warning}", markup=False)
    rejects = file.with_suffix(".rejects.csv")
    with opened() as database, Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("importing", total=found.size)
        with database.read() as tx:
            served = read_served(tx)
        done = import_leads(
            database,
            found,
            served,
            clock=now,
            rejects=rejects,
            advance=lambda weight: progress.advance(task, weight),
        )
    if as_json:
        say_json({**asdict(done), "rejects": str(rejects) if done.rejected else None})
        return
    click.echo(f"{done.leads:,} leads taken in; {done.routed:,} of them are with sales.")
    if done.unread:
        click.echo(f"{done.unread:,} of them without a value that made no sense (a phone number, a country, ...)")
    if done.rejected:
        click.echo(f"{done.rejected:,} rows could not be taken in: {rejects}")


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
        erased = erase_lead(tx, lead_id, now())
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
        (decision.get("sla") or {}).get("respond_by"),
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


def _facts(kept: Kept) -> list[tuple[str, object]]:
    document = lead_document(kept)
    decision = kept.decision or {}
    sla, rules = decision.get("sla") or {}, decision.get("rules") or []
    return [
        *((name, value) for name, value in document.items() if value is not None and name not in NESTED),
        *kept.lead.attributes.items(),
        *((name, decision.get(name)) for name in SCORED),
        ("rules", ", ".join(rule["name"] for rule in rules)),
        ("sla", sla.get("name")),
        ("respond by", sla.get("respond_by")),
        ("why", (decision.get("route") or {}).get("why")),
    ]
