"""`leadline score`: a file of leads in, the same rows with score columns out."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.batch import Batch, missing_columns, score_table
from api.cli.house import FILE, RefusedError, checked, errors, json_option, now, opened, say_json
from api.files import read_text
from api.serving import NO_MODEL, read_active_playbook
from rules.compile import Compiled
from scoring.scorecard import Scorecard
from store.database import Transaction
from store.models import champion, version
from training.read import read_table
from training.table import Table

OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=OUT, help="Where to write; FILE with .scored before its ending when left out.")
@click.option("--model", help="Score with this version instead of the one that serves.")
@click.option("--playbook", "playbook_file", type=FILE, help="Decide by this playbook instead of the one in force.")
@json_option
def score(file: Path, output: Path | None, model: str | None, playbook_file: Path | None, as_json: bool) -> None:
    """Score the leads in FILE (CSV).

    Writes the same rows with the columns probability, fit, score, grade, qualified and reasons (JSON). Rows that
    cannot be read go to a file of rejects beside it, with the line and the reason.
    """
    out = output or file.with_suffix(f".scored{file.suffix}")
    if out.resolve() == file.resolve():
        raise click.BadParameter("this is the file to score; give another", param_hint="--output")
    table = read_table(file)
    scorecard, playbook = _deciding(model, playbook_file)
    console = errors()
    for warning in (*table.warnings, *_missing(table, scorecard)):
        console.print(f"Warning: {warning}", markup=False)
    rejects = out.with_suffix(f".rejects{out.suffix}")
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("scoring", total=len(table.rows))
        batch = score_table(
            table, scorecard, playbook, now=now(), out=out, rejects=rejects, advance=lambda: progress.advance(task)
        )
    _say(batch, out, rejects, scorecard, as_json)


def _deciding(model: str | None, playbook_file: Path | None) -> tuple[Scorecard, Compiled]:
    given = checked(read_text(playbook_file), str(playbook_file)) if playbook_file else None
    with opened() as database, database.read() as tx:
        return _scorecard(tx, model), given or read_active_playbook(tx)


def _scorecard(tx: Transaction, model: str | None) -> Scorecard:
    found = version(tx, model) if model else champion(tx)
    if found is None:
        raise RefusedError(NO_MODEL)
    return found.scorecard


def _missing(table: Table, scorecard: Scorecard) -> list[str]:
    missing = missing_columns(table, scorecard)
    return [f"{table.name} lacks {', '.join(missing)}, which the model knows; scored as missing"] if missing else []


def _say(batch: Batch, out: Path, rejects: Path, scorecard: Scorecard, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "model": scorecard.version,
                "scored": batch.scored,
                "rejected": batch.rejected,
                "unread": batch.unread,
                "output": str(out),
                "rejects": str(rejects) if batch.rejected else None,
            }
        )
        return
    click.echo(f"{batch.scored:,} leads scored with model {scorecard.version}: {out}")
    if batch.unread:
        click.echo(
            f"{batch.unread:,} of them without a value that made no sense (an e-mail address, a phone number, ...)"
        )
    if batch.rejected:
        click.echo(f"{batch.rejected:,} rows could not be read: {rejects}")
