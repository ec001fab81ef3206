"""`leadline playbook explain`: for one lead, every rule and route with each condition's value and truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson

from api.cli.house import FILE, RefusedError, checked, errors, json_option, now, opened, say_json, say_table
from api.decision_documents import scored_document
from api.explaining import Explained, explained
from api.files import read_text
from api.parse import InputError, parse_scoring
from api.serving import read_active_playbook
from routing.decision import Decision
from rules.case import Assumed
from rules.compile import Compiled
from rules.explain import explanation_json, explanation_text
from rules.terms import time_of
from scoring.lead import Activity, Lead
from scoring.scorecard import Scorecard
from store.leads import activities_of
from store.listing import find_lead
from store.models import champion
from store.playbooks import playbook_text
from store.replay import find_decision
from store.stays import kept_back, settled

NO_MODEL = "no model is in force here, so probability and fit are taken as 0; give --probability and --fit"
NOT_KEPT = "neither a lead nor a decision {id} is kept; `leadline leads list` shows the leads that are"


def _instant(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    at = None if text is None else time_of(text)
    if text is not None and at is None:
        raise click.BadParameter(f"'{text}' is no time; write 2026-03-06 or 2026-03-06T19:00:00+01:00")
    return at


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """Whom to explain: the lead and when it is decided.

    Of a kept decision also what the model said, which playbook decided and why the lead stayed; of a kept lead as it
    stands its id.
    """

    lead: Lead
    activities: Sequence[Activity]
    at: datetime
    assume: Assumed | None = None
    playbook: int | None = None
    stays: str | None = None
    kept_id: str | None = None


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--lead", "lead_file", type=FILE, help="The lead as JSON, as it is posted to /v1/score.")
@click.option(
    "--id", "kept_id", metavar="ID", help="A kept lead as it stands, or one of its decisions as it was taken."
)
@click.option("--probability", type=click.FloatRange(0, 1), help="Assume this instead of what the model says.")
@click.option("--fit", type=click.FloatRange(0, 100), help="Assume this instead of what the model says.")
@click.option("--at", callback=_instant, metavar="TIME", help="Decide as of this time, as 2026-03-06T19:00:00+01:00.")
@json_option
def explain(
    file: Path | None,
    lead_file: Path | None,
    kept_id: str | None,
    probability: float | None,
    fit: float | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Decide one lead by the playbook FILE, or by the one in force, and show why.

    A kept decision (--id) is decided with what was known and what the model said when it was taken, by the playbook
    that took it where no FILE is given. Why a kept lead stays where it is, is shown unless --at asks for another time.

    Every rule and route is shown with each condition's value and truth, as the deciding code saw them.
    """
    if (lead_file is None) == (kept_id is None):
        raise click.UsageError("name one lead: --lead FILE.json, or --id ID of one that is kept")
    asked = _read_lead(lead_file, at or now()) if lead_file else _kept(str(kept_id), at)
    assume = (
        asked.assume if probability is None and fit is None else Assumed(probability=probability or 0.0, fit=fit or 0.0)
    )
    playbook, scorecard = _deciding(file, asked.playbook, modelled=assume is None)
    if scorecard is None and assume is None:
        errors().print(f"Warning: {NO_MODEL}", markup=False, soft_wrap=True)
        assume = Assumed()
    found = explained(asked.lead, asked.activities, scorecard, playbook, asked.at, assume=assume)
    found = replace(found, decision=_standing(found.decision, asked, playbook))
    _say(found, assume is not None and assume is asked.assume, as_json)


def _kept(kept_id: str, at: datetime | None) -> _Asked:
    """A kept lead as it stands, or as it was when a decision was taken. Raises: RefusedError when neither is kept."""
    with opened() as database, database.read() as tx:
        lead, decision = find_lead(tx, kept_id), find_decision(tx, kept_id)
        if lead is not None:
            stands = None if at else lead.id
            return _Asked(lead=lead.lead, activities=activities_of(tx, lead.id), at=at or now(), kept_id=stands)
    if decision is None:
        raise RefusedError(NOT_KEPT.format(id=kept_id))
    then, document = decision
    return _Asked(
        lead=then.lead,
        activities=then.activities,
        at=at or then.at,
        assume=then.assumed,
        playbook=document["playbook"],
        stays=None if at else document.get("stays"),
    )


def _standing(decision: Decision, asked: _Asked, playbook: Compiled) -> Decision:
    """The decision; where its lead rests, or sales is done with it, one that says so and hands it to nobody."""
    if asked.kept_id is None:
        return decision if asked.stays is None else kept_back(decision, asked.stays)
    with opened() as database, database.read() as tx:
        done = settled(tx, asked.kept_id, decision, playbook.playbook, asked.at)
    return decision if done is None else done.decision


def _read_lead(file: Path, at: datetime) -> _Asked:
    """The lead of a file. Raises: RefusedError that says where it is not JSON, or which fields are not right."""
    try:
        lead, activities = parse_scoring(orjson.loads(read_text(file)), at)
    except orjson.JSONDecodeError as error:
        raise RefusedError(f"{file}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except InputError as bad:
        lines = "\n".join(f"  {error.field or 'lead'}: {error.message}" for error in bad.errors)
        raise RefusedError(f"{file} holds no lead:\n{lines}") from None
    return _Asked(lead=lead, activities=activities, at=at)


def _deciding(file: Path | None, number: int | None, *, modelled: bool) -> tuple[Compiled, Scorecard | None]:
    """The playbook of a file, else of a number, else the one in force; and the model in force where one is wanted."""
    if file is not None:
        playbook = checked(read_text(file), str(file))
    else:
        with opened() as database, database.read() as tx:
            text = None if number is None else playbook_text(tx, number)
            playbook = read_active_playbook(tx) if text is None else checked(text, f"playbook {number}", number or 0)
    return playbook, _scorecard() if modelled else None


def _scorecard() -> Scorecard | None:
    try:
        with opened() as database, database.read() as tx:
            version = champion(tx)
    except RefusedError:  # a playbook file can be explained where no house stands
        return None
    return version.scorecard if version else None


def _say(found: Explained, said_then: bool, as_json: bool) -> None:
    decision = scored_document(found.decision)
    if as_json:
        say_json({"decision": decision, **explanation_json(found.explanation)})
        return
    say_table(("what", "value"), _outcome(decision, said_then))
    click.echo()
    say_table(("points", "reason"), ((f"{reason.points:+.1f}", reason.text) for reason in found.decision.reasons))
    click.echo()
    click.echo(explanation_text(found.explanation))


def _outcome(decision: Mapping[str, Any], said_then: bool) -> list[tuple[str, object]]:
    """What the decision comes to, what it has nothing of left out."""
    route, sla = decision["route"] or {}, decision["sla"] or {}
    told = {
        **{name: decision[name] for name in ("score", "grade", "fit", "engagement")},
        "probability": f"{decision['probability']:.4g}",
        "qualified": "yes" if decision["qualified"] else "no",
        "disqualified": decision["disqualified"],
        "tags": ", ".join(decision["tags"]),
        "route": route.get("name"),
        "team": route.get("team"),
        "stays": decision["stays"],
        "sla": sla.get("name"),
        "respond by": sla.get("respond_by"),
        "model": "as it said then" if said_then else decision["model"],
        "playbook": decision["playbook"] or None,
    }
    return [(name, value) for name, value in told.items() if value not in (None, "")]
