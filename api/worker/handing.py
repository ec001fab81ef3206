"""What happened is handed on: from the outbox to the webhooks that want it, and to people."""

from structlog import get_logger

from api.worker.figures import WorkFigures
from store.database import Database
from store.events import Event, next_event
from store.hand_on import BATCH, People, hand_on
from store.sweep import database_time


def hand_on_once(database: Database, people: People, figures: WorkFigures) -> bool:
    """Hands a batch of events on; says whether there may be more."""
    with database.read() as tx:
        now, soonest = database_time(tx), next_event(tx)
    if soonest is None or soonest > now:
        return False
    done = hand_on(database, people, now, failed=lambda event, error: _tell(figures, event, error))
    for _ in done:
        figures.done.labels("event").inc()
    return len(done) == BATCH


def _tell(figures: WorkFigures, event: Event, error: Exception) -> None:
    figures.failed.labels("event").inc()
    get_logger().error("event not handed on", kind=event.kind, event_id=event.id, exc_info=error)
