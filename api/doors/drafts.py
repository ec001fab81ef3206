"""The doors of operations to what is not published yet: a playbook checked, tested, compared; nothing is kept."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from api.answers import json_answer
from api.bodies import json_body, yaml_body
from api.cases import cases_report
from api.desk import desk
from api.diff.comparison import Named, compared
from api.diff.document import diff_document
from api.diff.schema import COMPARISON
from api.editing import compiled_text
from api.job_answers import asked_for
from api.job_documents import JOB
from api.operation import TEXT, YAML_TYPES, Answer, operation
from api.parse import DIFF, TRY, FieldError, InputError, parse_fields
from api.playbook_documents import CHECKED, TESTED
from api.problems import bad_text
from api.schemas import MOST_REPLAYED
from api.serving import PLAYBOOK_FILE
from routing.cases import case_report_json
from routing.replay import replay
from rules.compile import compile_playbook
from rules.formats import problems_json
from rules.problems import PlaybookError
from rules.read import read_playbook
from store.playbooks import active_number, playbook_cases
from store.replay import decided, decision_ids

TOO_MANY = f"at most {MOST_REPLAYED:,} are replayed while you wait; leave background=false out for more"

drafts = Blueprint("drafts", __name__)


@drafts.post("/v1/playbook/check")
@operation(
    "Says everything that is wrong with a playbook: line, column, remedy",
    who=("ops",),
    takes=TEXT,
    media=YAML_TYPES,
    gives={200: Answer(about="Its problems; none: it can be published", schema=CHECKED)},
)
def post_check() -> Response:
    """Every problem of the text in the body."""
    text = yaml_body()
    try:
        compile_playbook(read_playbook(text, file=PLAYBOOK_FILE))
    except PlaybookError as error:
        return json_answer(problems_json(error.problems))
    return json_answer(problems_json(()))


@drafts.post("/v1/playbook/test")
@operation(
    "Decides the cases of a playbook and says which come out otherwise than expected",
    who=("ops",),
    takes=TRY,
    gives={200: Answer(about="How each case came out", schema=TESTED)},
)
def post_test() -> Response:
    """How cases come out by a playbook, each as the body has it, else as it is in force."""
    given = parse_fields(TRY, json_body())
    served = desk().serving.current
    compiled = compiled_text(given["playbook"], field="playbook") if "playbook" in given else served().playbook
    try:
        report = cases_report(compiled, given["cases"] if "cases" in given else _kept_cases())
    except PlaybookError as error:
        raise bad_text(error.problems, "cases") from None
    return json_answer(case_report_json(report))


def _kept_cases() -> str:
    """The cases kept with the playbook in force. Raises: InputError where there are none."""
    with desk().database.read() as tx:
        active = active_number(tx)
        cases = playbook_cases(tx, active) if active else None
    if cases is None:
        raise InputError([FieldError(field="cases", message="required: none are kept with the playbook in force")])
    return cases


@drafts.post("/v1/playbook/diff")
@operation(
    "Replays the newest decisions through the playbook in force and another, and shows who would move",
    who=("ops",),
    takes=TEXT,
    media=YAML_TYPES,
    gives={
        200: Answer(about="Who moves, what reps get, what marketing delivers", schema=COMPARISON),
        202: Answer(
            about=f"The job whose `result` will be that, for more than {MOST_REPLAYED:,} decisions or ?background=true",
            schema=JOB,
        ),
    },
    query=DIFF,
)
def post_diff() -> Response:
    """What the playbook in the body would have made of the newest decisions, at once or as a job."""
    asked = parse_fields(DIFF, request.args)
    later, limit, since = _later(asked), asked["limit"], asked.get("since")
    text, now = yaml_body(), desk().clock()
    new, old = compiled_text(text), desk().serving.current().playbook
    if later:
        settled = {"old": old.playbook.number, "limit": limit, "since": since, "until": now}
        return asked_for("diff", {**settled, "playbook": text})
    with desk().database.read() as tx:
        ids = decision_ids(tx, since=since, most=limit)
        found = replay(decided(tx, [decision for _, decision in ids]), old, new)
    named = Named(name="active", playbook=old), Named(name="body", playbook=new)
    return json_answer(diff_document(compared(*named, found, since=since, until=now)))


def _later(asked: Mapping[str, Any]) -> bool:
    """Whether a diff is to be a job. Raises: InputError when it is too large to be anything else and must not be."""
    large, said = asked["limit"] > MOST_REPLAYED, asked.get("background")
    if large and said is False:
        raise InputError([FieldError(field="limit", message=TOO_MANY)])
    return large if said is None else bool(said)
