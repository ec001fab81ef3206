"""Rows of an imported file that could not be taken in, kept with the job for a while so that they can be mended."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Text, delete, func, insert, select, type_coerce

from store.database import Transaction
from store.jobs import Job
from store.tables import job_rejects, jobs

# They may tell of people whom nobody could find to erase them.
KEPT_FOR = timedelta(days=30)


class Reject(NamedTuple):
    """A row that was not taken in: the line it starts on, what is wrong with it, and its cells."""

    line: int
    problem: str
    cells: Sequence[str]


def add_rejects(tx: Transaction, job: Job, rejects: Sequence[Reject]) -> None:
    """Keeps rows that a job could not take in."""
    if rejects:
        tx.execute(insert(job_rejects), [{"job_id": job.id, **each._asdict()} for each in rejects])


def rejects_of(tx: Transaction, job: Job) -> Iterator[Reject]:
    """Returns the rows that a job could not take in, in their order."""
    columns = (job_rejects.c.line, job_rejects.c.problem, job_rejects.c.cells)
    found = select(*columns).where(job_rejects.c.job_id == job.id).order_by(job_rejects.c.line)
    return (Reject(*row) for row in tx.execute(found))


def forget_rejects_of(tx: Transaction, email: str, job: Job | None = None) -> None:
    """Lets the rows go that name an e-mail address, of a job where one is named."""
    said = func.lower(type_coerce(job_rejects.c.cells, Text))
    about = [said.contains(email.lower(), autoescape=True)]
    if job is not None:
        about.append(job_rejects.c.job_id == job.id)
    tx.execute(delete(job_rejects).where(*about))


def forget_rejects(tx: Transaction, now: datetime) -> int:
    """Lets the rows go of jobs that ended thirty days ago, and returns how many there were."""
    ended = select(jobs.c.id).where(jobs.c.ended_at < now - KEPT_FOR)
    return tx.execute(delete(job_rejects).where(job_rejects.c.job_id.in_(ended))).rowcount
