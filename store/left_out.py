"""Who was erased after a file was sent, and so is left out when it is taken in: nobody comes back by an old file.

Whom to leave out stands beside the file, and goes with it when the job ends.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from store.database import Transaction
from store.erased import hold_erasing
from store.jobs import Job
from store.tables import job_files

Identity = Mapping[str, str]


def leave_out(tx: Transaction, identity: Identity) -> None:
    """Has all files that were sent and wait be taken in without a person who is being erased."""
    for row in tx.execute(select(job_files.c.job_id, job_files.c.erased)).all():
        values = {"erased": [*row.erased, identity]}
        tx.execute(update(job_files).where(job_files.c.job_id == row.job_id).values(**values))


def left_out(tx: Transaction, job: Job) -> Sequence[Identity]:
    """Returns who was erased since a job's file was sent, and lets nobody be erased until the transaction ends."""
    hold_erasing(tx)
    found: Sequence[Identity] | None = tx.execute(
        select(job_files.c.erased).where(job_files.c.job_id == job.id)
    ).scalar()
    return found or ()
