"""What is due is done: clocks' warnings and breaches, leads that come back after a rest."""

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from structlog import get_logger

from api.intake import decide_again
from api.serving import Served, Serving
from api.worker.figures import WorkFigures
from store.database import Database, Transaction
from store.due import Due, next_due
from store.rests import tell_recycled
from store.sweep import BATCH, database_time, sweep

FEWEST = 25
SECONDS_AT_ONCE = 0.1


@dataclass(kw_only=True, slots=True)
class Pace:
    """How much work is taken on at once: what takes a tenth of a second, as others may wait for its end to write."""

    most: int = FEWEST

    def heard(self, done: int, seconds: float) -> bool:
        """Goes by how long that much took; says whether it was all that was taken on, so that there may be more."""
        full = done >= self.most
        if done:
            self.most = min(max(FEWEST, int(done * SECONDS_AT_ONCE / seconds)), BATCH)
        return full


def sweep_once(database: Database, serving: Serving, figures: WorkFigures, pace: Pace, idle: Event) -> bool:
    """Does some of what is due by the database's time; says whether there may be more.

    The event is cleared for as long as there is.
    """
    more = False
    try:
        more = _sweep(database, serving.current(), figures, pace, idle)
    finally:
        if not more:
            idle.set()
    return more


def _sweep(database: Database, served: Served, figures: WorkFigures, pace: Pace, idle: Event) -> bool:
    started = time.monotonic()
    with database.read() as tx:
        now, soonest = database_time(tx), next_due(tx)
    if soonest is None or soonest > now:
        return False
    idle.clear()
    done = sweep(
        database,
        served.playbook,
        lambda tx, lead_id, at: recycle(tx, lead_id, served, at),
        failed=lambda work, error: _tell(figures, work, error),
        most=pace.most,
    )
    took = time.monotonic() - started
    _count(figures, done, now, took)
    return pace.heard(len(done), took)


def recycle(tx: Transaction, lead_id: str, served: Served, now: datetime) -> None:
    """Tells that a lead has rested, and decides about it anew."""
    tell_recycled(tx, lead_id, now)
    decide_again(tx, lead_id, served, now)


def _tell(figures: WorkFigures, work: Due, error: Exception) -> None:
    figures.failed.labels(work.kind).inc()
    get_logger().error("work failed", kind=work.kind, lead=work.lead_id, reference=work.reference, exc_info=error)


def _count(figures: WorkFigures, done: tuple[Due, ...], now: datetime, took: float) -> None:
    late = [(now - work.due_at).total_seconds() + took for work in done]
    for work, seconds in zip(done, late, strict=True):
        figures.done.labels(work.kind).inc()
        figures.late.labels(work.kind).observe(seconds)
    if done:
        get_logger().info("swept", done=len(done), late=round(max(late), 3))
