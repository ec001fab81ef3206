"""The bodies of requests: read within a limit, of the right type, and as JSON or lines of it."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import orjson
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from api.operation import YAML_TYPES
from api.parse import FieldError
from api.problems import ProblemError

LARGEST_BODY = 1_000_000
LARGEST_BATCH = 20_000_000
MOST_LINES = 10_000

# A refused body up to this size is read to its end, so that the client hears why instead of a broken connection.
DRAINED = 32_000_000

JSON_LINES = frozenset(
    {
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
        "application/x-ndjson",
        "application/ndjson",
        "application/json",
    }
)
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a batch and its number, counted from 1."""

    number: int
    text: bytes


def json_body() -> Any:
    """The request's body read as JSON.

    Raises: ProblemError 415 for another type, 413 for a large body, 400 with the position for what is not JSON.
    """
    if not request.is_json:
        raise wrong_type("application/json")
    return read_json(whole_body(LARGEST_BODY))


def json_body_or_none() -> Any:
    """The request's body read as JSON, an empty object where there is none. Raises: ProblemError as `json_body`."""
    return json_body() if whole_body(LARGEST_BODY) else {}


def json_lines() -> list[Line]:
    """The lines of the request's body that are not blank, at most 10,000.

    Raises: ProblemError 415 for another type, 413 for a large body or too many lines.
    """
    if request.mimetype not in JSON_LINES:
        raise wrong_type("application/x-ndjson")
    texts = enumerate(whole_body(LARGEST_BATCH).split(b"\n"), start=1)
    lines = [Line(number=number, text=text) for number, text in texts if text.strip()]
    if len(lines) > MOST_LINES:
        raise ProblemError(413, f"{len(lines):,} lines; a batch takes at most {MOST_LINES:,}. Send several.")
    return lines


def read_json(text: bytes) -> Any:
    """The value that JSON text holds. Raises: ProblemError 400 that says where the text stops being JSON."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ProblemError(
            400,
            f"The body is not JSON: {where}: {error.msg}.",
            errors=[FieldError(field="", message=f"{where}: {error.msg}")],
        ) from None


def yaml_body() -> str:
    """The request's body as the text of a YAML document.

    Raises: ProblemError 415 for another type, 413 for a large body, 400 with the position for what is not UTF-8.
    """
    if request.mimetype not in (*YAML_TYPES, ""):
        raise wrong_type(YAML_TYPES[0])
    body = whole_body(LARGEST_BODY)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start} is 0x{error.object[error.start]:02x}"
        raise ProblemError(
            400, f"The body is not UTF-8: {where}.", errors=[FieldError(field="", message=f"not UTF-8: {where}")]
        ) from None


def whole_body(largest: int) -> bytes:
    """The request's body. Raises: ProblemError 413 when it is larger than `largest` bytes."""
    # A body that comes in chunks says no length and would be cut at the limit; one byte more tells a cut from an end.
    request.max_content_length = largest + 1
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        raise too_large(largest) from None
    if len(body) > largest:
        raise too_large(largest)
    return body


def sent_file() -> tuple[str, bytes] | None:
    """Name and content of the `file` of a form; None where none is. Raises: ProblemError 413 for a large body."""
    whole_body(LARGEST_BATCH)
    sent = request.files.get("file")
    if sent is None:
        return None
    return "leads" + PurePath(sent.filename or "").suffix.lower(), sent.read()


def too_large(largest: int) -> ProblemError:
    """The problem of a body larger than `largest` bytes, its rest read and thrown away."""
    left = DRAINED
    stream = request.environ["wsgi.input"]
    while left > 0 and (chunk := stream.read(min(left, 1 << 16))):
        left -= len(chunk)
    return ProblemError(413, f"The body is too large; at most {largest:,} bytes are taken here.")


def wrong_type(expected: str) -> ProblemError:
    """The problem of a body of a type that is not taken here."""
    given = f"not {request.mimetype}" if request.mimetype else "and none is given"
    return ProblemError(415, f"Content-Type {expected} is expected, {given}.", headers={"Accept-Post": expected})
