"""The loop that measures drift once an hour, and the figures of it that Prometheus reads."""

from collections.abc import Iterator
from threading import Event

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from structlog import get_logger

from api.drifting import drift_once
from models.version import ModelError
from rules.problems import PlaybookError
from store.database import Database
from store.drifts import last_drift
from store.models import champion_name
from store.sweep import database_time

SECONDS_BETWEEN_LOOKS = 30.0


def drift_forever(database: Database, stopping: Event) -> None:
    """Measures drift whenever it is an hour old, until the event is set; what goes wrong is logged and tried again."""
    while not stopping.is_set():
        try:
            with database.read() as tx:
                now = database_time(tx)
            drift = drift_once(database, now)
        except (OperationalError, ModelError, PlaybookError) as error:
            get_logger().error("drift not measured", what=str(error))
            drift = None
        if drift is not None:
            get_logger().info("drift", model=drift.version, leads=drift.leads, score=round(drift.score.psi, 4))
        stopping.wait(SECONDS_BETWEEN_LOOKS)


class DriftFigures(Collector):
    """Drift of the version that serves, as a worker last measured it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the store is not read before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What was last measured; nothing without a measurement or a database."""
        try:
            with self._database.read() as tx:
                name = champion_name(tx)
                last = None if name is None else last_drift(tx, name)
        except SQLAlchemyError:
            return
        if last is None:
            return
        said = last.document
        psi = GaugeMetricFamily(
            "leadline_drift_psi",
            "Population stability index of the last 30 days beside the training leads, of the score and by attribute",
            labels=["of"],
        )
        psi.add_metric(["score"], said["score"]["psi"])
        for attribute, shift in said["attributes"].items():
            psi.add_metric([f"attribute {attribute}"], shift["psi"])
        yield psi
        yield GaugeMetricFamily("leadline_drift_leads", "Leads that drift was measured on", value=said["leads"])
        yield GaugeMetricFamily(
            "leadline_drift_measured_timestamp_seconds", "When drift was measured", value=last.at.timestamp()
        )
        if said["calibration"] is not None:
            rates = GaugeMetricFamily(
                "leadline_won_rate", "Rate of wins among known outcomes, as promised and as it came", labels=["rate"]
            )
            for rate in ("expected", "observed"):
                rates.add_metric([rate], said["calibration"][rate])
            yield rates
