"""What the doors answer with: JSON documents of decisions and of kept leads."""

from collections.abc import Mapping
from dataclasses import fields

import orjson
from flask import Response
from structlog import get_logger

from api.desk import desk
from routing.decision import Decision
from routing.document import decision_document
from scoring.lead import Lead
from store.assignments import Assignment
from store.clocks import Clock
from store.listing import Kept
from store.record import Recorded
from store.standing import FloorLead


def json_answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; instants are written as RFC 3339 with their offset, tuples as lists."""
    text = document if isinstance(document, bytes) else orjson.dumps(document)
    return Response(text, status=status, mimetype="application/json", headers=dict(headers or {}))


def scored_document(decision: Decision) -> dict[str, object]:
    """A decision that was not kept, in the shape of one that was: it has no id, and belongs to no lead."""
    return {"id": None, "lead_id": None, **decision_document(decision)}


def lead_document(kept: Kept) -> dict[str, object]:
    """A kept lead as callers see it: its fields, its state, its latest decision, who has it."""
    return {
        "id": kept.id,
        "state": kept.state,
        "received_at": kept.created_at,
        "updated_at": kept.updated_at,
        **_fields(kept.lead),
        "team": kept.team,
        "rep": kept.rep,
        "decision": kept.decision,
    }


def standing_document(standing: FloorLead) -> dict[str, object]:
    """A kept lead as callers see it, with its latest assignment and that one's clocks."""
    held = standing.assignment
    return {
        **lead_document(standing.kept),
        "assignment": None if held is None else _assignment_document(held, standing),
        "clocks": [_clock_document(clock) for clock in standing.clocks],
    }


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


def _assignment_document(held: Assignment, standing: FloorLead) -> dict[str, object]:
    same = ("id", "state", "route", "team", "rep", "received_at", "assigned_at", "accepted_at", "contacted_at")
    human = None if held.contacted_at is None else (held.contacted_at - held.assigned_at).total_seconds()
    return {
        **{name: getattr(held, name) for name in (*same, "ended_at", "reason", "amount")},
        "why": held.why["text"],
        "candidates": held.why["candidates"],
        "system_delay_seconds": (held.assigned_at - held.received_at).total_seconds(),
        "human_delay_seconds": human,
        "possible": standing.possible,
    }


def _clock_document(clock: Clock) -> dict[str, object]:
    hidden = ("id", "lead_id", "assignment_id", "calendar")
    return {field.name: getattr(clock, field.name) for field in fields(Clock) if field.name not in hidden}


def _fields(lead: Lead) -> dict[str, object]:
    values = {field.name: getattr(lead, field.name) for field in fields(Lead)}
    return values | {
        "consent": {"marketing": lead.consent.marketing, "at": lead.consent.at} if lead.consent else None,
        "attributes": dict(lead.attributes),
    }
