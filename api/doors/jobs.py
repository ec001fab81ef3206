"""The doors of long jobs: training is asked for, jobs are watched and cancelled."""

from flask import Blueprint, Response, request

from api.answers import json_answer, page_of
from api.bodies import json_body_or_none, sent_file
from api.desk import desk
from api.job_answers import accepted, asked_for, known_job
from api.job_documents import JOB, JOB_LIST, JOBS, TRAIN, job_document, listed_job
from api.operation import JSON, MULTIPART, Answer, operation
from api.parse import load, parse_fields, refuse
from api.worker.slots import living
from store.jobs import cancel_job, list_jobs

UNKNOWN = Answer(about="No such job")
SUFFIXES = (".csv", ".parquet", ".jsonl")

jobs = Blueprint("jobs", __name__)


@jobs.post("/v1/models/train")
@operation(
    "Trains a candidate version in the background: on the file that is sent as `file`, or on the stored outcomes",
    who=("analyst",),
    takes=TRAIN,
    media=(JSON, MULTIPART),
    needs_body=False,
    gives={202: Answer(about="The job", schema=JOB)},
)
def post_train() -> Response:
    """The job that trains."""
    sent = sent_file() if request.mimetype == MULTIPART else None
    given = _form() if request.mimetype == MULTIPART else json_body_or_none()
    asked, errors = load(TRAIN, given)
    if sent is not None and not asked.get("label") and "label" not in errors:
        errors["label"] = "required with a file: the column that holds the outcome"
    if sent is None:
        of_a_file = [name for name in ("label", "positive", "time", "group") if asked.get(name)]
        errors |= dict.fromkeys(of_a_file, "only with a file; stored outcomes have their own")
    if sent is not None and not sent[0].endswith(SUFFIXES):
        errors["file"] = f"a name ending in one of {', '.join(SUFFIXES)} expected"
    refuse(errors)
    params = {name: asked.get(name) for name in TRAIN.fields}
    return asked_for("train", params, sent)


@jobs.get("/v1/jobs")
@operation(
    "Lists the jobs, newest first",
    who=("analyst", "ops"),
    query=JOB_LIST,
    gives={200: Answer(about="A page of jobs", schema=JOBS)},
)
def get_jobs() -> Response:
    """A page of the jobs."""
    asked = parse_fields(JOB_LIST, request.args)
    limit = asked["limit"]
    with desk().database.read() as tx:
        found, workers = list_jobs(tx, limit=limit + 1, cursor=asked.get("cursor")), living(tx)
    page, cursor = page_of(found, limit, lambda job: job.id)
    listed = [listed_job(each, workers) for each in page]
    return json_answer({"jobs": listed, "workers": workers, "cursor": cursor})


@jobs.get("/v1/jobs/<job_id>")
@operation(
    "Shows how far a job is, and what came of it; a crm key sees imports alone",
    who=("analyst", "ops", "crm"),
    gives={200: Answer(about="The job", schema=JOB), 404: UNKNOWN},
)
def get_job(job_id: str) -> Response:
    """The job of an id."""
    with desk().database.read() as tx:
        return json_answer(job_document(tx, known_job(tx, job_id)))


@jobs.post("/v1/jobs/<job_id>/cancel")
@operation(
    "Cancels a job: at once where it waits, within a second or two where it runs; what was imported stays",
    who=("analyst", "ops", "crm"),
    gives={
        202: Answer(about="The job", schema=JOB),
        404: UNKNOWN,
        409: Answer(about="The job has ended already"),
    },
)
def post_cancel(job_id: str) -> Response:
    """The job, cancelled or about to be."""
    with desk().database.begin() as tx:
        return accepted(tx, cancel_job(tx, known_job(tx, job_id).id, desk().clock()))


def _form() -> dict[str, object]:
    """The fields that are sent beside a file, as the JSON object that would say the same."""
    fields: dict[str, object] = dict(request.form.items())
    return fields | ({"drop": request.form.getlist("drop")} if "drop" in request.form else {})
