"""Jobs: long work that was asked for, how far it is, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Text, case, delete, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from store.database import Transaction
from store.errors import JobEndedError, LostJobError, UnknownJobError
from store.ids import new_id
from store.tables import job_files, jobs

JobKind = Literal["train", "rescore", "diff", "import"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]

NO_PARAMS: Mapping[str, Any] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Long work. `turn` grows each time it is begun or put back; `progress` is 0..1.

    What was asked for, where the next turn goes on and what came of it may be large, and are asked for apart.
    """

    id: str
    kind: JobKind
    key: str | None
    asked_by: str
    state: JobState
    progress: float
    doing: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    turn: int
    cancelling: bool


SHOWN = [jobs.c[field.name] for field in fields(Job)]


def add_job(
    tx: Transaction,
    kind: JobKind,
    *,
    asked_by: str,
    now: datetime,
    params: Mapping[str, Any] = NO_PARAMS,
    key: str | None = None,
) -> Job:
    """Keeps a job to be done and returns it."""
    row = {"id": new_id(now), "kind": kind, "key": key, "params": params, "asked_by": asked_by, "state": "queued"}
    start = {"progress": 0.0, "created_at": now, "turn": 0, "cancelling": False}
    return _job(tx.execute(insert(jobs).values(**row, **start).returning(*SHOWN)).one())


def add_job_once(tx: Transaction, kind: JobKind, key: str, *, asked_by: str, now: datetime) -> Job | None:
    """Keeps a job to be done and returns it; None when one of its key was asked for before."""
    try:
        with tx.begin_nested():
            return add_job(tx, kind, asked_by=asked_by, now=now, key=key)
    except IntegrityError:
        return None


def add_file(tx: Transaction, job: Job, name: str, body: bytes) -> None:
    """Keeps a file that was sent with a job, until the job ends."""
    tx.execute(insert(job_files).values(job_id=job.id, name=name, body=body))


def file_of(tx: Transaction, job: Job) -> tuple[str, bytes] | None:
    """Returns name and content of the file that was sent with a job; None where none was."""
    sent = select(job_files.c.name, job_files.c.body).where(job_files.c.job_id == job.id)
    row = tx.execute(sent).one_or_none()
    return None if row is None else (row.name, row.body)


def params_of(tx: Transaction, job: Job) -> Mapping[str, Any]:
    """Returns what a job was asked for."""
    return dict(tx.execute(select(jobs.c.params).where(jobs.c.id == job.id)).scalar_one())


def cursor_of(tx: Transaction, job: Job) -> Any:
    """Returns where a job's next turn goes on; None for the start."""
    return tx.execute(select(jobs.c.cursor).where(jobs.c.id == job.id)).scalar_one()


def texts_of(tx: Transaction, job: Job) -> tuple[str, str | None]:
    """Returns as JSON text what a job was asked for, and what came of it so far: None while that is nothing."""
    params, result = (type_coerce(column, Text) for column in (jobs.c.params, jobs.c.result))
    found = tx.execute(select(params, result).where(jobs.c.id == job.id)).one()
    return found[0], found[1]


def find_job(tx: Transaction, job_id: str) -> Job:
    """Returns the job of an id. Raises: UnknownJobError."""
    row = tx.execute(select(*SHOWN).where(jobs.c.id == job_id)).one_or_none()
    if row is None:
        raise UnknownJobError(f"job {job_id[:40]!r} is not kept; `leadline jobs list` lists those that are")
    return _job(row)


def list_jobs(tx: Transaction, *, limit: int, cursor: str | None = None) -> tuple[Job, ...]:
    """Returns at most so many jobs, newest first, from behind a cursor."""
    query = select(*SHOWN).order_by(jobs.c.id.desc()).limit(limit)
    if cursor is not None:
        query = query.where(jobs.c.id < cursor)
    return tuple(_job(row) for row in tx.execute(query))


def queued_jobs(tx: Transaction) -> tuple[Job, ...]:
    """Returns the jobs that nobody has begun, oldest first."""
    waiting = (jobs.c.state == "queued", jobs.c.ended_at.is_(None))
    return tuple(_job(row) for row in tx.execute(select(*SHOWN).where(*waiting).order_by(jobs.c.id)))


