"""The public door: a website's form posts a lead, and learns nothing but that it was received."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from api import cors
from api.answers import json_answer, note
from api.bodies import FORMS, LARGEST_BODY, json_body, too_large, whole_body
from api.desk import desk
from api.formdata import Fields, boxes, faults, form_data
from api.intake import Sender, take_in
from api.lead_documents import RECEIPT
from api.operation import FORM_TYPES, JSON, Answer, operation
from api.parse import LEAD, InputError, parse_lead
from api.problems import ProblemError
from rules.playbook import Form
from store.ids import new_id
from store.keys import Key, find_key
from store.pipeline import begin_together

THANKS = "/demo/thanks"

forms = Blueprint("forms", __name__)


@forms.post("/v1/forms/<form>/leads", provide_automatic_options=False)
@operation(
    "Takes a lead from a website's form, by the form's public key",
    takes=LEAD,
    media=(JSON, *FORM_TYPES),
    gives={
        201: Answer(about="Received; says nothing of the person", schema=RECEIPT),
        303: Answer(about="To the form's thank-you page, for an HTML form"),
        404: Answer(about="No such form"),
        410: Answer(about="The form's key has been revoked"),
    },
)
def post_form_lead(form: str) -> AnyResponse:
    """That the lead was received, or what is to be corrected."""
    key, found = _form(form)
    g.origins = found.origins
    html = request.mimetype in FORMS
    body = _fields() if html else json_body()
    page = html and not _wants_json()
    try:
        receipt = _received(body, html, key, found, desk().clock())
    except InputError as bad:
        desk().metrics.leads.labels("form", "refused").inc()
        if page:
            return _correction(body, found, bad)
        raise
    return redirect(found.thank_you or THANKS, 303) if page else json_answer({"id": receipt}, 201)


@forms.route("/v1/forms/<form>/leads", methods=["OPTIONS"], provide_automatic_options=False)
def preflight(form: str) -> Response:
    """Which pages' scripts may post this form."""
    return cors.preflight(_form(form)[1].origins)


@forms.after_request
def allow_origin(response: Response) -> Response:
    """Lets the form's own pages read the answer, errors included."""
    return cors.allow(response, g.get("origins", ()))


def _form(text: str) -> tuple[Key, Form]:
    with desk().database.read() as tx:
        key = find_key(tx, text)
    if key is None or key.kind != "form":
        raise ProblemError(404, "No form has this key.")
    if key.revoked_at is not None:
        raise ProblemError(410, "This form is closed: its key has been revoked.")
    form = desk().serving.current().playbook.playbook.forms.get(key.name)
    if form is None:
        raise ProblemError(404, f"The playbook in force has no form {key.name}.")
    return key, form


def _fields() -> Fields:
    whole_body(LARGEST_BODY)
    request.max_form_memory_size = LARGEST_BODY
    try:
        fields = dict(request.form.lists())
        files = [name for name, file in request.files.items(multi=True) if file.filename]
    except RequestEntityTooLarge:
        raise too_large(LARGEST_BODY) from None
    if files:
        raise ProblemError(415, f"Files are not taken here; the field {files[0][:40]!r} holds one.")
    return fields


def _received(body: Any, html: bool, key: Key, form: Form, now: datetime) -> str:
    """The id of what was sent. Who fills the trap is a machine: it gets an id too, and nothing is kept."""
    given, trapped = _sprung(body, form.trap)
    if trapped:
        desk().metrics.leads.labels("form", "trapped").inc()
        return new_id(now)
    data = form_data(given) if html else given
    lead = parse_lead(data, now, required=form.required)
    sender = Sender(key_id=key.id, form=form.name)
    with begin_together(desk().database) as (tx, writes):
        taken = take_in(tx, lead, data, sender, desk().serving.current(), now, clock=desk().clock, writes=writes)
    note("form", taken.recorded)
    return taken.submission_id


def _sprung(body: Any, trap: str | None) -> tuple[Any, bool]:
    """The body without the field that no person sees, and whether that field was filled."""
    if not isinstance(body, Mapping) or trap not in body:
        return body, False
    filled = body[trap]
    texts = filled if isinstance(filled, list) else [filled]
    return {name: value for name, value in body.items() if name != trap}, any(str(text or "").strip() for text in texts)


def _correction(fields: Fields, form: Form, bad: InputError) -> Response:
    page = render_template(
        "correct.html",
        action=request.path,
        listed=faults(bad.errors),
        boxes=boxes(fields, form.trap, bad.errors),
    )
    return Response(page, status=422, mimetype="text/html")


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
