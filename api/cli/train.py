"""`leadline train`: a candidate version from leads with their outcomes."""

from pathlib import Path
from typing import Any

import click

from api.candidates import train_candidate
from api.cli.fitting import fitting_options
from api.cli.house import FILE, json_option, opened, say_json, settings, time_of
from api.cli.learning import Learning, learn_from, learning_options, show_types
from api.cli.progress import training_progress
from training.cluster import on_cluster
from training.plan import Plan
from training.report import report_json, report_text


@click.command()
@click.argument("file", type=FILE, required=False)
@learning_options
@click.option("--cluster", metavar="ADDRESS", help="Fit on a Dask cluster, such as tcp://10.0.0.5:8786.")
@fitting_options
@json_option
def train(file: Path | None, cluster: str | None, plan: Plan, as_json: bool, **given: Any) -> None:
    """Train on FILE (CSV, Parquet, JSON Lines), or on the stored outcomes, and keep the result as a candidate version.

    Prints the report: what the model learned from, how good it is beside a logistic regression and unrestricted
    boosting, and which columns look like leakage. `leadline models promote VERSION` makes it serve.

    Without FILE it learns from leads that sales won or lost, as they were when they were decided; a lead rejected for
    a reason without a rest counts as lost.
    """
    learning = Learning(file=file, **given)
    with opened() as database:
        now = time_of(database)
        if learning.show_types:
            show_types(database, learning, now, as_json=as_json)
            return
        data = learn_from(database, learning, now)
        with on_cluster(cluster), training_progress() as heard:
            version = train_candidate(database, settings().home, data, now=now, plan=plan, progress=heard)
    if as_json:
        say_json(report_json(version))
    else:
        click.echo(report_text(version))
