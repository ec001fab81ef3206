"""The loop that measures the agreement every five minutes, and the figures of it that Prometheus reads."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.serving import read_active_playbook
from api.worker.loop import attempt
from routing.periods import stretch_of
from store.agreements import keep_measured, last_measured
from store.database import Database
from store.reports.agreement import agreement_report
from store.sweep import database_time

EVERY = timedelta(minutes=5)
SECONDS_BETWEEN_LOOKS = 30.0


def agree_forever(database: Database, stopping: Event) -> None:
    """Measures the agreement whenever that is five minutes old, until the event is set."""
    while not stopping.is_set():
        attempt(lambda: measure_once(database))
        stopping.wait(SECONDS_BETWEEN_LOOKS)


def measure_once(database: Database, now: datetime | None = None) -> bool:
    """Measures the agreement and keeps that; says whether it did, or it was done within five minutes.

    Raises: NotReadyError without a playbook.
    """
    with database.read() as tx:
        at = now or database_time(tx)
        last = last_measured(tx)
        if last is not None and at - last.at < EVERY:
            return False
        playbook = read_active_playbook(tx).playbook
        report = agreement_report(tx, playbook, stretch_of(at, "month", playbook.agreement.timezone), at)
    with database.begin() as tx:
        keep_measured(tx, report, at)
    return True


class AgreementFigures(Collector):
    """How each promise of the agreement stands, as a worker last measured it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the store is not read before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What was last measured; nothing without a measurement or a database."""
        try:
            with self._database.read() as tx:
                last = last_measured(tx)
        except SQLAlchemyError:
            return
        if last is None:
            return
        told = {
            "promised": "What was promised: leads, or a share of them",
            "so_far": "What it is so far",
            "expected": "What it is expected to be at the end of the period",
            "likely": "How likely the promise is kept, 0 to 1",
        }
        for name, about in told.items():
            gauge = GaugeMetricFamily(f"leadline_agreement_{name}", about, labels=["side", "promise", "of", "per"])
            for one in last.promises:
                if one[name] is not None:
                    gauge.add_metric([one["side"], one["promise"], one["of"], one["per"]], one[name])
            yield gauge
