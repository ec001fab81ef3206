"""The door for what leads do after they came in: each activity is kept, and the lead is scored again."""

from flask import Blueprint, Response

from api.answers import json_answer, note
from api.bodies import json_body
from api.desk import desk
from api.documents import DECISION
from api.intake import take_in_activities
from api.keys import asking
from api.operation import Answer, operation
from api.parse import ACTIVITY, parse_activities
from api.query import known_id, no_lead

activities = Blueprint("activities", __name__)


@activities.post("/v1/leads/<lead_id>/activities")
@operation(
    "Keeps what a lead did and scores it again; crossing the threshold routes it",
    who=("crm", "form"),
    takes=ACTIVITY,
    gives={
        202: Answer(about="The new decision; with a form's key nothing but that it was received", schema=DECISION),
        404: Answer(about="No such lead"),
    },
)
def post_activities(lead_id: str) -> Response:
    """The decision on a lead that did more."""
    now, served = desk().clock(), desk().serving.current()
    done = parse_activities(json_body(), now)
    with desk().database.begin() as tx:
        recorded = take_in_activities(tx, known_id(lead_id), done, served, now)
    if recorded is None:
        raise no_lead(lead_id)
    note("activity", recorded)
    return json_answer({"id": lead_id} if asking().kind == "form" else recorded.document, 202)
