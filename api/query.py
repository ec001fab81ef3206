"""What stands in the address and the headers of a request, read as strictly as its body."""

import re

from flask import request

from api.fields import ID
from api.parse import parse_list
from api.problems import ProblemError
from store.listing import Filters

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def known_id(text: str) -> str:
    """The id of a lead. Raises: ProblemError 404 for what cannot be one."""
    if not ID.fullmatch(text):
        raise no_lead(text)
    return text


def no_lead(text: str) -> ProblemError:
    """The problem of a lead that is not kept."""
    return ProblemError(404, f"No lead {text[:40]!r} is kept.")


def idempotency_key() -> str | None:
    """The request's Idempotency-Key; None without one. Raises: ProblemError 400 for one that cannot be kept."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not IDEMPOTENCY_KEY.fullmatch(given):
        raise ProblemError(400, "Idempotency-Key takes 1 to 255 visible ASCII characters.")
    return given


def page_asked() -> tuple[int, str | None, Filters]:
    """Limit, cursor and filters of a list. Raises: InputError with every parameter that is not right."""
    asked = parse_list(request.args)
    limit, cursor = asked.pop("limit"), asked.pop("cursor", None)
    return limit, cursor, Filters(**asked)
