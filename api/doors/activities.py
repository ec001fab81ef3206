"""The door for what leads do after they came in: each activity is kept, and the lead is scored again."""

from flask import Blueprint, Response, g
from sqlalchemy import select

from api import cors
from api.answers import json_answer, note
from api.bodies import json_body
from api.decision_documents import DECISION
from api.desk import desk
from api.intake import take_in_activities
from api.keys import asking
from api.operation import Answer, operation
from api.parse import ACTIVITY, parse_activities
from api.query import known_id, no_lead
from api.serving import Served
from store.database import Transaction
from store.keys import Key
from store.tables import submissions

activities = Blueprint("activities", __name__)


@activities.post("/v1/leads/<lead_id>/activities", provide_automatic_options=False)
@operation(
    "Keeps what a lead did and scores it again; crossing the threshold routes it",
    who=("crm", "form"),
    takes=ACTIVITY,
    gives={
        202: Answer(
            about="The new decision. A form's key names the lead by the id that its form answered, and learns nothing",
            schema=DECISION,
        ),
        404: Answer(about="No such lead"),
    },
)
def post_activities(lead_id: str) -> Response:
    """The decision on a lead that did more."""
    now, served, key = desk().clock(), desk().serving.current(), asking()
    g.origins = _origins(served)
    done = parse_activities(json_body(), now)
    with desk().database.begin() as tx:
        kept_id = _kept_id(tx, known_id(lead_id), key)
        recorded = take_in_activities(tx, kept_id, done, served, now, clock=desk().clock) if kept_id else None
    if recorded is None:
        raise no_lead(lead_id)
    note("activity", recorded)
    return json_answer({"id": lead_id} if key.kind == "form" else recorded.document, 202)


@activities.route("/v1/leads/<lead_id>/activities", methods=["OPTIONS"], provide_automatic_options=False)
def preflight(lead_id: str) -> Response:
    """Which pages' scripts may post activities: those of any form."""
    return cors.preflight(_origins(desk().serving.current()))


@activities.after_request
def allow_origin(response: Response) -> Response:
    """Lets the forms' own pages read the answer, errors included."""
    return cors.allow(response, g.get("origins", ()))


def _origins(served: Served) -> frozenset[str]:
    return frozenset(origin for form in served.playbook.playbook.forms.values() for origin in form.origins)


def _kept_id(tx: Transaction, given: str, key: Key) -> str | None:
    """The id of the lead that is meant: a form knows none but what came through it, by the id it got for that."""
    if key.kind != "form":
        return given
    through_it = (submissions.c.id == given, submissions.c.key_id == key.id)
    found: str | None = tx.execute(select(submissions.c.lead_id).where(*through_it)).scalar()
    return found
