"""What happened is handed on: from the outbox to the webhooks that want it, and to people."""

from datetime import datetime

from structlog import get_logger

from api.serving import Serving
from api.worker.figures import WorkFigures
from store.database import Database, Transaction
from store.deliveries import Addressed
from store.events import Event, next_event
from store.hand_on import BATCH, hand_on
from store.notices import notices
from store.sweep import database_time


def hand_on_once(database: Database, serving: Serving, figures: WorkFigures, admin: str | None) -> bool:
    """Hands a batch of events on; says whether there may be more.

    Raises: NotReadyError without a playbook, which alone says who is to be told: events wait for it.
    """
    with database.read() as tx:
        now, soonest = database_time(tx), next_event(tx)
    if soonest is None or soonest > now:
        return False
    playbook = serving.current().playbook.playbook

    def people(tx: Transaction, event: Event, at: datetime) -> tuple[Addressed, ...]:
        return notices(tx, event, playbook, at, admin=admin)

    done = hand_on(database, people, now, failed=lambda event, error: _tell(figures, event, error))
    for _ in done:
        figures.done.labels("event").inc()
    return len(done) == BATCH


def _tell(figures: WorkFigures, event: Event, error: Exception) -> None:
    figures.failed.labels("event").inc()
    get_logger().error("event not handed on", kind=event.kind, event_id=event.id, exc_info=error)
