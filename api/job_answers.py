"""What doors answer that have something done as a job."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import json_answer
from api.desk import desk
from api.fields import ID
from api.job_documents import job_document
from api.keys import asking
from store.database import Transaction
from store.errors import UnknownJobError
from store.idempotency import first_answer, keep_answer
from store.jobs import Job, JobKind, add_file, add_job, find_job


def asked_for(
    kind: JobKind, params: Mapping[str, Any], file: tuple[str, bytes] | None = None, *, again: str | None = None
) -> Response:
    """A 202 with the job that was asked for; its file, if any, is kept with it.

    `again` is an idempotency key: the same file under it gets the first answer. Raises: ConflictError for another file.
    """
    now, said = desk().clock(), b"".join((kind.encode(), file[1] if file else b""))
    with desk().database.begin() as tx:
        first = first_answer(tx, asking().id, again, said) if again else None
        if first is not None:
            return json_answer(first)
        job = add_job(tx, kind, asked_by=asking().name, now=now, params=params)
        if file is not None:
            add_file(tx, job, *file)
        answer = accepted(tx, job)
        if again:
            keep_answer(tx, asking().id, again, said, answer.get_data(), now)
        return answer


def accepted(tx: Transaction, job: Job) -> Response:
    """A 202 with a job that is to be watched."""
    return json_answer(job_document(tx, job), 202, {"Location": f"/v1/jobs/{job.id}"})


def known_job(tx: Transaction, job_id: str, kind: JobKind | None = None) -> Job:
    """The job of an id that the asking key may see, of a kind where one is named. Raises: UnknownJobError."""
    if not ID.fullmatch(job_id):
        raise UnknownJobError(f"job {job_id[:40]!r} is not kept")
    job, seen = find_job(tx, job_id), kind or ("import" if asking().kind == "crm" else None)
    if seen is not None and job.kind != seen:
        raise UnknownJobError(f"{seen} job {job_id!r} is not kept")
    return job
