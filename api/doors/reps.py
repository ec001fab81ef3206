"""The door that shows the reps as they stand now."""

from dataclasses import asdict

from flask import Blueprint, Response

from api.answers import json_answer
from api.desk import desk
from api.operation import Answer, operation
from api.rep_documents import REPS, rep_document
from store.reps import reps_left, reps_now

reps = Blueprint("reps", __name__)


@reps.get("/v1/reps")
@operation(
    "Lists the reps of every team: what they had and may still take, what they hold, when they work",
    who=("crm", "ops"),
    gives={200: Answer(about="The reps, in the playbook's order", schema=REPS)},
)
def get_reps() -> Response:
    """Every rep of every team."""
    playbook, now = desk().serving.current().playbook.playbook, desk().clock()
    with desk().database.read() as tx:
        reps, left = reps_now(tx, playbook, now), reps_left(tx, playbook)
    return json_answer({"reps": [rep_document(each) for each in reps], "left": [asdict(each) for each in left]})
