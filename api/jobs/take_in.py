"""Taking in the leads of a file that was sent.

The leads of a chunk, its rejected rows and how far the file is taken in are kept in one transaction, so a turn that
begins again goes on behind the last chunk, and no row is taken in twice. What is in stays when the job is cancelled.
Who is erased meanwhile does not come back by a row that is still to come.
"""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from api.clock import DatabaseClock
from api.importing import Imported, Portion, import_leads, open_import
from api.jobs.desk import Desk
from api.metrics import Metrics
from api.scratch import unpacked
from api.serving import Serving
from store.database import Transaction
from store.jobs import cursor_of, end_job, file_of, tell_progress
from store.left_out import left_out
from store.rejects import add_rejects, forget_rejects_of
from store.sweep import database_time
from training.files.kinds import LeadsFile
from training.table import DataError

START: Mapping[str, Any] = MappingProxyType({"line": 0, "done": {}})


def perform(desk: Desk) -> None:
    """Takes in the leads of the file, from behind the last one that is in, and ends the job."""
    with desk.database.read() as tx:
        sent, cursor = file_of(tx, desk.job), cursor_of(tx, desk.job) or START
    if sent is None:
        raise DataError("the file is not there any more; send it again")
    with unpacked(desk.settings.scratch, *sent) as path:
        done = _taken(desk, open_import(path), cursor["line"], Imported(**cursor["done"]))
    with desk.database.begin() as tx:
        end_job(tx, desk.job, asdict(done), database_time(tx))


def _taken(desk: Desk, file: LeadsFile, after: int, done: Imported) -> Imported:
    def keep(tx: Transaction, portion: Portion) -> None:
        add_rejects(tx, desk.job, portion.rejects)
        for email in filter(None, (identity.get("email") for identity in portion.left_out)):
            forget_rejects_of(tx, email, desk.job)
        so_far = asdict(portion.done)
        cursor = {"line": portion.line, "done": so_far}
        tell_progress(tx, desk.job, portion.read / max(file.size, 1), "taking leads in", cursor, so_far)

    serving = Serving(desk.database, Metrics())
    return import_leads(
        desk.database,
        file,
        serving.current,
        clock=DatabaseClock(desk.database),
        keep=keep,
        left_out=lambda tx: left_out(tx, desk.job),
        after=after,
        done=done,
    )
