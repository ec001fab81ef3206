"""`python -m api.jobs ID TURN`: one turn of a job, in a process that ends with the worker that started it."""

import os
import sys
from contextlib import suppress
from threading import Thread

from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api import logs
from api.errors import ApiError
from api.jobs.desk import Desk
from api.jobs.kinds import perform
from api.settings import Settings, settings_from
from models.version import ModelError
from rules.problems import PlaybookError
from store.database import Database, connect
from store.errors import LostJobError, StoreError
from store.jobs import fail_job, find_job
from store.sweep import database_time
from training.table import DataError

# Clocks and requests come first.
NICE = 5
# What a person can cause and mend; anything else is a fault of ours: its traceback is logged and the job fails.
MISTAKES = (ApiError, DataError, ModelError, PlaybookError, StoreError)


def main(job_id: str, turn: int) -> int:
    """Does a turn of a job and keeps how it ended; returns its process's status: EX_TEMPFAIL without a database."""
    os.nice(NICE)
    Thread(target=_end_with_parent, daemon=True).start()
    settings = settings_from(os.environ)
    logs.configure(settings.log_threshold)
    database = connect(settings.database_url)
    try:
        _do(settings, database, job_id, turn)
    except OperationalError as error:
        get_logger().error("database", what=str(error.orig), job=job_id)
        return os.EX_TEMPFAIL
    finally:
        database.close()
    return os.EX_OK


def _do(settings: Settings, database: Database, job_id: str, turn: int) -> None:
    with database.read() as tx:
        job = find_job(tx, job_id)
    if job.turn != turn or job.ended_at is not None:
        return
    try:
        perform(Desk(settings=settings, database=database, job=job))
    except LostJobError:
        return
    except MISTAKES as error:
        with suppress(LostJobError), database.begin() as tx:
            fail_job(tx, job, str(error), database_time(tx))


def _end_with_parent() -> None:
    """Ends this process at once when the worker is gone: another worker begins the next turn."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
