"""How the doors answer, and what they count and log of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import orjson
from flask import Response
from structlog import get_logger

from api.desk import desk
from store.record import Recorded

T = TypeVar("T")


def json_answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; instants are written as RFC 3339 with their offset, tuples as lists."""
    text = document if isinstance(document, bytes) else orjson.dumps(document)
    return Response(text, status=status, mimetype="application/json", headers=dict(headers or {}))


def page_of(found: Sequence[T], limit: int, id_of: Callable[[T], object]) -> tuple[Sequence[T], str | None]:
    """The first `limit` of what was found, where one more than that was looked for, and the cursor of what follows."""
    page = found[:limit]
    return page, str(id_of(page[-1])) if len(found) > limit else None


def note(door: str, recorded: Recorded) -> None:
    """Counts and logs one decision, without contact data."""
    decision, route = recorded.decision, recorded.decision.route
    desk().metrics.leads.labels(door, "routed" if route else "nurture").inc()
    get_logger().info(
        "decision",
        door=door,
        decision=recorded.decision_id,
        lead=recorded.lead_id,
        score=decision.score,
        grade=decision.grade,
        qualified=decision.qualified,
        route=route.name if route else None,
        team=route.team if route else None,
        model=decision.model,
        playbook=decision.playbook,
    )
