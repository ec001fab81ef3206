"""The door that answers what a lead is worth and keeps nothing."""

from datetime import datetime

from flask import Blueprint, Response

from api.answers import json_answer
from api.bodies import json_body
from api.decision_documents import DECISION, scored_document
from api.desk import desk
from api.operation import Answer, operation
from api.parse import SCORE, parse_scoring
from api.serving import Served
from routing.decide import decide

scores = Blueprint("scores", __name__)


def score(body: object, served: Served, now: datetime) -> dict[str, object]:
    """The decision on what a JSON object describes. Raises: InputError with every field error."""
    lead, activities = parse_scoring(body, now)
    return scored_document(decide(lead, activities, served.scorecard, served.playbook, now))


@scores.post("/v1/score")
@operation(
    "Scores a lead without keeping it; nobody is assigned",
    who=("crm",),
    takes=SCORE,
    gives={200: Answer(about="The decision; `route` names the team", schema=DECISION)},
)
def post_score() -> Response:
    """The decision on the lead in the body, not kept."""
    document = score(json_body(), desk().serving.current(), desk().clock())
    desk().metrics.leads.labels("score", "scored").inc()
    return json_answer(document)
