"""`leadline models compare`: two versions side by side."""

from pathlib import Path

import click

from api.cli.house import FILE, json_option, now, opened, say_json, say_table, settings
from api.comparing import TITLES, Compared, compared, compared_document, compared_on, compared_on_outcomes
from models.shared import Labelled
from models.version import ModelVersion
from scoring.facts import facts_of
from store.database import Transaction
from store.models import version
from training.label import labels_of
from training.rows import lead_of_row
from training.table import DataError, read_table


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
        if file is not None and label is not None:
            found = compared_on(settings().home, one, other, labelled_rows(file, label, positive), f"of {file.name}")
        else:
            found = _kept(tx, one, other, outcomes)
    if as_json:
        say_json(compared_document(found))
    else:
        _say(found)


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


def _kept(tx: Transaction, first: ModelVersion, second: ModelVersion, outcomes: bool) -> Compared:
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
