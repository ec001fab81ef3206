"""A playbook with one team, decisions made by hand, and a lead's whole way into the store."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from routing.decision import Decision, Promise, Routed
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from scoring.lead import Lead
from store.database import Database, Transaction, Writes
from store.due import COLUMNS, Due
from store.leads import add_submission, merge_lead
from store.pipeline import begin_together, sent_together
from store.record import Recorded, record
from store.tables import due_work
from tests.builders import NOW, facts, lead

PLAYBOOK = """
version: 1
scoring:
  weights: {{fit: 1, engagement: 0}}
  qualify_at: 50
  grades: {{A: 50, B: 0}}
  engagement: {{half_life: 14d, activities: {{visit: {{points: 1}}}}}}
routes:
  - {{name: everyone, because: Catch-all, to: inbound, sla: standard}}
slas:
  standard: {{respond_within: 4h, clock: business, warn_at: [50%, 75%], on_breach: [reassign, notify_manager]}}
  always: {{respond_within: 4h, clock: always, warn_at: [50%], on_breach: [notify_manager]}}
  hot: {{respond_within: 1h, clock: business, accept_within: 15m, attempts: {{at_least: 3, within: 2 business days}},
    on_breach: [reassign, escalate]}}
calendars:
  berlin: {{timezone: Europe/Berlin, hours: {{mon-fri: ['09:00-18:00']}}}}
  lisbon: {{timezone: Europe/Lisbon, hours: {{mon-fri: ['09:00-18:00']}}}}
teams:
  inbound:
    calendar: berlin
    manager: {{name: Mara, email: mara@seller.example}}
    escalation:
      - {{name: Vera, email: vera@seller.example, after: 1h}}
      - {{name: Otto, email: otto@seller.example, after: 1 business day}}
    reps: [{reps}]
"""


def playbook(*reps: str) -> Compiled:
    """A playbook whose only team has these reps, each written as `Ana` or `Ana, weight: 2, capacity: 3 per day`."""
    written = ", ".join(f"{{name: {rep}, email: {rep.partition(',')[0].lower()}@seller.example}}" for rep in reps)
    return compile_playbook(read_playbook(PLAYBOOK.format(reps=written), number=1))


def decision(at: datetime = NOW, **over: Any) -> Decision:
    """A qualified lead's decision, routed to the team under SLA `standard`, with the given fields instead."""
    given: dict[str, Any] = {
        "decided_at": at,
        "facts": facts(country="DE"),
        "probability": 0.5,
        "fit": 80.0,
        "engagement": 0.0,
        "score": 80.0,
        "grade": "A",
        "qualified": True,
        "disqualified": None,
        "tags": ("hot",),
        "reasons": (),
        "rules": (),
        "route": Routed(name="everyone", team="inbound", rep=None, why="Catch-all"),
        "sla": Promise(name="standard", respond_by=at + timedelta(hours=4), warn_at=()),
        "model": "2026-03-01.1",
        "playbook": 1,
    }
    return Decision(**{**given, **over})


def unqualified(at: datetime = NOW) -> Decision:
    """The decision of a lead that stays with marketing."""
    return decision(at, score=20.0, grade="B", qualified=False, route=None, sla=None, tags=())


def write(tx: Transaction, compiled: Compiled, sent: Lead, at: datetime = NOW, **over: Any) -> Recorded:
    """Takes a lead in with a hand-made decision."""
    with sent_together(tx) as writes:
        return write_with(tx, writes, compiled, sent, at, **over)


def write_with(
    tx: Transaction, writes: Writes, compiled: Compiled, sent: Lead, at: datetime = NOW, **over: Any
) -> Recorded:
    """Takes a lead in as `write` does, its writes to be sent later."""
    known = merge_lead(tx, sent, at, writes=writes)
    add_submission(writes, known, {"email": sent.email}, form="contact")
    return record(tx, known, decision(at, **over), compiled, at, writes=writes)


def arrive(database: Database, compiled: Compiled, name: str, at: datetime = NOW, **over: Any) -> Recorded:
    """Lets somebody arrive, each from a company of their own, in a transaction of its own."""
    with begin_together(database) as (tx, writes):
        return write_with(tx, writes, compiled, lead(email=f"{name}@{name}.example"), at, **over)


def reps_of(database: Database, compiled: Compiled, count: int, at: datetime = NOW) -> list[str | None]:
    """Lets new people arrive one after the other and returns who got them."""
    arrived = (arrive(database, compiled, f"p{at:%m%d%H%M}x{number}", at) for number in range(count))
    return [recorded.decision.route.rep for recorded in arrived if recorded.decision.route]


def due_for(tx: Transaction, lead_id: str) -> tuple[Due, ...]:
    """The work still to be done about a lead, soonest first."""
    rows = tx.execute(
        select(*(due_work.c[name] for name in COLUMNS))
        .where(due_work.c.lead_id == lead_id)
        .order_by(due_work.c.due_at, due_work.c.id)
    )
    return tuple(Due(**row._asdict()) for row in rows)
