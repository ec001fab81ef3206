"""The doors of operations to what is published: the playbook in force, every version, publishing and going back."""

from datetime import datetime

from flask import Blueprint, Response, request
from structlog import get_logger

from api.answers import json_answer, page_of
from api.bodies import json_body_or_none
from api.desk import desk
from api.editing import AGAIN, compiled_text, edited, passed, passed_cases, sent_edit, stale, why_published
from api.errors import NotReadyError
from api.fields import LARGEST_NUMBER, NUMBER
from api.keys import asking
from api.operation import JSON, TEXT, YAML_TYPES, Answer, operation
from api.parse import EDIT, PUBLISH, VERSION_LIST, parse_fields
from api.playbook_documents import PLAYBOOK_VERSIONS, PUBLISHED
from api.problems import ProblemError
from api.serving import NO_PLAYBOOK
from store.errors import StaleEditError
from store.playbooks import (
    PlaybookVersion,
    active_number,
    active_playbook,
    playbook_cases,
    playbook_text,
    playbook_versions_below,
    publish,
    put_into_force,
    refuse_stale,
)

# What browsers and editors know YAML by; whoever asks for the registered application/yaml gets that.
YAML = "text/yaml"

WHY = {"X-Because": "Why, where ?because= does not say it"}
GUARD = {"If-Match": "The ETag of the playbook that was edited", **WHY}

playbooks = Blueprint("playbooks", __name__)


@playbooks.get("/v1/playbook")
@operation(
    "Gives the playbook in force, as it was written; its ETag is its number",
    who=("ops",),
    gives={200: Answer(about="The YAML", schema=TEXT, media=YAML), 304: Answer(about="It is the one you have")},
    headers={"If-None-Match": "The ETag of the playbook you have"},
)
def get_playbook() -> Response:
    """The text of the playbook that is in force in the store; every server decides by it within two seconds."""
    with desk().database.read() as tx:
        active = active_playbook(tx)
    if active is None:
        raise NotReadyError(NO_PLAYBOOK)
    return _yaml(*active)


@playbooks.put("/v1/playbook")
@operation(
    "Checks and tests a playbook and puts it into force; every server follows within two seconds",
    who=("ops",),
    takes=TEXT,
    media=YAML_TYPES,
    or_takes={JSON: EDIT},
    gives={
        200: Answer(about="It is in force", schema=PUBLISHED),
        412: Answer(about="Another playbook is in force than the one that was edited; the ETag names it"),
        422: Answer(about="It has problems, a case fails, there is none, or the reason is missing; all are named"),
        428: Answer(about="If-Match is missing"),
    },
    query=PUBLISH,
    headers={**GUARD, "If-None-Match": "* where no playbook is in force yet"},
)
def put_playbook() -> Response:
    """The number under which the text in the body is in force now.

    It is tested by the cases in the body, else by those kept with the playbook in force, and keeps them.
    """
    with desk().database.read() as tx:
        active = active_number(tx)
        kept = playbook_cases(tx, active) if active else None
    version, edit, now = edited(active), sent_edit(), desk().clock()
    cases = passed_cases(edit, compiled_text(edit.playbook, field=edit.field), kept, active)
    with desk().database.begin() as tx:
        try:
            number = publish(
                tx, edit.playbook, cases=cases, by=asking().name, because=edit.because, now=now, edited=version
            )
        except StaleEditError as error:
            raise stale(str(error), active_number(tx)) from None
    return _published(number, edit.because, now)


@playbooks.get("/v1/playbook/versions")
@operation(
    "Lists every playbook that was published, newest first: who, when and why",
    who=("ops",),
    gives={200: Answer(about="A page of versions", schema=PLAYBOOK_VERSIONS)},
    query=VERSION_LIST,
)
def get_versions() -> Response:
    """A page of the kept playbooks."""
    asked = parse_fields(VERSION_LIST, request.args)
    limit = asked["limit"]
    with desk().database.read() as tx:
        found = playbook_versions_below(tx, asked.get("cursor"), limit=limit + 1)
    page, cursor = page_of(found, limit, lambda version: version.number)
    return json_answer({"versions": [_version_document(each) for each in page], "cursor": cursor})


