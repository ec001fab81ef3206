"""`leadline leads`: the leads that are kept."""

import click

from api.answers import lead_document
from api.cli.house import RefusedError, json_option, opened, say_json, say_table, written_time
from api.schemas import STATES
from store.listing import Filters, Kept, find_lead, list_leads

NESTED = frozenset({"decision", "attributes"})
SCORED = (
    *("score", "grade", "fit", "engagement", "probability"),
    *("qualified", "disqualified", "tags", "model", "playbook"),
)


@click.group()
def leads() -> None:
    """Look at the leads that are kept."""


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
        kept = find_lead(tx, lead_id)
    if kept is None:
        raise RefusedError(f"no lead {lead_id} is kept; `leadline leads list` shows those that are")
    if as_json:
        say_json(lead_document(kept))
        return
    say_table(("what", "value"), _facts(kept))
    if kept.decision is not None:
        click.echo()
        say_table(
            ("points", "reason"), ((f"{reason['points']:+.1f}", reason["text"]) for reason in kept.decision["reasons"])
        )


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
