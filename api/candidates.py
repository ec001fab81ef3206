"""A training run that ends in the registry: a candidate version, and its estimators kept for the analyst."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from api.comparing import keep_beside
from api.files import whole_file
from models.estimators import keep_estimators
from models.heldout import keep_held_out
from models.population import population_of
from models.version import ModelVersion
from store.database import Database, Transaction
from store.models import add_version, champion_name, next_version_name
from training.dataset import Dataset
from training.page import report_html
from training.plan import Plan
from training.train import train

SEED = 20_261_124

Progress = Callable[[str, float], None]
Also = Callable[[Transaction, ModelVersion], None]


def nothing_else(tx: Transaction, version: ModelVersion) -> None:
    """Does nothing beside keeping a version."""


def train_candidate(
    database: Database,
    home: Path,
    dataset: Dataset,
    *,
    now: datetime,
    plan: Plan,
    progress: Progress,
    by: str = "command line",
    also: Also = nothing_else,
) -> ModelVersion:
    """The candidate that a data set trains; kept only when all of it is there: estimators and rows first, then
    the version.

    `progress` hears what is being done and which share of it (0..1) is; `also` is done in the transaction that keeps
    the version. Raises: TrainingError, ConflictError.
    """
    with database.read() as tx:
        name, parent = next_version_name(tx, now), champion_name(tx)
    trained = train(dataset, version=name, now=now, plan=plan, progress=progress)
    keep_estimators(home / "models", name, trained.estimators)
    keep_held_out(home / "models", name, trained.held_out)
    population = population_of(trained.version.scorecard, dataset.facts)
    version = replace(trained.version, by=by, parent=parent, population=population)
    keep_page(home / "models", version)
    with database.begin() as tx:
        add_version(tx, version)
        also(tx, version)
    if parent is not None:
        keep_beside(database, home, parent, version)
    return version


def keep_page(folder: Path, version: ModelVersion) -> None:
    """Writes the report of a version beside its estimators, as a page that opens in any browser."""
    with whole_file(folder / f"{version.name}.html") as file:
        file.write(report_html(version))
