"""Jobs as callers ask for them and see them."""

from typing import get_args

from marshmallow import Schema, fields, validate
from orjson import Fragment

from api.answer_fields import instant, integer, listed, mapping, number, text
from api.fields import Cursor, Text
from api.schemas import MOST_LISTED, Incoming
from api.worker.slots import living
from store.database import Transaction
from store.jobs import Job, JobKind, texts_of

LISTED = 50
KINDS = get_args(JobKind)
WAITS = "waiting for a worker"
NO_WORKER = "waiting for a worker; none runs: start one with `leadline worker`"
# What `training` calls a search; it is not loaded here, as it loads scikit-learn.
SEARCHES = ("none", "quick", "thorough")


def _whole(about: str, default: int | None, least: int, most: int) -> fields.Integer:
    wrong = f"a whole number from {least:,} to {most:,} expected"
    return fields.Integer(
        load_default=default,
        validate=validate.Range(least, most, error=wrong),
        error_messages={"invalid": wrong, "null": wrong},
        metadata={"description": about},
    )


class TrainSchema(Incoming):
    """What to train a candidate version on; without a file, the stored outcomes."""

    label = Text(200, "The file's column that holds the outcome; needed with a file")
    positive = Text(200, "The label's value that means converted; found out for 1/0, yes/no, true/false")
    time = Text(200, "The file's column with the time of each lead: train on the past, test on the future")
    group = Text(200, "The file's column whose equal values stay on one side of every split")
    drop = fields.List(
        fields.String(error_messages={"invalid": "text expected", "null": "text expected"}),
        load_default=list,
        error_messages={"invalid": "a list of columns expected", "null": "a list of columns expected"},
        metadata={"description": "Columns to leave out"},
    )
    mature_days = _whole("How many days old stored leads must be at least", 90, 0, 3_650)
    seed = _whole("The same seed and data make the same model; left out, always the same one", None, 0, 2**31)
    search = fields.String(
        load_default="quick",
        validate=validate.OneOf(SEARCHES, error=f"no such search; there are {', '.join(SEARCHES)}"),
        error_messages={"invalid": "text expected", "null": "text expected"},
        metadata={"description": "How widely to search for hyperparameters: none, quick or thorough"},
    )


class JobListSchema(Incoming):
    """How many jobs to list at once."""

    limit = _whole("How many", LISTED, 1, MOST_LISTED)
    cursor = Cursor(40, "The cursor that the page before gave")


class ListedJobSchema(Schema):
    """Long work, and how far it is."""

    id = text("The job's id")
    kind = text(", ".join(KINDS))
    asked_by = text("Whose key asked for it, or the schedule")
    state = text("queued, running, done, failed or cancelled")
    progress = number("0 to 1")
    doing = text("What is being done or waited for, or null", none=True)
    error = text("Why it failed, or null", none=True)
    created_at = instant("When it was asked for")
    started_at = instant("When it was last begun, or null", none=True)
    ended_at = instant("When it ended, or null", none=True)


class JobSchema(ListedJobSchema):
    """Long work: what was asked for, how far it is, and what came of it."""

    params = mapping("What was asked for")
    result = mapping("What came of it, of some kinds also so far; null for nothing", none=True)


class JobsSchema(Schema):
    """A page of jobs, newest first."""

    jobs = listed(ListedJobSchema, "The jobs; each tells its result itself")
    workers = integer("How many workers live to do them")
    cursor = text("Pass it as ?cursor= for the next page; null at the end", none=True)


TRAIN = TrainSchema()
JOB_LIST = JobListSchema()
LISTED_JOB = ListedJobSchema()
JOB = JobSchema()
JOBS = JobsSchema()


def listed_job(job: Job, workers: int) -> dict[str, object]:
    """A job as lists show it, where so many workers live."""
    told = {name: getattr(job, name) for name in LISTED_JOB.fields}
    if job.ended_at is None and not workers:
        return {**told, "doing": NO_WORKER}
    return {**told, "doing": WAITS} if job.state == "queued" else told


def job_document(tx: Transaction, job: Job) -> dict[str, object]:
    """A job as callers see it; what was asked for and what came of it are JSON text already, as they may be large."""
    params, result = texts_of(tx, job)
    told = {"params": Fragment(params), "result": None if result is None else Fragment(result)}
    workers = living(tx) if job.ended_at is None else 0  # an ended one needs none
    return {**listed_job(job, workers), **told}
