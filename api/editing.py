"""What a request that publishes a playbook must say: its text, its cases, why, and which version its author edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import request
from werkzeug.datastructures import ETags

from api.bodies import json_body, yaml_body
from api.cases import cases_report, failed_cases, how_many_fail
from api.parse import EDIT, PUBLISH, FieldError, InputError, parse_fields
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
BOTH = "exclude each other: send cases, or publish without_cases"
NO_CASES = 'required: none are kept with the playbook in force; send {"playbook": "...", "cases": "..."} as JSON'
UNTESTED = "publish it untested with ?without_cases=true"
SENT = f"Mend the playbook or the cases, or {UNTESTED}."
KEPT = (
    "They are those kept with playbook {number}; send the cases that go with this text as JSON "
    '{{"playbook": "...", "cases": "..."}}, or ' + UNTESTED + "."
)
AGAIN = f"They are those kept with it; publish another text, or {UNTESTED}."
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What a request publishes: the text and, where it brings some, the cases. `field` is where the text stood."""

    playbook: str
    cases: str | None
    field: str
    because: str
    without_cases: bool


def sent_edit() -> Edit:
    """The edit of a request: YAML, or JSON that holds the YAML and its cases. Raises: InputError, ProblemError."""
    given = parse_fields(EDIT, json_body()) if request.is_json else {"playbook": yaml_body()}
    because, without_cases = why_published(given)
    if without_cases and "cases" in given:
        raise InputError([FieldError(field="cases", message=BOTH)])
    return Edit(
        playbook=given["playbook"],
        cases=given.get("cases"),
        field="playbook" if request.is_json else "",
        because=because,
        without_cases=without_cases,
    )


def why_published(body: Mapping[str, Any] = NOTHING) -> tuple[str, bool]:
    """Why, and whether without cases, as the query, the header X-Because or a body says. Raises: InputError."""
    header = _header("X-Because")
    said = [body, parse_fields(PUBLISH, {"because": header} if header else {}), parse_fields(PUBLISH, request.args)]
    given = {name: value for each in said for name, value in each.items() if value is not None}
    if "because" not in given:
        raise InputError([FieldError(field="because", message=WHY)])
    return given["because"], given.get("without_cases", False)


def compiled_text(text: str, number: int = 0, *, field: str = "") -> Compiled:
    """The compiled playbook of a request. Raises: ProblemError 422 with every place that is wrong."""
    try:
        return compile_playbook(read_playbook(text, file=PLAYBOOK_FILE, number=number))
    except PlaybookError as error:
        raise bad_text(error.problems, field) from None


def passed_cases(edit: Edit, compiled: Compiled, kept: str | None, active: int) -> str | None:
    """The cases that an edit passes, its own or those kept with the playbook in force; None where it goes untested.

    Raises: ProblemError 422 with everything that comes out otherwise, or that there are none.
    """
    if edit.without_cases:
        return None
    if edit.cases is not None:
        return passed(compiled, edit.cases, SENT)
    if kept is None:
        missing = FieldError(field="cases", message=NO_CASES)
        raise ProblemError(422, f"There are no cases to test it by. Send some, or {UNTESTED}.", errors=[missing])
    return passed(compiled, kept, KEPT.format(number=active))


def passed(compiled: Compiled, cases: str, remedy: str) -> str:
    """The cases, which a playbook passes. Raises: ProblemError 422 with everything that comes out otherwise."""
    try:
        report = cases_report(compiled, cases)
    except PlaybookError as error:
        raise bad_text(error.problems, "cases", f"The cases do not go with this playbook. {remedy}") from None
    if report.failed:
        said = how_many_fail(report)
        raise bad_text(failed_cases(report), "cases", f"{said[0].upper()}{said[1:]}. {remedy}")
    return cases


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
