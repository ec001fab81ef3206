"""`leadline train`: a candidate version from a file of leads with their outcomes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from training.report import report_json, report_text

from api.candidates import SEED, train_candidate
from api.candidates import Progress as Heard
from api.cli.house import FILE, errors, json_option, now, opened, say_json, settings
from training.dataset import dataset
from training.table import read_table


@click.command()
@click.argument("file", type=FILE)
@click.option("--label", required=True, help="The column that holds the outcome.")
@click.option("--positive", help="The label's value that means converted; found out for 1/0, yes/no, true/false.")
@click.option("--time", help="A column with the time of each lead: train on the past, test on the future.")
@click.option("--group", help="A column whose equal values stay on one side of every split.")
@click.option("--drop", multiple=True, help="A column to leave out; may be given several times.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=SEED, show_default=True, help="Same seed, same model.")
@json_option
def train(
    file: Path,
    label: str,
    positive: str | None,
    time: str | None,
    group: str | None,
    drop: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Train on FILE (CSV) and keep the result as a candidate version.

    Prints the report: what the model learned from, how good it is beside a logistic regression and unrestricted
    boosting, and which columns look like leakage. `leadline models promote VERSION` makes it serve.
    """
    with opened() as database:
        table = read_table(file)
        data = dataset(table, label=label, positive=positive, drop=drop, time=time, group=group, now=now())
        with training_progress() as heard:
            version = train_candidate(database, settings().home, data, now=now(), seed=seed, progress=heard)
    if as_json:
        say_json(report_json(version))
    else:
        click.echo(report_text(version))


@contextmanager
def training_progress() -> Iterator[Heard]:
    """A progress line on standard error, in words and as a bar."""
    console = errors()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("reading", total=1.0)

        def heard(what: str, share: float) -> None:
            progress.update(task, description=what, completed=share)

        yield heard
