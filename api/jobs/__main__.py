"""`python -m api.jobs ID TURN`: one turn of a job, in a process that ends with the worker that started it."""

import os
import sys
from threading import Thread

from api import logs
from api.errors import ApiError
from api.jobs.desk import Desk
from api.jobs.kinds import perform
from api.settings import settings_from
from models.version import ModelError
from rules.problems import PlaybookError
from store.database import connect
from store.errors import LostJobError, StoreError
from store.jobs import fail_job, find_job
from store.sweep import database_time
from training.table import DataError

# Clocks and requests come first.
NICE = 5
# What a person can cause and mend; anything else is a fault of ours: its traceback is logged and the job fails.
MISTAKES = (ApiError, DataError, ModelError, PlaybookError, StoreError)


def main(job_id: str, turn: int) -> None:
    """Does a turn of a job and keeps how it ended."""
    os.nice(NICE)
    Thread(target=_end_with_parent, daemon=True).start()
    settings = settings_from(os.environ)
    logs.configure(settings.log_threshold)
    database = connect(settings.database_url)
    with database.read() as tx:
        job = find_job(tx, job_id)
    if job.turn != turn or job.ended_at is not None:
        return
    try:
        perform(Desk(settings=settings, database=database, job=job))
    except LostJobError:
        return
    except MISTAKES as error:
        with database.begin() as tx:
            fail_job(tx, job, str(error), database_time(tx))
    finally:
        database.close()


def _end_with_parent() -> None:
    """Ends this process at once when the worker is gone: another worker begins the next turn."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
