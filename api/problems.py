"""Every error as a problem document (RFC 9457): one shape, whatever went wrong and wherever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

import orjson
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import OperationalError
from structlog import get_logger
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as AnyResponse

from api.errors import NotReadyError
from api.parse import FieldError, InputError
from models.version import ModelError
from rules.problems import Problem
from store.errors import (
    ConflictError,
    UnknownCampaignError,
    UnknownJobError,
    UnknownVersionError,
    UnknownWebhookError,
)

MEDIA_TYPE = "application/problem+json"

LATER = {"Retry-After": "5"}

# What werkzeug says of these is written for developers of the server, not for its callers.
DETAILS: Mapping[int, str] = {
    400: "The request cannot be read.",
    404: "Nothing is at this address; /openapi.json lists what there is.",
    405: "This address does not take this method; the Allow header lists those it takes.",
    413: "The body is too large.",
    500: "A fault of the server, not of the request; its log has it under this request's X-Request-Id.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceError(FieldError):
    """What is wrong at one place of a text, and the remedy."""

    line: int
    column: int
    code: str
    hint: str


class ProblemError(Exception):
    """A request that cannot be answered as asked: the status, what is wrong, and which fields are at fault.

    `more` are further members of its document.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def problem_document(problem: ProblemError) -> dict[str, object]:
    """The problem as its JSON document."""
    document: dict[str, object] = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    if problem.errors:
        document["errors"] = [asdict(error) for error in problem.errors]
    return document


def bad_fields(bad: InputError) -> ProblemError:
    """The problem of input that was understood and cannot be taken: 422 with every field error."""
    count = len(bad.errors)
    return ProblemError(422, f"{count} field{'s are' if count > 1 else ' is'} not right.", errors=bad.errors)


def bad_text(problems: Sequence[Problem], field: str = "", detail: str = "") -> ProblemError:
    """The problem of a playbook, or of its cases, that cannot be used: 422 with every place; `field` held the text."""
    errors = [
        PlaceError(
            field=field, message=each.message, line=each.line, column=each.column, code=each.code, hint=each.hint
        )
        for each in problems
    ]
    count = len(errors)
    counted = f"{count} problem{'s are' if count > 1 else ' is'} in the text."
    return ProblemError(422, detail or counted, errors=errors)


def install(app: Flask) -> None:
    """Makes every error of the app, whatever raises it, answer with a problem document."""
    app.register_error_handler(ProblemError, _answer)
    app.register_error_handler(InputError, lambda bad: _answer(bad_fields(bad)))
    app.register_error_handler(
        NotReadyError, lambda error: _answer(ProblemError(503, f"Not ready: {error}.", headers=LATER))
    )
    for standing in (ConflictError, ModelError):  # a model, once kept, is as it is: its message has the remedy
        app.register_error_handler(standing, lambda error: _answer(ProblemError(409, f"{error}.")))
    for unknown in (UnknownCampaignError, UnknownJobError, UnknownVersionError, UnknownWebhookError):
        app.register_error_handler(unknown, lambda error: _answer(ProblemError(404, f"{error}.")))
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(HTTPException, _http_error)


def _answer(problem: ProblemError) -> Response:
    if _wants_page():
        page = render_template("problem.html", title=HTTP_STATUS_CODES[problem.status], detail=problem.detail)
        response = Response(page, status=problem.status, mimetype="text/html")
    else:
        response = Response(orjson.dumps(problem_document(problem)), status=problem.status, mimetype=MEDIA_TYPE)
    response.headers.update(problem.headers)
    return response


def _wants_page() -> bool:
    """Whether a person with a browser is asking, at a door where people are expected."""
    accepted = request.accept_mimetypes
    people = not request.path.startswith("/v1/") or request.path.startswith("/v1/forms/")
    return people and accepted["text/html"] > max(accepted["application/json"], accepted[MEDIA_TYPE])


def _no_database(error: OperationalError) -> Response:
    get_logger().error("database", what=str(error.orig))
    return _answer(ProblemError(503, "The database cannot be reached; try again.", headers=LATER))


def _http_error(error: HTTPException) -> AnyResponse:
    response = error.get_response()
    status = response.status_code
    if status < HTTPStatus.BAD_REQUEST:  # a redirect is no error
        return response
    kept = {name: value for name, value in response.headers.items() if name in {"Allow", "Retry-After"}}
    return _answer(ProblemError(status, DETAILS.get(status) or error.description or error.name, headers=kept))
