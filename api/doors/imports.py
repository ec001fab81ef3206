"""The doors of imports: a file of leads sent to be taken in by a worker, and its rows that could not be."""

from collections.abc import Mapping
from io import StringIO
from types import MappingProxyType

from flask import Blueprint, Response, request

from api.bodies import JSON_LINES as JSON_LINES_TYPES
from api.bodies import LARGEST_BATCH, sent_file, whole_body, wrong_type
from api.desk import desk
from api.importing import import_params, open_import, write_rejects
from api.job_answers import asked_for, known_job
from api.job_documents import JOB
from api.operation import CSV, JSON_LINES, MULTIPART, PARQUET, TEXT, Answer, operation
from api.parse import FieldError, InputError
from api.query import idempotency_key
from api.scratch import unpacked
from store.jobs import params_of
from store.rejects import rejects_of
from training.table import DataError

ENDINGS: Mapping[str, str] = MappingProxyType(
    {CSV: ".csv", PARQUET: ".parquet", **dict.fromkeys(JSON_LINES_TYPES, ".jsonl")}
)

imports = Blueprint("imports", __name__)


@imports.post("/v1/leads/import")
@operation(
    "Takes in the leads of a file in the background: CSV, JSON Lines or Parquet, as the body or sent as `file`",
    who=("crm", "ops"),
    takes=TEXT,
    media=(CSV, JSON_LINES, PARQUET, MULTIPART),
    gives={
        202: Answer(about="The job; its `result` counts what is taken in, while it runs and in the end", schema=JOB),
        200: Answer(about="The first answer again, to a repeated Idempotency-Key", schema=JOB),
        409: Answer(about="The Idempotency-Key was used for another file"),
    },
    headers={"Idempotency-Key": "Makes it safe to send the same file again"},
)
def post_import() -> Response:
    """The job that takes in the leads of the file."""
    name, body = _sent()
    return asked_for("import", _params(name, body), (name, body), again=idempotency_key())


@imports.get("/v1/jobs/<job_id>/rejects")
@operation(
    "Gives the rows that an import could not take in, each with its line and the reason; kept for 30 days",
    who=("crm", "ops"),
    gives={200: Answer(about="CSV", schema=TEXT, media=CSV), 404: Answer(about="No such import")},
)
def get_rejects(job_id: str) -> Response:
    """The rejected rows of an import so far, as CSV."""
    written = StringIO()
    with desk().database.read() as tx:
        job = known_job(tx, job_id, "import")
        write_rejects(written, params_of(tx, job)["columns"], rejects_of(tx, job))
    return Response(written.getvalue(), mimetype=CSV)


def _sent() -> tuple[str, bytes]:
    """Name and content of the file. Raises: ProblemError 413, 415; InputError without a file."""
    if request.mimetype == MULTIPART:
        sent = sent_file()
        if sent is None:
            raise InputError([FieldError(field="file", message="required: the leads, as CSV, JSON Lines or Parquet")])
        return sent
    if request.mimetype not in ENDINGS:
        raise wrong_type(", ".join((CSV, JSON_LINES, PARQUET, MULTIPART)))
    return f"leads{ENDINGS[request.mimetype]}", whole_body(LARGEST_BATCH)


def _params(name: str, body: bytes) -> Mapping[str, object]:
    """What is kept of a file beside its content. Raises: InputError for one that cannot be read."""
    with unpacked(desk().settings.scratch, name, body) as path:
        try:
            return import_params(open_import(path))
        except DataError as error:
            raise InputError([FieldError(field="file", message=str(error))]) from None
