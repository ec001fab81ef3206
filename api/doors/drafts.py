"""The doors of operations to what is not published yet: a playbook checked, tested, compared; nothing is kept."""

from flask import Blueprint, Response

from api.answers import json_answer
from api.bodies import json_body, yaml_body
from api.desk import desk
from api.documents import CHECKED, TESTED
from api.editing import compiled_text
from api.operation import TEXT, YAML_TYPES, Answer, operation
from api.parse import TRY, parse_fields
from api.problems import bad_text
from api.serving import PLAYBOOK_FILE
from routing.cases import case_report_json, run_cases
from rules.cases import read_cases
from rules.compile import compile_playbook
from rules.formats import problems_json
from rules.problems import PlaybookError
from rules.read import read_playbook

CASES_FILE = "playbook.cases.yaml"

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
    """How the cases in the body come out by the playbook in it, or by the one in force."""
    given = parse_fields(TRY, json_body())
    served = desk().serving.current
    compiled = compiled_text(given["playbook"], field="playbook") if "playbook" in given else served().playbook
    try:
        cases = read_cases(given["cases"], file=CASES_FILE, playbook=compiled.playbook)
    except PlaybookError as error:
        raise bad_text(error.problems, "cases") from None
    return json_answer(case_report_json(run_cases(compiled, cases, None)))