@playbooks.get("/v1/playbook/versions/<number>")
@operation(
    "Gives the text of a playbook that was published",
    who=("ops",),
    gives={200: Answer(about="The YAML", schema=TEXT, media=YAML), 404: Answer(about="No such version")},
)
def get_version(number: str) -> Response:
    """The text of a kept playbook."""
    known = _known(number)
    with desk().database.read() as tx:
        return _yaml(known, playbook_text(tx, known))


@playbooks.get("/v1/playbook/versions/<number>/cases")
@operation(
    "Gives the cases kept with a playbook that was published",
    who=("ops",),
    gives={
        200: Answer(about="The YAML", schema=TEXT, media=YAML),
        404: Answer(about="No such version, or it came into force untested"),
    },
)
def get_cases(number: str) -> Response:
    """The text of the cases that a kept playbook passed."""
    known = _known(number)
    with desk().database.read() as tx:
        cases = playbook_cases(tx, known)
    if cases is None:
        raise ProblemError(404, f"No cases are kept with playbook {known}; it came into force untested.")
    return _yaml(known, cases)


@playbooks.post("/v1/playbook/versions/<number>/publish")
@operation(
    "Puts a kept playbook into force again, tested by its cases; every server follows within two seconds",
    who=("ops",),
    takes=PUBLISH,
    needs_body=False,
    gives={
        200: Answer(about="It is in force", schema=PUBLISHED),
        404: Answer(about="No such version"),
        409: Answer(about="It is in force already"),
        412: Answer(about="Another playbook is in force than If-Match says"),
        422: Answer(about="The text is no playbook any more, a case kept with it fails, or the reason is missing"),
    },
    query=PUBLISH,
    headers=GUARD,
)
def post_version(number: str) -> Response:
    """That the kept playbook is in force now; `because` may also stand in a JSON body."""
    known, now = _known(number), desk().clock()
    why, without_cases = why_published(parse_fields(PUBLISH, json_body_or_none()))
    with desk().database.read() as tx:
        text, cases = playbook_text(tx, known), playbook_cases(tx, known)
    compiled = compiled_text(text, known)
    if cases is not None and not without_cases:
        passed(compiled, cases, AGAIN)
    with desk().database.begin() as tx:
        refuse_stale(tx, edited(active_number(tx), required=False))
        put_into_force(tx, known, by=asking().name, because=why, now=now)
    return _published(known, why, now)


def _known(number: str) -> int:
    """The number of a version. Raises: ProblemError 404 for what cannot be one."""
    if not NUMBER.fullmatch(number) or int(number) > LARGEST_NUMBER:
        raise ProblemError(404, f"No playbook {number[:40]!r} is kept.")
    return int(number)


def _yaml(number: int, text: str) -> Response:
    media = request.accept_mimetypes.best_match([YAML, "application/yaml"], YAML)
    response = Response(text, content_type=f"{media}; charset=utf-8", headers={"Cache-Control": "no-cache"})
    response.set_etag(str(number))
    response.make_conditional(request)
    return response


def _published(number: int, why: str, now: datetime) -> Response:
    get_logger().info("published", playbook=number, by=asking().name)
    document = {"number": number, "at": now, "by": asking().name, "because": why}
    return json_answer(document, headers={"ETag": f'"{number}"'})


def _version_document(version: PlaybookVersion) -> dict[str, object]:
    return {
        "number": version.number,
        "created_at": version.created_at,
        "by": version.by,
        "because": version.because,
        "tested": version.tested,
        "active": version.active,
        "publications": [{"at": each.at, "by": each.by, "because": each.because} for each in version.publications],
    }
