"""What each kind of job does. A job may be begun again at any point, so what it makes is kept with its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import MappingProxyType
from typing import Any

from api.candidates import SEED, train_candidate
from api.rescoring import rescore
from api.serving import read_active_playbook, read_served
from api.settings import Settings
from api.stored_outcomes import stored_examples
from models.version import ModelVersion
from store.database import Database, Transaction
from store.jobs import Job, JobKind, end_job, file_of, tell_progress
from store.playbooks import active_playbook
from store.sweep import database_time
from training.dataset import Dataset, dataset_of
from training.examples import examples_of
from training.plan import Plan
from training.read import read_table
from training.table import DataError

SECONDS_BETWEEN_WORDS = 0.5
NO_PLAYBOOK = "there are no stored outcomes: no playbook is in force"


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a job is done with."""

    settings: Settings
    database: Database
    job: Job
    told: list[float] = field(default_factory=lambda: [0.0])

    def say(self, doing: str, progress: float) -> None:
        """Keeps how far the job is, twice a second at most. Raises: LostJobError when it is another's by now."""
        if monotonic() - self.told[0] >= SECONDS_BETWEEN_WORDS:
            self.told[0] = monotonic()
            with self.database.begin() as tx:
                tell_progress(tx, self.job, progress, doing, self.job.cursor)


def perform(desk: Desk) -> None:
    """Does a job to its end. Raises: what a person can mend, DataError among it."""
    KINDS[desk.job.kind](desk)


def _train(desk: Desk) -> None:
    """Trains a candidate version, from the file that was sent or from the stored outcomes."""
    now, asked = datetime.now(UTC), desk.job.params
    data = _data_set(desk, now)

    def end(tx: Transaction, version: ModelVersion) -> None:
        served = version.card.metrics["served"]
        end_job(tx, desk.job, {"version": version.name, "rows": version.card.rows, "metrics": served}, now)

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


def _data_set(desk: Desk, now: datetime) -> Dataset:
    asked = desk.job.params
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
    with TemporaryDirectory(prefix="leadline-") as folder:
        path = Path(folder, sent[0])
        path.write_bytes(sent[1])
        return dataset_of(examples_of(read_table(path), **options, now=now), declared=declared)


def _rescore(desk: Desk) -> None:
    """Decides anew about all leads that are not settled, from where an earlier turn was."""
    with desk.database.read() as tx:
        served = read_served(tx)
    done = rescore(desk.database, served, desk.job)
    with desk.database.begin() as tx:
        end_job(tx, desk.job, done, database_time(tx))


KINDS: Mapping[JobKind, Callable[[Desk], None]] = MappingProxyType({"train": _train, "rescore": _rescore})
