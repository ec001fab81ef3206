"""A lead's history, told from everything that is kept of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.assignments import Assignment, assignments_of
from store.database import Transaction
from store.events import events_of
from store.kept_moves import moves_of
from store.leads import activities_of, submissions_of

Entry = dict[str, Any]


def entries_of(tx: Transaction, lead_id: str) -> list[Entry]:
    """Everything that happened to a lead, by time: each entry has `at`, `kind` and what else there is to say.

    What shares an instant stands in the order in which it was kept: what was done before what came of it.
    """
    entries = [
        *((each.at, "", _entry("activity", each.at, activity=each.kind)) for each in activities_of(tx, lead_id)),
        *(
            (each.received_at, each.id, _entry("submission", each.received_at, form=each.form, notes=each.notes))
            for each in submissions_of(tx, lead_id)
        ),
        *((each.at, each.id, _entry(each.kind, each.at, **_told(each.payload))) for each in events_of(tx, lead_id)),
        *((each.assigned_at, each.id, _assigned(each)) for each in assignments_of(tx, lead_id)),
        *(
            (each.at, each.id, _entry("move", each.at, move=each.kind, **each.details))
            for each in moves_of(tx, lead_id)
        ),
    ]
    return [entry for _, _, entry in sorted(entries, key=lambda kept: kept[:2])]


def _assigned(held: Assignment) -> Entry:
    """What a timeline shows of an assignment: who got the lead, why, and what has become of it by now."""
    about = {"team": held.team, "rep": held.rep, "why": held.why["text"], "state": held.state}
    return _entry("assignment", held.assigned_at, **about)


def _told(payload: Mapping[str, object]) -> Entry:
    """What a timeline shows of an event: the decision by its id, result and why the lead stays; all else in full."""
    if "decided_at" in payload:
        stays = {"stays": payload["stays"]} if payload.get("stays") else {}
        return {"decision": payload["id"], "score": payload["score"], "grade": payload["grade"], **stays}
    return {name: value for name, value in payload.items() if name not in ("lead_id", "assignment_id")}


def _entry(kind: str, at: datetime, **details: object) -> Entry:
    return {"at": at, "kind": kind, **details}
