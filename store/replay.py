"""Kept decisions, to be taken again: each with its lead and activities as they were known when it was taken."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from routing.replay import Decided
from rules.case import Assumed
from scoring.lead import Activity
from store.database import Transaction
from store.erased import NOT_ERASED
from store.lead_json import lead_from_json
from store.tables import activities, decisions

# So many ids one statement names: databases limit that.
AT_ONCE = 5_000

# When an activity came to be known, and the activity.
Received = tuple[datetime, Activity]

DECISIONS = (
    select(decisions.c.id, decisions.c.lead_id, decisions.c.decided_at, decisions.c.lead, decisions.c.document)
    .where(decisions.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(decisions.c.lead_id, decisions.c.id)
)
ACTIVITIES = (
    select(activities.c.lead_id, activities.c.kind, activities.c.at, activities.c.received_at)
    .where(activities.c.lead_id.in_(bindparam("leads", expanding=True)))
    .order_by(activities.c.lead_id, activities.c.at, activities.c.id)
)


def decision_ids(
    tx: Transaction, *, since: datetime | None = None, until: datetime | None = None, most: int | None = None
) -> tuple[tuple[str, str], ...]:
    """Returns the ids of leads and their decisions in a time, the newest `most` of them, lead by lead."""
    newest = select(decisions.c.lead_id, decisions.c.id).where(NOT_ERASED)
    newest = newest.order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
    if since is not None:
        newest = newest.where(decisions.c.decided_at >= since)
    if until is not None:
        newest = newest.where(decisions.c.decided_at <= until)
    if most is not None:
        newest = newest.limit(most)
    return tuple(sorted((row.lead_id, row.id) for row in tx.execute(newest)))


def decided(tx: Transaction, ids: Sequence[str]) -> Iterator[Decided]:
    """Returns the decisions of these ids, which `decision_ids` put in order, lead by lead, oldest first."""
    for start in range(0, len(ids), AT_ONCE):
        yield from _decided(tx, ids[start : start + AT_ONCE])


def find_decision(tx: Transaction, decision_id: str) -> tuple[Decided, Mapping[str, Any]] | None:
    """Returns the decision of an id, to be taken again, and the document that tells how it was taken; if it is kept."""
    query = select(decisions.c.document).where(decisions.c.id == decision_id, NOT_ERASED)
    document = tx.execute(query).scalar_one_or_none()
    return None if document is None else (next(_decided(tx, [decision_id])), document)


def _decided(tx: Transaction, ids: Sequence[str]) -> Iterator[Decided]:
    """Returns the decisions of some ids."""
    rows = tx.execute(DECISIONS, {"ids": list(ids)}).all()
    done: dict[str, list[Received]] = defaultdict(list)
    for each in tx.execute(ACTIVITIES, {"leads": sorted({row.lead_id for row in rows})}):
        done[each.lead_id].append((each.received_at, Activity(kind=each.kind, at=each.at)))
    for row in rows:
        yield Decided(
            id=row.id,
            lead_id=row.lead_id,
            at=row.decided_at,
            lead=lead_from_json(row.lead),
            activities=tuple(activity for at, activity in done[row.lead_id] if at <= row.decided_at),
            assumed=Assumed(probability=row.document["probability"], fit=row.document["fit"]),
        )
