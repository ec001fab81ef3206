"""The doors that tell a lead's history: what happened when, and why it is decided as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from api.answers import json_answer, scored_document
from api.desk import desk
from api.documents import EXPLANATION, TIMELINE
from api.explaining import explained
from api.operation import Answer, operation
from api.query import known_id, no_lead
from rules.explain import explanation_json
from store.assignments import assignments_of
from store.database import Transaction
from store.events import events_of
from store.leads import activities_of, submissions_of
from store.listing import Kept, find_lead
from store.moves import moves_of

histories = Blueprint("histories", __name__)

Entry = dict[str, Any]


@histories.get("/v1/leads/<lead_id>/timeline")
@operation(
    "Tells what happened to a lead, oldest first",
    who=("crm", "ops"),
    gives={
        200: Answer(about="Submissions, activities, decisions, assignments, moves, warnings, breaches", schema=TIMELINE)
    },
)
def get_timeline(lead_id: str) -> Response:
    """Everything that happened to a lead, by time."""
    with desk().database.read() as tx:
        kept = _kept(tx, lead_id)
        entries = sorted(_entries(tx, kept.id), key=lambda entry: entry["at"])
    return json_answer({"entries": entries})


@histories.get("/v1/leads/<lead_id>/explain")
@operation(
    "Explains how a lead is decided now: every rule and route with each condition's value and truth",
    who=("crm", "ops"),
    gives={200: Answer(about="The decision now, and why", schema=EXPLANATION)},
)
def get_explanation(lead_id: str) -> Response:
    """Why a lead is decided as it is, by what is in force now; nothing is kept."""
    served = desk().serving.current()
    with desk().database.read() as tx:
        kept = _kept(tx, lead_id)
        activities = activities_of(tx, kept.id)
    found = explained(kept.lead, activities, served.scorecard, served.playbook, desk().clock())
    return json_answer({"decision": scored_document(found.decision), **explanation_json(found.explanation)})


def _kept(tx: Transaction, lead_id: str) -> Kept:
    kept = find_lead(tx, known_id(lead_id))
    if kept is None:
        raise no_lead(lead_id)
    return kept


def _entries(tx: Transaction, lead_id: str) -> list[Entry]:
    return [
        *(
            _entry("submission", each.received_at, form=each.form, notes=each.notes)
            for each in submissions_of(tx, lead_id)
        ),
        *(_entry("activity", each.at, activity=each.kind) for each in activities_of(tx, lead_id)),
        *(_entry(each.kind, each.at, **_told(each.payload)) for each in events_of(tx, lead_id)),
        *(
            _entry("assignment", each.assigned_at, team=each.team, rep=each.rep, state=each.state)
            for each in assignments_of(tx, lead_id)
        ),
        *(_entry("move", each.at, move=each.kind, **each.details) for each in moves_of(tx, lead_id)),
    ]


def _told(payload: Mapping[str, object]) -> Entry:
    """What a timeline shows of an event: the decision by its id and result, anything else in full."""
    if "decided_at" in payload:
        return {"decision": payload["id"], "score": payload["score"], "grade": payload["grade"]}
    return {name: value for name, value in payload.items() if name not in ("lead_id", "assignment_id")}


def _entry(kind: str, at: datetime, **details: object) -> Entry:
    return {"at": at, "kind": kind, **details}
