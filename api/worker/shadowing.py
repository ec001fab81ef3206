"""The loop in which a candidate scores live decisions in silence, after the fact and apart from what serves."""

from threading import Event

from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api.shadowing import BATCH, shadow_once
from api.worker.figures import WorkFigures
from models.version import ModelError
from rules.problems import PlaybookError
from store.database import Database

SECONDS_BETWEEN_LOOKS = 1.0


def shadow_forever(database: Database, figures: WorkFigures, stopping: Event) -> None:
    """Scores what the shadow has not seen until the event is set; what goes wrong is counted and stops nothing."""
    while not stopping.is_set():
        try:
            scores = shadow_once(database)
        except (OperationalError, ModelError, PlaybookError) as error:
            figures.shadow.labels("stopped").inc()
            get_logger().error("shadow stopped", what=str(error))
            scores = ()
        failed = sum(score.error is not None for score in scores)
        figures.shadow.labels("failed").inc(failed)
        figures.shadow.labels("scored").inc(len(scores) - failed)
        if len(scores) < BATCH:
            stopping.wait(SECONDS_BETWEEN_LOOKS)
