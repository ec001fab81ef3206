"""The doors that tell a lead's history: what happened when, and why it is decided as it is."""

from flask import Blueprint, Response

from api.answers import json_answer
from api.decision_documents import scored_document
from api.desk import desk
from api.explaining import explained
from api.history import entries_of
from api.history_documents import EXPLANATION, TIMELINE
from api.operation import Answer, operation
from api.query import known_id, no_lead
from rules.explain import explanation_json
from store.database import Transaction
from store.leads import activities_of
from store.listing import Kept, find_lead
from store.stays import settled

histories = Blueprint("histories", __name__)


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
        return json_answer({"entries": entries_of(tx, kept.id)})


@histories.get("/v1/leads/<lead_id>/explain")
@operation(
    "Explains how a lead is decided now: every rule and route with each condition's value and truth",
    who=("crm", "ops"),
    gives={200: Answer(about="The decision now, and why", schema=EXPLANATION)},
)
def get_explanation(lead_id: str) -> Response:
    """Why a lead is decided as it is, by what is in force now; nothing is kept."""
    served, now = desk().serving.current(), desk().clock()
    with desk().database.read() as tx:
        kept = _kept(tx, lead_id)
        found = explained(kept.lead, activities_of(tx, kept.id), served.scorecard, served.playbook, now)
        done = settled(tx, kept.id, found.decision, served.playbook.playbook, now)
    decision = found.decision if done is None else done.decision
    return json_answer({"decision": scored_document(decision), **explanation_json(found.explanation)})


def _kept(tx: Transaction, lead_id: str) -> Kept:
    kept = find_lead(tx, known_id(lead_id))
    if kept is None:
        raise no_lead(lead_id)
    return kept
