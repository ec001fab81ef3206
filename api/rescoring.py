"""Scoring all leads again: what time, a new model or a new playbook has changed since each was decided.

Engagement fades, so a score that stands still is too high: lists and queues would show yesterday's heat. A lead that
fell under the threshold may be handed out again once it rises, and one that a new model or playbook lifts over the
threshold is handed out now. What would come out the same is not kept again.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from api.serving import Served
from routing.decide import decide
from routing.decision import Decision
from store.database import Database, Transaction
from store.jobs import Job, cursor_of, tell_progress
from store.leads import known_lead
from store.record import record
from store.sweep import database_time
from store.tables import leads

BATCH = 100
# Nothing is decided about these any more, or not yet.
SETTLED = ("won", "resting", "erased")
COUNTS = ("seen", "changed", "handed_out")


def rescore(database: Database, served: Served, job: Job) -> dict[str, int]:
    """Scores every lead that is not settled, in order, from where the job's cursor stands, and returns the counts."""
    total = _total(database)
    with database.read() as tx:
        cursor: dict[str, Any] = cursor_of(tx, job) or {"after": "", **dict.fromkeys(COUNTS, 0)}
    while batch := _next(database, cursor["after"]):
        for lead_id in batch:
            with database.begin() as tx:
                outcome = _again(tx, lead_id, served)
                cursor = {**_counted(cursor, outcome), "after": lead_id}
                if outcome != "same":  # counted with the change: a turn that begins again finds nothing left to count
                    _tell(tx, job, cursor, total)
        with database.begin() as tx:
            _tell(tx, job, cursor, total)
    return _counts(cursor)


def _tell(tx: Transaction, job: Job, cursor: dict[str, Any], total: int) -> None:
    tell_progress(tx, job, cursor["seen"] / max(total, 1), "scoring leads again", cursor, _counts(cursor))


def _again(tx: Transaction, lead_id: str, served: Served) -> str:
    """Decides about a lead: whether it stays the same, changed, or went to sales."""
    now = database_time(tx)
    known = known_lead(tx, lead_id, now)
    before = tx.execute(select(leads.c.score, leads.c.grade, leads.c.qualified).where(leads.c.id == lead_id)).one()
    if known is None:
        return "same"
    decision = decide(known.lead, known.activities, served.scorecard, served.playbook, now)
    if _shown(decision) == (before.score, before.grade, before.qualified):
        return "same"
    recorded = record(tx, replace(known, received_at=now), decision, served.playbook, now)
    routed = recorded.decision.route
    return "handed_out" if not before.qualified and routed is not None else "changed"


def _shown(decision: Decision) -> tuple[float, str, bool]:
    return decision.score, decision.grade, decision.qualified


def _counted(cursor: dict[str, Any], outcome: str) -> dict[str, Any]:
    counted = {**cursor, "seen": cursor["seen"] + 1}
    return counted if outcome == "same" else {**counted, outcome: counted[outcome] + 1}


def _counts(cursor: dict[str, Any]) -> dict[str, int]:
    return {name: cursor[name] for name in COUNTS}


def _total(database: Database) -> int:
    with database.read() as tx:
        return tx.execute(select(func.count()).select_from(leads).where(leads.c.state.not_in(SETTLED))).scalar_one()


def _next(database: Database, after: str) -> list[str]:
    unsettled = (leads.c.id > after, leads.c.state.not_in(SETTLED))
    with database.read() as tx:
        return list(tx.execute(select(leads.c.id).where(*unsettled).order_by(leads.c.id).limit(BATCH)).scalars())
