"""Training: a candidate version, from the file that was sent or from the stored outcomes."""

from datetime import datetime, timedelta
from typing import Any

from api.candidates import SEED, train_candidate
from api.jobs.desk import Desk
from api.scratch import unpacked
from api.serving import read_active_playbook
from api.stored_outcomes import stored_examples
from models.version import ModelVersion
from store.database import Transaction
from store.jobs import end_job, file_of, params_of
from store.playbooks import active_playbook
from store.sweep import database_time
from training.dataset import Dataset, dataset_of
from training.examples import examples_of
from training.plan import Plan
from training.read import read_table
from training.table import DataError

NO_PLAYBOOK = "there are no stored outcomes: no playbook is in force"


def perform(desk: Desk) -> None:
    """Trains a candidate version and keeps it with the end of the job."""
    with desk.database.read() as tx:
        asked, now = params_of(tx, desk.job), database_time(tx)
    data = _data_set(desk, asked, now)

    def end(tx: Transaction, version: ModelVersion) -> None:
        served = version.card.metrics["served"]
        end_job(
            tx, desk.job, {"version": version.name, "rows": version.card.rows, "metrics": served}, database_time(tx)
        )

    train_candidate(
        desk.database,
        desk.settings.home,
        data,
        now=now,
        plan=Plan(seed=SEED if asked["seed"] is None else asked["seed"], search=asked["search"]),
        progress=desk.say,
        by=desk.job.asked_by,
        also=end,
    )


def _data_set(desk: Desk, asked: Any, now: datetime) -> Dataset:
    with desk.database.read() as tx:
        sent = file_of(tx, desk.job)
        playbook = read_active_playbook(tx) if active_playbook(tx) else None
        declared = {} if playbook is None else playbook.playbook.attributes
        if sent is None:
            if playbook is None:
                raise DataError(NO_PLAYBOOK)
            mature = timedelta(days=asked["mature_days"])
            return dataset_of(stored_examples(tx, playbook, mature=mature, drop=asked["drop"], now=now))
    options: dict[str, Any] = {name: asked[name] for name in ("label", "positive", "time", "group", "drop")}
    with unpacked(desk.settings.scratch, *sent) as path:
        return dataset_of(examples_of(read_table(path), **options, now=now), declared=declared)
