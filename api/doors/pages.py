"""Pages for people: the start, the demo form, its thanks, and the API's documentation."""

from flask import Blueprint, Response, current_app, render_template, request

from api.answers import json_answer
from api.desk import desk
from api.openapi import document
from api.problems import ProblemError
from rules.playbook import Form
from store.keys import Key, list_keys

DEMO_FORM = "demo"
DEMO_SOURCE = "demo_request"
CARRIED = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "campaign")

pages = Blueprint("pages", __name__)


@pages.get("/")
def get_home() -> str:
    """The page that says where things are."""
    return render_template("home.html")


@pages.get("/demo")
def get_demo() -> str:
    """A form that posts leads the way any website does."""
    key, form = _demo_form()
    hidden = [("source", DEMO_SOURCE)]
    hidden += [(name, request.args[name]) for name in CARRIED if request.args.get(name)]
    return render_template("demo.html", action=f"/v1/forms/{key.text}/leads", trap=form.trap, hidden=hidden)


@pages.get("/demo/thanks")
def get_thanks() -> str:
    """Where a visitor lands whose form was taken."""
    return render_template("thanks.html")


@pages.get("/openapi.json")
def get_openapi() -> Response:
    """The API's document, for programs."""
    return json_answer(document(current_app))


@pages.get("/docs")
def get_docs() -> str:
    """The API's document, for people; needs nothing from elsewhere."""
    return render_template("docs.html", spec=document(current_app))


def _demo_form() -> tuple[Key, Form]:
    form = desk().serving.current().playbook.playbook.forms.get(DEMO_FORM)
    with desk().database.read() as tx:
        keys = [key for key in list_keys(tx) if key.kind == "form" and key.name == DEMO_FORM and not key.revoked_at]
    if form is None or not keys:
        raise ProblemError(
            404,
            f"There is no demo form here: the playbook needs a form {DEMO_FORM}, and the form a key "
            f"(leadline keys create --kind form --name {DEMO_FORM}).",
        )
    return keys[-1], form
