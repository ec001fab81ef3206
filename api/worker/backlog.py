"""How much work is due and how late it is, read from the store when the figures are asked for."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from store.database import Database
from store.due import backlog
from store.sweep import database_time


class Backlog(Collector):
    """The work that is due and nobody has done yet, over all workers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the store is not read before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The backlog now; nothing without a database, as the other figures are given all the same."""
        try:
            with self._database.read() as tx:
                now = database_time(tx)
                count, oldest = backlog(tx, now)
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily("leadline_work_due", "Work that is due and not done yet", value=count)
        age = 0.0 if oldest is None else (now - oldest).total_seconds()
        yield GaugeMetricFamily("leadline_work_due_oldest_seconds", "How late the oldest of it is", value=age)
