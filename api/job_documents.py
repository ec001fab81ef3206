"""Jobs as callers ask for them and see them."""

from marshmallow import Schema, fields, validate

from api.answer_fields import instant, listed, mapping, number, text
from api.fields import Cursor, Text
from api.schemas import MOST_LISTED, Incoming
from store.jobs import Job

LISTED = 50
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


class JobSchema(Schema):
    """Long work: how far it is, and what came of it."""

    id = text("The job's id")
    kind = text("train or rescore")
    asked_by = text("Whose key asked for it, or the schedule")
    state = text("queued, running, done, failed or cancelled")
    progress = number("0 to 1")
    doing = text("What is being done, or null", none=True)
    result = mapping("What came of it, or null", none=True)
    error = text("Why it failed, or null", none=True)
    created_at = instant("When it was asked for")
    started_at = instant("When it was last begun, or null", none=True)
    ended_at = instant("When it ended, or null", none=True)


class JobsSchema(Schema):
    """A page of jobs, newest first."""

    jobs = listed(JobSchema, "The jobs")
    cursor = text("Pass it as ?cursor= for the next page; null at the end", none=True)


TRAIN = TrainSchema()
JOB_LIST = JobListSchema()
JOB = JobSchema()
JOBS = JobsSchema()


def job_document(job: Job) -> dict[str, object]:
    """A job as callers see it."""
    return {name: getattr(job, name) for name in JOB.fields}
