"""`leadline playbook explain`: for one lead, every rule and route with each condition's value and truth."""

from datetime import datetime
from pathlib import Path

import click
import orjson

from api.cli.house import FILE, RefusedError, checked, errors, json_option, now, opened, say_json, say_table
from api.decision_documents import scored_document
from api.explaining import Explained, explained
from api.files import read_text
from api.parse import InputError, parse_scoring
from api.serving import read_active_playbook
from rules.case import Assumed
from rules.compile import Compiled
from rules.explain import explanation_json, explanation_text
from rules.terms import time_of
from scoring.lead import Activity, Lead
from scoring.scorecard import Scorecard
from store.models import champion

NO_MODEL = "no model is in force here, so probability and fit are taken as 0; give --probability and --fit"


def _instant(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    at = None if text is None else time_of(text)
    if text is not None and at is None:
        raise click.BadParameter(f"'{text}' is no time; write 2026-03-06 or 2026-03-06T19:00:00+01:00")
    return at


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--lead", "lead_file", type=FILE, required=True, help="The lead as JSON, as it is posted to /v1/score.")
@click.option("--probability", type=click.FloatRange(0, 1), help="Assume this instead of what the model says.")
@click.option("--fit", type=click.FloatRange(0, 100), help="Assume this instead of what the model says.")
@click.option("--at", callback=_instant, metavar="TIME", help="Decide as of this time, as 2026-03-06T19:00:00+01:00.")
@json_option
def explain(
    file: Path | None,
    lead_file: Path,
    probability: float | None,
    fit: float | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Decide one lead by the playbook FILE, or by the one in force, and show why.

    Every rule and route is shown with each condition's value and truth, as the deciding code saw them.
    """
    instant = at or now()
    lead, activities = _read_lead(lead_file, instant)
    assume = None if probability is None and fit is None else Assumed(probability=probability or 0.0, fit=fit or 0.0)
    playbook, scorecard = _deciding(file, modelled=assume is None)
    if scorecard is None and assume is None:
        errors().print(f"Warning: {NO_MODEL}", markup=False)
        assume = Assumed()
    _say(explained(lead, activities, scorecard, playbook, instant, assume=assume), as_json)


def _read_lead(file: Path, at: datetime) -> tuple[Lead, tuple[Activity, ...]]:
    try:
        return parse_scoring(orjson.loads(read_text(file)), at)
    except orjson.JSONDecodeError as error:
        raise RefusedError(f"{file}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except InputError as bad:
        lines = "\n".join(f"  {error.field or 'lead'}: {error.message}" for error in bad.errors)
        raise RefusedError(f"{file} holds no lead:\n{lines}") from None


def _deciding(file: Path | None, *, modelled: bool) -> tuple[Compiled, Scorecard | None]:
    """The playbook of a file, or the one in force; and the model in force where one is wanted and there is one."""
    if file is None:
        with opened() as database, database.read() as tx:
            version = champion(tx)
            return read_active_playbook(tx), version.scorecard if version else None
    playbook = checked(read_text(file), str(file))
    return playbook, _scorecard() if modelled else None


def _scorecard() -> Scorecard | None:
    try:
        with opened() as database, database.read() as tx:
            version = champion(tx)
    except RefusedError:  # a playbook file can be explained where no house stands
        return None
    return version.scorecard if version else None


def _say(found: Explained, as_json: bool) -> None:
    decision = scored_document(found.decision)
    if as_json:
        say_json({"decision": decision, **explanation_json(found.explanation)})
        return
    shown = ("score", "grade", "fit", "engagement", "probability", "qualified", "disqualified", "tags", "model")
    say_table(("what", "value"), [(name, decision[name]) for name in shown])
    click.echo()
    say_table(("points", "reason"), ((f"{reason.points:+.1f}", reason.text) for reason in found.decision.reasons))
    click.echo()
    click.echo(explanation_text(found.explanation))
