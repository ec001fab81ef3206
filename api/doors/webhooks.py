"""The doors of those who integrate: webhooks, what became of their deliveries, and sending again."""

from flask import Blueprint, Response, request

from api.answers import json_answer, page_of
from api.bodies import json_body, json_body_or_none
from api.desk import desk
from api.fields import ID
from api.operation import Answer, operation
from api.parse import FieldError, InputError, parse_fields
from api.webhook_documents import (
    DELIVERIES,
    DELIVERY_LIST,
    NEW_WEBHOOK,
    REPLAY,
    REPLAYED,
    SECRET_WEBHOOK,
    STATES,
    WEBHOOK,
    WEBHOOKS,
    delivery_document,
    webhook_document,
)
from store.database import Transaction
from store.deliveries import deliveries_to
from store.errors import UnknownWebhookError
from store.resending import replay
from store.webhooks import Webhook, add_webhook, disable_webhook, enable_webhook, find_webhook, list_webhooks

UNKNOWN = Answer(about="No such webhook")

webhooks = Blueprint("webhooks", __name__)


@webhooks.get("/v1/webhooks")
@operation("Lists the webhooks", who=("admin",), gives={200: Answer(about="Every webhook", schema=WEBHOOKS)})
def get_webhooks() -> Response:
    """Every webhook, without the secrets."""
    with desk().database.read() as tx:
        return json_answer({"webhooks": [webhook_document(each) for each in list_webhooks(tx)]})


@webhooks.post("/v1/webhooks")
@operation(
    "Adds a webhook: from now on it is told of these events",
    who=("admin",),
    takes=NEW_WEBHOOK,
    gives={201: Answer(about="The webhook, with the secret that is shown this once", schema=SECRET_WEBHOOK)},
)
def post_webhook() -> Response:
    """The webhook in the body, kept."""
    asked = parse_fields(NEW_WEBHOOK, json_body())
    with desk().database.begin() as tx:
        kinds = tuple(dict.fromkeys(asked["events"]))
        made = add_webhook(tx, asked["url"], kinds, asked["shape"], desk().clock())
    headers = {"Location": f"/v1/webhooks/{made.id}"}
    return json_answer({**webhook_document(made), "secret": made.secret}, 201, headers)


@webhooks.get("/v1/webhooks/<webhook_id>")
@operation("Shows a webhook", who=("admin",), gives={200: Answer(about="The webhook", schema=WEBHOOK), 404: UNKNOWN})
def get_webhook(webhook_id: str) -> Response:
    """The webhook of an id."""
    with desk().database.read() as tx:
        return json_answer(webhook_document(_found(tx, webhook_id)))


@webhooks.post("/v1/webhooks/<webhook_id>/disable")
@operation(
    "Disables a webhook: nothing that happens from now on is sent to it",
    who=("admin",),
    gives={200: Answer(about="The webhook", schema=WEBHOOK), 404: UNKNOWN},
)
def post_disable(webhook_id: str) -> Response:
    """The webhook, disabled."""
    with desk().database.begin() as tx:
        return json_answer(
            webhook_document(disable_webhook(tx, _found(tx, webhook_id).id, "disabled by hand", desk().clock()))
        )


@webhooks.post("/v1/webhooks/<webhook_id>/enable")
@operation(
    "Enables a webhook again; a replay sends what it missed",
    who=("admin",),
    gives={200: Answer(about="The webhook", schema=WEBHOOK), 404: UNKNOWN},
)
def post_enable(webhook_id: str) -> Response:
    """The webhook, enabled."""
    with desk().database.begin() as tx:
        return json_answer(webhook_document(enable_webhook(tx, _found(tx, webhook_id).id)))


@webhooks.get("/v1/webhooks/<webhook_id>/deliveries")
@operation(
    "Lists what was sent to a webhook, newest first",
    who=("admin",),
    query=DELIVERY_LIST,
    gives={200: Answer(about="A page of deliveries", schema=DELIVERIES), 404: UNKNOWN},
)
def get_deliveries(webhook_id: str) -> Response:
    """A page of the deliveries to a webhook."""
    asked = parse_fields(DELIVERY_LIST, request.args)
    state, limit = asked.get("state"), asked["limit"]
    if state is not None and state not in STATES:
        raise InputError([FieldError(field="state", message=f"no such state; there are {', '.join(STATES)}")])
    with desk().database.read() as tx:
        _found(tx, webhook_id)
        found = deliveries_to(tx, webhook_id, limit=limit + 1, cursor=asked.get("cursor"), state=state)
    page, cursor = page_of(found, limit, lambda delivery: delivery.id)
    return json_answer({"deliveries": [delivery_document(each) for each in page], "cursor": cursor})


@webhooks.post("/v1/webhooks/<webhook_id>/replay")
@operation(
    "Sends again: what failed, or one delivery, or everything since a time",
    who=("admin",),
    takes=REPLAY,
    needs_body=False,
    gives={202: Answer(about="How many are sent again", schema=REPLAYED), 404: UNKNOWN},
)
def post_replay(webhook_id: str) -> Response:
    """How many deliveries are on their way again."""
    asked = parse_fields(REPLAY, json_body_or_none())
    since, delivery_id = asked.get("since"), asked.get("delivery")
    with desk().database.begin() as tx:
        webhook = _found(tx, webhook_id)
        count = replay(tx, webhook, desk().clock(), since=since, delivery_id=delivery_id)
    return json_answer({"deliveries": count}, 202)


def _found(tx: Transaction, webhook_id: str) -> Webhook:
    """The webhook of an id. Raises: UnknownWebhookError, also for what cannot be one."""
    if not ID.fullmatch(webhook_id):
        raise UnknownWebhookError(f"webhook {webhook_id[:40]!r} is not kept")
    return find_webhook(tx, webhook_id)
