"""The CRM's door: leads posted, shown, listed."""

import orjson
from flask import Blueprint, Response, request
from structlog import get_logger

from api.answers import json_answer, note
from api.bodies import json_body
from api.decision_documents import DECISION
from api.desk import desk
from api.floor_documents import STANDING, standing_document
from api.intake import Sender, take_in
from api.keys import asking
from api.lead_documents import PAGE, lead_document
from api.operation import Answer, operation
from api.parse import LEAD, LIST, parse_lead
from api.query import idempotency_key, known_id, no_lead, page_asked
from store.erase import erase_lead
from store.idempotency import first_answer, keep_answer
from store.listing import list_leads
from store.pipeline import begin_together
from store.standing import find_standing

leads = Blueprint("leads", __name__)


@leads.post("/v1/leads")
@operation(
    "Takes a lead in: scores it, keeps it, routes it",
    who=("crm",),
    takes=LEAD,
    gives={
        201: Answer(about="The decision", schema=DECISION),
        200: Answer(about="The first answer again, to a repeated Idempotency-Key", schema=DECISION),
        409: Answer(about="The Idempotency-Key was used for another body"),
    },
    headers={"Idempotency-Key": "Makes it safe to send the same request again"},
)
def post_lead() -> Response:
    """The decision on the lead in the body, kept."""
    now, served = desk().clock(), desk().serving.current()
    body = json_body()
    lead = parse_lead(body, now)
    key_id, again = asking().id, idempotency_key()
    with begin_together(desk().database) as (tx, writes):
        first = first_answer(tx, key_id, again, request.get_data()) if again else None
        if first is not None:
            return json_answer(first)
        recorded = take_in(
            tx, lead, dict(body), Sender(key_id=key_id), served, now, clock=desk().clock, writes=writes
        ).recorded
        answer = orjson.dumps(recorded.document)
        if again:
            keep_answer(writes, key_id, again, request.get_data(), answer, now)
    note("crm", recorded)
    return json_answer(answer, 201, {"Location": f"/v1/leads/{recorded.lead_id}"})


@leads.get("/v1/leads")
@operation(
    "Lists leads, newest first",
    who=("crm", "ops"),
    gives={200: Answer(about="A page of leads", schema=PAGE)},
    query=LIST,
)
def get_leads() -> Response:
    """A page of the kept leads that pass the filters."""
    limit, cursor, filters = page_asked()
    with desk().database.read() as tx:
        page = list_leads(tx, limit=limit, cursor=cursor, filters=filters)
    return json_answer({"leads": [lead_document(kept) for kept in page.leads], "cursor": page.cursor})


@leads.get("/v1/leads/<lead_id>")
@operation(
    "Shows a lead with its latest decision, its assignment and clocks",
    who=("crm", "ops"),
    gives={200: Answer(about="The lead", schema=STANDING), 404: Answer(about="No such lead")},
)
def get_lead(lead_id: str) -> Response:
    """The kept lead of an id."""
    with desk().database.read() as tx:
        standing = find_standing(tx, known_id(lead_id))
    if standing is None:
        raise no_lead(lead_id)
    return json_answer(standing_document(standing))


@leads.delete("/v1/leads/<lead_id>")
@operation(
    "Erases a person everywhere, for good; counts stay",
    who=("admin",),
    gives={204: Answer(about="The person is erased"), 404: Answer(about="No such lead")},
)
def delete_lead(lead_id: str) -> Response:
    """Nothing; the person is forgotten."""
    with desk().database.begin() as tx:
        erased = erase_lead(tx, known_id(lead_id), desk().clock())
    if not erased:
        raise no_lead(lead_id)
    get_logger().info("erased", lead=lead_id)
    return Response(status=204)
