"""`leadline models show`: the report of a version, as text, JSON or a page."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import click
import numpy as np

from api.cli.house import RefusedError, json_option, opened, say_json, settings
from api.files import whole_file
from models.card import GroupCard, ModelCard, card_to_json
from models.heldout import read_held_out
from models.version import ModelVersion
from scoring.attributes import coerce
from store.models import version
from training.cards import fits_of, groups_of
from training.fairness import treatments
from training.metrics import judged
from training.page import FAIRNESS_FIT, report_html
from training.report import fairness_text, report_json, report_text, thresholds_text
from training.thresholds import Threshold, for_capacity, for_precision, threshold_at

_RATE = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s+(?:per|a)\s+(day|week|month|quarter|year))?")
_MONTHS = MappingProxyType({"day": 365.25 / 12, "week": 365.25 / 84, "month": 1.0, "quarter": 1 / 3, "year": 1 / 12})


def _rate(_context: click.Context, _option: click.Parameter, given: str | None) -> float | None:
    """A rate as leads a month."""
    if given is None:
        return None
    found = _RATE.fullmatch(given.strip())
    if found is None:
        raise click.BadParameter(f"{given!r} is no rate; write '200 per month', '50 per week' or '10 per day'")
    return float(found[1].replace(",", ".")) * _MONTHS[found[2] or "month"]


@click.command()
@click.argument("name", metavar="VERSION")
@click.option("--capacity", callback=_rate, help="Suggest the fit above which sales can take all: '200 per month'.")
@click.option(
    "--volume", callback=_rate, help="How many leads come in: '900 per month'; the data say it by themselves."
)
@click.option(
    "--precision", type=click.FloatRange(0, 1), help="Suggest the fit above which so many leads convert: 0.6."
)
@click.option("--fairness", multiple=True, metavar="COLUMN", help="Compare the groups of this column.")
@click.option(
    "--fit", type=click.IntRange(0, 100), help="The line that fairness is judged at; the suggested one, else 80."
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as a page.")
@json_option
def show(
    name: str,
    capacity: float | None,
    volume: float | None,
    precision: float | None,
    fairness: tuple[str, ...],
    fit: int | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Show the training report of a VERSION: how good it is, what it looks at, where to draw the line."""
    with opened() as database, database.read() as tx:
        found = version(tx, name)
    lines = _lines(found.card, capacity, volume, precision, fit)
    line = fit if fit is not None else next((each.fit for each in lines.values()), FAIRNESS_FIT)
    columns = fairness or tuple(found.card.fairness)
    groups = {column: _groups(found, column) for column in columns}
    if html is not None:
        with whole_file(html) as file:
            file.write(report_html(found, lines=lines, groups=groups, fit=line))
    if as_json:
        say_json(_document(found, lines, groups, line))
        return
    if html is not None:
        click.echo(f"The report of {name} is in {html}.")
        return
    click.echo(report_text(found))
    if lines:
        click.echo(thresholds_text(lines))
    for column, each in groups.items():
        click.echo(fairness_text(column, line, treatments(each, line)))


def _lines(
    card: ModelCard, capacity: float | None, volume: float | None, precision: float | None, fit: int | None
) -> dict[str, Threshold]:
    """The thresholds that were asked for, by what was asked."""
    found = {}
    if capacity is not None:
        found[f"for {capacity:,.0f} a month"] = for_capacity(card, capacity, volume)
    if precision is not None:
        found[f"for a precision of {precision:g}"] = for_precision(card, precision, volume)
    if fit is not None:
        found[f"fit {fit}"] = threshold_at(card.curve, fit, volume or card.leads_a_month)
    return found


def _groups(found: ModelVersion, column: str) -> Sequence[GroupCard]:
    """The groups of a column, from the card or, where it has them not, from the held-out rows.

    Raises: RefusedError where neither knows the column; ModelError where the rows are not there.
    """
    if column in found.card.fairness:
        return found.card.fairness[column]
    rows = [row for row in read_held_out(settings().home / "models", found.name) if row.tested]
    values = [row.facts.values.get(column) for row in rows]
    if all(value is None for value in values):
        raise RefusedError(
            f"no held-out lead of {found.name} has {column!r}; train with --fairness {column!r} to keep its groups"
        )
    log_odds = np.array([row.log_odds for row in rows], dtype=np.float64)
    probability = np.array([row.probability for row in rows], dtype=np.float64)
    label = np.array([row.label for row in rows], dtype=np.bool_)
    texts = [None if value is None else str(coerce(value, "text")) for value in values]
    return groups_of(judged(label, log_odds, probability), fits_of(found.scorecard, log_odds), texts)


def _document(
    found: ModelVersion, lines: dict[str, Threshold], groups: dict[str, Sequence[GroupCard]], fit: int
) -> dict[str, object]:
    return {
        "state": found.state,
        **report_json(found),
        "thresholds": [{"asked": asked, **asdict(line)} for asked, line in lines.items()],
        "fairness": {
            column: {"fit": fit, "groups": [asdict(group) for group in treatments(each, fit)]}
            for column, each in groups.items()
        },
        "card": card_to_json(found.card),
    }
