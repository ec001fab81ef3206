"""What doors answer that have something done as a job."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import json_answer
from api.desk import desk
from api.job_documents import job_document
from api.keys import asking
from store.database import Transaction
from store.jobs import Job, JobKind, add_file, add_job


def asked_for(kind: JobKind, params: Mapping[str, Any], file: tuple[str, bytes] | None = None) -> Response:
    """A 202 with the job that was asked for; its file, if any, is kept with it."""
    with desk().database.begin() as tx:
        job = add_job(tx, kind, asked_by=asking().name, now=desk().clock(), params=params)
        if file is not None:
            add_file(tx, job, *file)
        return accepted(tx, job)


def accepted(tx: Transaction, job: Job) -> Response:
    """A 202 with a job that is to be watched."""
    return json_answer(job_document(tx, job), 202, {"Location": f"/v1/jobs/{job.id}"})
