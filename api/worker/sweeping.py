"""What is due is done: clocks' warnings and breaches, leads that come back after a rest."""

import time
from datetime import datetime

from structlog import get_logger

from api.intake import decide_again
from api.serving import Served, Serving
from api.worker.figures import WorkFigures
from store.database import Database, Transaction
from store.due import Due, next_due
from store.sweep import BATCH, database_time, sweep


def sweep_once(database: Database, serving: Serving, figures: WorkFigures) -> bool:
    """Does a batch of what is due by the database's time; says whether there may be more."""
    served, started = serving.current(), time.monotonic()
    with database.read() as tx:
        now, soonest = database_time(tx), next_due(tx)
    if soonest is None or soonest > now:
        return False
    done = sweep(
        database,
        served.playbook,
        lambda tx, lead_id, at: _recycle(tx, lead_id, served, at),
        now,
        failed=lambda work, error: _tell(figures, work, error),
    )
    _count(figures, done, now, time.monotonic() - started)
    return len(done) == BATCH


def _recycle(tx: Transaction, lead_id: str, served: Served, now: datetime) -> None:
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
