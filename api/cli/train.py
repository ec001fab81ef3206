"""`leadline train`: a candidate version from a file of leads with their outcomes."""

from collections.abc import Sequence
from pathlib import Path

import click

from api.candidates import train_candidate
from api.cli.fitting import fitting_options
from api.cli.house import FILE, RefusedError, json_option, now, opened, say_json, settings
from api.cli.progress import training_progress
from training.cluster import on_cluster
from training.dataset import Dataset, dataset
from training.plan import Plan
from training.report import report_json, report_text
from training.table import read_table


@click.command()
@click.argument("file", type=FILE)
@click.option("--label", required=True, help="The column that holds the outcome.")
@click.option("--positive", help="The label's value that means converted; found out for 1/0, yes/no, true/false.")
@click.option("--time", help="A column with the time of each lead: train on the past, test on the future.")
@click.option("--group", help="A column whose equal values stay on one side of every split.")
@click.option("--drop", multiple=True, help="A column to leave out; may be given several times.")
@click.option("--strict", is_flag=True, help="Stop, keeping nothing, where a column looks as if it knew the outcome.")
@click.option("--trust", multiple=True, help="A column that --strict lets pass; may be given several times.")
@click.option(
    "--fairness", multiple=True, help="A column whose groups the report compares; may be given several times."
)
@click.option("--cluster", metavar="ADDRESS", help="Fit on a Dask cluster, such as tcp://10.0.0.5:8786.")
@fitting_options
@json_option
def train(
    file: Path,
    label: str,
    positive: str | None,
    time: str | None,
    group: str | None,
    drop: tuple[str, ...],
    strict: bool,
    trust: tuple[str, ...],
    fairness: tuple[str, ...],
    cluster: str | None,
    plan: Plan,
    as_json: bool,
) -> None:
    """Train on FILE (CSV) and keep the result as a candidate version.

    Prints the report: what the model learned from, how good it is beside a logistic regression and unrestricted
    boosting, and which columns look like leakage. `leadline models promote VERSION` makes it serve.
    """
    with opened() as database:
        table = read_table(file)
        data = dataset(
            table, label=label, positive=positive, drop=drop, time=time, group=group, fairness=fairness, now=now()
        )
        if strict:
            _refuse_leakage(data, trust)
        with on_cluster(cluster), training_progress() as heard:
            version = train_candidate(database, settings().home, data, now=now(), plan=plan, progress=heard)
    if as_json:
        say_json(report_json(version))
    else:
        click.echo(report_text(version))


def _refuse_leakage(data: Dataset, trusted: Sequence[str]) -> None:
    """Raises RefusedError with what looks like leakage and is neither trusted nor left out by itself."""
    doubted = [each for each in data.leakage if each.kind != "identifier" and each.column not in trusted]
    if doubted:
        lines = [f"  {each.column}: {each.evidence}" for each in doubted]
        remedy = (
            "Nothing was kept. Leave them out with --drop, or name those known when the lead comes in with --trust."
        )
        raise RefusedError("\n".join(["columns that look as if they knew the outcome:", *lines, remedy]))
