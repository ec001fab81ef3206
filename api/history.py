"""A lead's history, told from everything that is kept of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.assignments import assignments_of
from store.database import Transaction
from store.events import events_of
from store.leads import activities_of, submissions_of
from store.moves import moves_of

Entry = dict[str, Any]


def entries_of(tx: Transaction, lead_id: str) -> list[Entry]:
    """Everything that happened to a lead, by time: each entry has `at`, `kind` and what else there is to say."""
    entries = [
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
    return sorted(entries, key=lambda entry: entry["at"])


def _told(payload: Mapping[str, object]) -> Entry:
    """What a timeline shows of an event: the decision by its id and result, anything else in full."""
    if "decided_at" in payload:
        return {"decision": payload["id"], "score": payload["score"], "grade": payload["grade"]}
    return {name: value for name, value in payload.items() if name not in ("lead_id", "assignment_id")}


def _entry(kind: str, at: datetime, **details: object) -> Entry:
    return {"at": at, "kind": kind, **details}
