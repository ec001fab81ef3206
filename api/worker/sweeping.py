"""The loop that does what is due: clocks' warnings and breaches, leads that come back after a rest."""

import time
from datetime import datetime
from threading import Event

from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api.errors import NotReadyError
from api.intake import decide_again
from api.serving import Served, Serving
from api.worker.figures import WorkFigures
from store.database import Database, Transaction
from store.due import Due, next_due
from store.sweep import BATCH, database_time, sweep

# How long a worker looks away: what falls due meanwhile is late by this at most. An empty look costs next to nothing.
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_WITHOUT_DATABASE = 1.0


def sweep_forever(database: Database, serving: Serving, figures: WorkFigures, stopping: Event) -> None:
    """Does what falls due until the event is set; waits where nothing can be decided or the database is away."""
    while not stopping.is_set():
        try:
            busy = sweep_once(database, serving.current(), figures)
        except NotReadyError:
            busy = False
        except OperationalError as error:
            get_logger().error("database", what=str(error.orig))
            stopping.wait(SECONDS_WITHOUT_DATABASE)
            busy = True
        if not busy:
            stopping.wait(SECONDS_BETWEEN_LOOKS)


def sweep_once(database: Database, served: Served, figures: WorkFigures) -> bool:
    """Does a batch of what is due by the database's time; says whether there may be more."""
    started = time.monotonic()
    with database.read() as tx:
        now, soonest = database_time(tx), next_due(tx)
    if soonest is None or soonest > now:
        return False

    def recycle(tx: Transaction, lead_id: str, at: datetime) -> None:
        decide_again(tx, lead_id, served, at)

    def failed(work: Due, error: Exception) -> None:
        figures.failed.labels(work.kind).inc()
        get_logger().error("work failed", kind=work.kind, lead=work.lead_id, reference=work.reference, exc_info=error)

    done = sweep(database, served.playbook, recycle, now, failed=failed)
    took = time.monotonic() - started
    for work in done:
        figures.done.labels(work.kind).inc()
        figures.late.labels(work.kind).observe((now - work.due_at).total_seconds() + took)
    if done:
        get_logger().info("swept", done=len(done), late=round((now - done[0].due_at).total_seconds() + took, 3))
    return len(done) == BATCH
