"""Jobs at a terminal: shown, and waited for with a bar that moves."""

import time
from typing import Any

import click
import orjson
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from api.cli.house import RefusedError, errors, say_json, say_table
from api.job_documents import NO_WORKER, job_document, listed_job
from api.worker.slots import living
from store.database import Database
from store.jobs import Job, find_job

SECONDS_BETWEEN_LOOKS = 0.3
LONGEST_CELL = 300

wait_option = click.option("--wait", is_flag=True, help="Wait for its end; exit code 1 when it is not done then.")


def say_job(database: Database, job: Job, as_json: bool, wait: bool = False) -> None:
    """Prints a job, once it has ended where that is to be waited for. Exits with 1 when it was not done then."""
    found = ended(database, job) if wait else job
    with database.read() as tx:
        told = job_document(tx, found)
    if as_json:
        say_json(told)
    else:
        say_table(("what", "value"), ((name, _cell(value)) for name, value in told.items() if value is not None))
    if wait and found.state != "done":
        raise click.exceptions.Exit(1)


def ended(database: Database, job: Job) -> Job:
    """The job once it has ended; a bar on standard error shows how far it is meanwhile."""
    console = errors()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
            task = progress.add_task(job.kind, total=1.0)
            alone = False
            while (found := _look(database, job.id))[0].ended_at is None:
                told, workers = found
                doing = str(listed_job(told, workers)["doing"] or told.kind)
                progress.update(task, description=doing, completed=told.progress)
                if doing == NO_WORKER and not alone:
                    console.print(f"Job {job.id} is {NO_WORKER}", markup=False)
                    alone = True
                time.sleep(SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        raise RefusedError(f"job {job.id} goes on without you; `leadline jobs cancel {job.id}` ends it") from None
    return found[0]


def _look(database: Database, job_id: str) -> tuple[Job, int]:
    with database.read() as tx:
        return find_job(tx, job_id), living(tx)


def _cell(value: Any) -> str:
    """A value as tables show it; what is long is shown by --json alone."""
    text = orjson.dumps(value).decode() if isinstance(value, orjson.Fragment) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}... ({len(text):,} characters; --json has all)"
