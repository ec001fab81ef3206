"""What a request that publishes a playbook must say beside its text: why, and which version its author edited."""

from flask import request
from werkzeug.datastructures import ETags

from api.parse import PUBLISH, FieldError, InputError, parse_fields
from api.problems import ProblemError, bad_text
from api.serving import PLAYBOOK_FILE
from rules.compile import Compiled, compile_playbook
from rules.problems import PlaybookError
from rules.read import read_playbook

WHY = "required: say why, as ?because= or in a header X-Because"
WHICH = (
    "If-Match is required, so that nobody's edit is overwritten: send the ETag that GET /v1/playbook gave with the "
    "text you edited, or If-None-Match: * for the first playbook."
)


def compiled_text(text: str, number: int = 0, *, field: str = "") -> Compiled:
    """The compiled playbook of a request. Raises: ProblemError 422 with every place that is wrong."""
    try:
        return compile_playbook(read_playbook(text, file=PLAYBOOK_FILE, number=number))
    except PlaybookError as error:
        raise bad_text(error.problems, field) from None


def because(body: object = None) -> str:
    """Why, as the query, the header X-Because or a JSON body says. Raises: InputError when none of them does."""
    given = request.args.get("because") or _header("X-Because")
    if given is None and body is not None:
        given = parse_fields(PUBLISH, body).get("because")
    said: str | None = parse_fields(PUBLISH, {"because": given})["because"]
    if said is None:
        raise InputError([FieldError(field="because", message=WHY)])
    return said


def edited(active: int, *, required: bool = True) -> int | None:
    """The version that the author edited: the one in force, 0 when none may be; None when that does not matter.

    Raises: ProblemError 428 when the request does not say, 412 when another is in force.
    """
    if "*" in request.headers.get("If-None-Match", ""):
        if active:
            raise stale(f"playbook {active} is in force, so there is one to edit", active)
        return 0
    if "If-Match" not in request.headers:
        if required:
            raise ProblemError(428, WHICH)
        return None
    tags: ETags = request.if_match
    if not active or not tags.contains(str(active)):
        raise stale(f"playbook {active or '(none)'} is in force, which is not the one that was edited", active)
    return active


def stale(why: str, active: int) -> ProblemError:
    """The problem of an edit that comes too late: 412; the ETag says what is in force."""
    detail = f"{why[0].upper()}{why[1:]}. Read GET /v1/playbook and edit that."
    return ProblemError(412, detail, headers={"ETag": f'"{active}"'} if active else {})


def _header(name: str) -> str | None:
    """The text of a header, which clients send as UTF-8 and WSGI hands on as Latin-1."""
    value = request.headers.get(name)
    if not value:
        return None
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
