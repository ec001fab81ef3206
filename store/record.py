"""Recording a decision: what was decided, who gets the lead, the clock that starts and what the outside is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from routing.decision import Decision, Promise, Routed
from routing.document import decision_document
from rules.compile import Compiled
from rules.playbook import Playbook
from store.assignments import Assignment, open_assignment
from store.clocks import clock_of
from store.counting import Counting
from store.database import Transaction, Writes
from store.events import EventKind, add_events
from store.handout import choose, hand_out
from store.ids import new_id
from store.lead_json import lead_to_json
from store.leads import Known
from store.pipeline import sent_together
from store.rows import add
from store.stays import settled, team_wall
from store.tables import decisions, leads

STANDS = update(leads).where(leads.c.id == bindparam("lead"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """A kept decision, with the rep who has the lead; `document` is what callers see of it."""

    decision_id: str
    lead_id: str
    decision: Decision
    document: Mapping[str, Any]


def record(
    tx: Transaction,
    known: Known,
    decision: Decision,
    playbook: Compiled,
    now: datetime,
    *,
    writes: Writes | None = None,
) -> Recorded:
    """Keeps a decision and everything that follows from it, in the caller's transaction.

    A qualified lead that nobody has is handed out: to a rep, or to the team's queue when nobody is eligible. A lead
    that someone has stays there, whatever the decision, and so does one that sales is done with, which is then told.
    Any other is marketing's. What is to be written goes to `writes`; without them it is sent when this ends.
    """
    if writes is None:
        with sent_together(tx) as together:
            return record(tx, known, decision, playbook, now, writes=together)
    held = None if known.new else open_assignment(tx, known.id)
    done = None if known.new or held is not None else settled(tx, known.id, decision, playbook.playbook, now)
    if done is not None:
        return _scored(writes, known, done.decision, done.state, now)
    if held is not None:
        return _scored(writes, known, _staying(tx, decision, held, playbook.playbook, now), held.state, now)
    counting = Counting(tx, playbook.playbook.calendars, now)
    handout = choose(counting, known, decision, playbook.playbook, now)
    if handout is None:
        return _scored(writes, known, decision, "nurture", now)
    recorded = _recorded(known, replace(decision, route=handout.routed, sla=handout.promise), now)
    scored_id = new_id(now)  # ids tell the order: the score comes before the assignment, word of that after it
    _keep(writes, known, recorded, "queued" if handout.routed.rep is None else "assigned", now)
    hand_out(writes, counting, known, handout, recorded.decision_id, playbook.playbook, now)
    assigned: tuple[EventKind, ...] = () if handout.routed.rep is None else ("lead.assigned",)
    add_events(writes, known.id, ("lead.scored", *assigned), recorded.document, now, first_id=scored_id)
    return recorded


def decisions_of(tx: Transaction, lead_id: str) -> tuple[Mapping[str, Any], ...]:
    """Returns the documents of everything that was decided about a lead, oldest first."""
    rows = tx.execute(select(decisions.c.document).where(decisions.c.lead_id == lead_id).order_by(decisions.c.id))
    return tuple(row.document for row in rows)


def _staying(tx: Transaction, decision: Decision, held: Assignment, playbook: Playbook, now: datetime) -> Decision:
    """Returns the decision with who has the lead already, and the promise that runs."""
    since = team_wall(held.team, playbook, now).told(held.assigned_at)
    why = f"{held.rep or 'the queue'} has had this lead since {since}"
    clock = clock_of(tx, held.id)
    running = None if clock is None else Promise(name=clock.sla, respond_by=clock.due_at, warn_at=clock.warn_at)
    return replace(decision, route=Routed(name=held.route, team=held.team, rep=held.rep, why=why), sla=running)


def _scored(tx: Writes, known: Known, decision: Decision, state: str, now: datetime) -> Recorded:
    """Keeps a decision that gives the lead to nobody, and returns it."""
    recorded = _recorded(known, decision, now)
    _keep(tx, known, recorded, state, now)
    add_events(tx, known.id, ["lead.scored"], recorded.document, now)
    return recorded


def _recorded(known: Known, decision: Decision, now: datetime) -> Recorded:
    """Returns the decision under a new id."""
    decision_id = new_id(now)
    document = {"id": decision_id, "lead_id": known.id, **decision_document(decision)}
    return Recorded(decision_id=decision_id, lead_id=known.id, decision=decision, document=document)


def _keep(tx: Writes, known: Known, recorded: Recorded, state: str, now: datetime) -> None:
    """Keeps the decision and the lead's new state."""
    decision = recorded.decision
    graded = {"score": decision.score, "grade": decision.grade, "qualified": decision.qualified}
    row = {
        "id": recorded.decision_id,
        "lead_id": known.id,
        "decided_at": decision.decided_at,
        "route": None if decision.route is None else decision.route.name,
        "team": None if decision.route is None else decision.route.team,
        "model": decision.model,
        "playbook": decision.playbook,
        "lead": lead_to_json(known.lead),
        "document": recorded.document,
        **graded,
    }
    add(tx, decisions, row)
    stands = {"lead": known.id, "state": state, "decision_id": recorded.decision_id, "updated_at": now, **graded}
    tx.execute(STANDS, stands)