def running_jobs(tx: Transaction) -> tuple[Job, ...]:
    """Returns the jobs that were begun and have not ended, oldest first."""
    begun = (jobs.c.state == "running", jobs.c.ended_at.is_(None))
    return tuple(_job(row) for row in tx.execute(select(*SHOWN).where(*begun).order_by(jobs.c.id)))


def cancel_job(tx: Transaction, job_id: str, now: datetime) -> Job:
    """Has a job end: at once where it waits, soon where it runs; returns it.

    Raises: UnknownJobError, JobEndedError when it has ended.
    """
    waiting = (jobs.c.id == job_id, jobs.c.state == "queued")
    if tx.execute(update(jobs).where(*waiting).values(state="cancelled", ended_at=now)).rowcount:
        _drop_file(tx, job_id)
    tx.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state == "running").values(cancelling=True))
    found = find_job(tx, job_id)
    if found.ended_at is not None and found.ended_at != now:
        allowed = "only a queued or running one can be cancelled"
        raise JobEndedError(f"job {found.id} is {found.state} already; {allowed}")
    return found


def begin_job(tx: Transaction, job_id: str, now: datetime) -> Job | None:
    """Begins a turn of a job and returns it; None when it has ended. A turn before it can say nothing any more.

    One that does not go on from where another was begins at the start.
    """
    progress = case((jobs.c.cursor.is_(None), 0.0), else_=jobs.c.progress)
    begun = {"state": "running", "turn": jobs.c.turn + 1, "started_at": now, "progress": progress, "doing": None}
    unended = (jobs.c.id == job_id, jobs.c.ended_at.is_(None))
    row = tx.execute(update(jobs).where(*unended).values(**begun).returning(*SHOWN)).one_or_none()
    return None if row is None else _job(row)


def tell_progress(
    tx: Transaction, job: Job, progress: float, doing: str, cursor: object = None, result: object = None
) -> None:
    """Keeps how far a turn of a job is and, where given, where the next goes on and what came of it so far.

    Raises: LostJobError.
    """
    given = {name: value for name, value in (("cursor", cursor), ("result", result)) if value is not None}
    _change(tx, job, progress=min(max(progress, 0.0), 1.0), doing=doing, **given)


def end_job(tx: Transaction, job: Job, result: Mapping[str, Any], now: datetime) -> None:
    """Keeps what came of a job, in the transaction that keeps what it made. Raises: LostJobError."""
    _change(tx, job, state="done", progress=1.0, doing=None, result=result, ended_at=now)


def fail_job(tx: Transaction, job: Job, error: str, now: datetime) -> None:
    """Keeps why a job cannot be done. Raises: LostJobError."""
    _change(tx, job, state="failed", doing=None, error=error, ended_at=now)


def drop_job(tx: Transaction, job: Job, now: datetime) -> None:
    """Keeps that a job was cancelled while it ran. Raises: LostJobError."""
    _change(tx, job, state="cancelled", doing=None, ended_at=now)


def put_back(tx: Transaction, job: Job) -> None:
    """Has a job that its worker could not finish begun again, as a turn that no other was. Raises: LostJobError."""
    _change(tx, job, state="queued", turn=job.turn + 1)


def _change(tx: Transaction, job: Job, **values: object) -> None:
    """Keeps new values of a job. Raises: LostJobError when a later turn has begun, or it has ended."""
    mine = (jobs.c.id == job.id, jobs.c.turn == job.turn, jobs.c.ended_at.is_(None))
    if tx.execute(update(jobs).where(*mine).values(**values)).rowcount != 1:
        raise LostJobError(f"turn {job.turn} of job {job.id} is over")
    if "ended_at" in values:
        _drop_file(tx, job.id)


def _drop_file(tx: Transaction, job_id: str) -> None:
    """Lets the file go that was sent with a job."""
    tx.execute(delete(job_files).where(job_files.c.job_id == job_id))


def _job(row: Row[Any]) -> Job:
    """Returns the job in a row."""
    return Job(**row._asdict())
