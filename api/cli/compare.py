"""`leadline models compare`: two versions side by side."""

from pathlib import Path

import click

from api.cli.house import FILE, errors, json_option, now, opened, say_json, say_table, settings
from api.comparing import TITLES, Compared, compared, compared_document, compared_on, compared_on_outcomes
from api.shadowing import Differing, Moved, differing, differing_document
from models.shared import Labelled
from models.version import ModelError, ModelVersion
from scoring.facts import facts_of
from store.database import Transaction
from store.models import version
from training.label import labels_of
from training.read import read_table
from training.rows import lead_of_row
from training.table import DataError


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--on", "file", type=FILE, help="Compare on the rows of this file; needs --label.")
@click.option("--label", help="The column of the file that holds the outcome.")
@click.option("--positive", help="The label's value that means converted.")
@click.option("--outcomes", is_flag=True, help="Compare on leads decided after both were trained, and won or lost.")
@json_option
def compare_versions(
    first: str,
    second: str,
    file: Path | None,
    label: str | None,
    positive: str | None,
    outcomes: bool,
    as_json: bool,
) -> None:
    """Judge versions A and B on the same rows, which neither was trained on, with 95 % intervals.

    Without options, on the rows kept when they were trained, or else on the outcomes that came back. Intervals are of
    a paired bootstrap: an interval that holds 0 is no clear difference.
    """
    if (file is None) != (label is None) or (file and outcomes):
        raise click.UsageError("--on FILE and --label COLUMN go together, and without --outcomes")
    with opened() as database, database.read() as tx:
        one, other = version(tx, first), version(tx, second)
        live = differing(tx, other, one) or differing(tx, one, other)
        try:
            found = _found(tx, one, other, outcomes) if file is None else _on(file, label or "", positive, one, other)
        except ModelError as error:
            if live is None:
                raise
            errors().print(f"Note: {error}.", markup=False, soft_wrap=True)
            found = None
    if as_json:
        measured = compared_document(found) if found else {"first": first, "second": second, "metrics": None}
        say_json({**measured, "shadow": None if live is None else differing_document(live)})
        return
    if found is not None:
        _say(found)
    if live is not None:
        _say_live(live)


def labelled_rows(file: Path, label: str, positive: str | None) -> list[Labelled]:
    """The rows of a file that have a label. Raises: DataError."""
    table = read_table(file)
    if label not in table.columns:
        raise DataError(f"{file.name} has no column {label!r}; it has {', '.join(table.columns)}")
    rows, marks, _ = labels_of(table.rows, label, positive)
    at = now()
    cells = ({name: text for name, text in row.cells.items() if name != label} for row in rows)
    leads = (lead_of_row(each, at).lead for each in cells)
    return [Labelled(facts=facts_of(lead, {}), label=mark) for lead, mark in zip(leads, marks, strict=True)]


def _on(file: Path, label: str, positive: str | None, first: ModelVersion, second: ModelVersion) -> Compared:
    return compared_on(settings().home, first, second, labelled_rows(file, label, positive), f"of {file.name}")


def _found(tx: Transaction, first: ModelVersion, second: ModelVersion, outcomes: bool) -> Compared:
    return compared_on_outcomes(tx, first, second) if outcomes else compared(tx, settings().home, first, second)


def _say(found: Compared) -> None:
    said = found.comparison
    click.echo(f"{said.rows:,} rows {found.about}; {said.positives:,} of them converted")
    headers = ("", found.first, found.second, "difference", "95 % interval", f"{found.second} is")
    say_table(
        headers,
        (
            (
                TITLES[each.metric],
                f"{each.first:.4f}",
                f"{each.second:.4f}",
                f"{each.difference:+.4f}",
                f"{each.low:+.4f} to {each.high:+.4f}",
                each.word,
            )
            for each in said.differences
        ),
    )
    for doubt in found.doubts:
        click.echo(f"Note: {doubt}.")


def _say_live(live: Differing) -> None:
    said = live.said
    order = "none, as one says the same of all" if said.rank_correlation is None else f"{said.rank_correlation:.3f}"
    click.echo(f"\nIn silence beside {live.serving}, {live.shadow} saw {said.decisions:,} of its decisions:")
    click.echo(f"  {said.agreement:.1%} agree whether the lead qualifies, {said.same_grade:.1%} on its grade")
    click.echo(f"  {said.gained:,} would qualify by {live.shadow} alone, {said.lost:,} by {live.serving} alone")
    click.echo(f"  rank correlation of the probabilities: {order}")
    if live.failed:
        click.echo(f"  {live.failed:,} decisions that it failed on")
    if not said.largest:
        return
    click.echo()
    moved = dict(live.moved)
    rows = (
        (
            each.decision_id,
            f"{each.serving.score:g} {each.serving.grade}",
            f"{each.shadow.score:g} {each.shadow.grade}",
            "; ".join(map(_moved, moved[each.decision_id])),
        )
        for each in said.largest
    )
    say_table(("largest differences", live.serving, live.shadow, "points of fit by attribute, one and the other"), rows)


def _moved(moved: Moved) -> str:
    value = "missing" if moved.value is None else str(moved.value)
    return f"{moved.name} {value}: {moved.serving:+g}, {moved.shadow:+g}"
