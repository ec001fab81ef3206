"""Leads handed to sales, read for reports: each with who had it, which clocks ran, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, bindparam, select

from routing.decide import with_scores
from routing.handing import Handing, Kept, Outcome
from rules.playbook import Duty
from scoring.attributes import Attribute
from scoring.facts import Facts, facts_of, with_values
from scoring.lead import Value
from store.database import Transaction
from store.lead_json import lead_from_json
from store.tables import assignments, clocks, decisions

OURS = (decisions.c.decided_at >= bindparam("since"), decisions.c.decided_at < bindparam("until"))
# By the lead, which is indexed: an assignment's decision is one of its lead's.
HANDED = (
    select(
        *(assignments.c[name] for name in ("id", "lead_id", "decision_id", "team", "rep", "state", "reason", "amount")),
        *(assignments.c[name] for name in ("received_at", "assigned_at", "ended_at", "contacted_at")),
        decisions.c.lead,
        decisions.c.document,
    )
    .join(assignments, (assignments.c.lead_id == decisions.c.lead_id) & (assignments.c.decision_id == decisions.c.id))
    .where(*OURS)
    .order_by(decisions.c.decided_at, decisions.c.id, assignments.c.assigned_at, assignments.c.id)
)
RAN = (
    select(
        *(clocks.c[name] for name in ("assignment_id", "kind", "sla", "state", "breached_at", "elapsed_seconds")),
        clocks.c.ended_at,
    )
    .join(assignments, assignments.c.id == clocks.c.assignment_id)
    .join(decisions, (decisions.c.lead_id == clocks.c.lead_id) & (decisions.c.id == assignments.c.decision_id))
    .where(*OURS)
)

DUTIES: Mapping[Duty, str] = MappingProxyType(
    {"respond": "first_response", "attempt": "attempts", "accept": "acceptance"}
)
OUTCOMES: Mapping[str, Outcome] = MappingProxyType({"won": "won", "lost": "lost", "rejected": "rejected"})

Clocks = Mapping[str, Sequence[Row[Any]]]


def handings(
    tx: Transaction, since: datetime, until: datetime, declared: Mapping[str, Attribute]
) -> tuple[Handing, ...]:
    """Returns the leads that decisions from `since` up to `until` gave to sales, oldest first.

    `declared` are the playbook's attributes. Facts are those of the decision, with what its rules set.
    """
    asked = {"since": since, "until": until}
    ran: dict[str, list[Row[Any]]] = {}
    rows: Iterable[Row[Any]] = tx.execute(RAN, asked)
    for clock in rows:
        ran.setdefault(clock.assignment_id, []).append(clock)
    rows = tx.execute(HANDED, asked)
    return tuple(_handing(list(of_one), ran, declared) for _, of_one in groupby(rows, key=lambda row: row.decision_id))


def _handing(rows: Sequence[Row[Any]], ran: Clocks, declared: Mapping[str, Attribute]) -> Handing:
    """Returns one lead handed to sales from its assignments, the first first."""
    first, last = rows[0], rows[-1]
    its = [(row, clock) for row in rows for clock in ran.get(row.id, ())]
    response = _response(its)
    return Handing(
        lead_id=first.lead_id,
        decision_id=first.decision_id,
        received_at=first.received_at,
        handed_at=first.assigned_at,
        team=last.team,
        rep=last.rep,
        sla=next((clock.sla for _, clock in its), ""),
        facts=_facts(first, declared),
        duties=_duties(its),
        late_rep=_late_rep(its),
        response=response,
        waited=_waited(rows),
        outcome=OUTCOMES.get(last.state),
        ended_at=last.ended_at,
        reason=last.reason,
        amount=last.amount,
        reps=tuple(dict.fromkeys(row.rep for row in rows if row.rep is not None)),
    )


def _facts(row: Row[Any], declared: Mapping[str, Attribute]) -> Facts:
    """Returns the facts as the decision's routes saw them."""
    told = row.document
    facts = facts_of(lead_from_json(row.lead), declared)
    facts = with_scores(facts, told["probability"], told["fit"], told["engagement"])
    said: dict[str, Value] = {}
    for fired in told["rules"]:
        said.update(fired["effects"].get("set", {}))
    said |= {"score": told["score"], "grade": told["grade"], "qualified": told["qualified"]}
    return with_values(facts, {**said, "tags": tuple(told["tags"])})


def _duties(its: Sequence[tuple[Row[Any], Row[Any]]]) -> dict[Duty, Kept]:
    """Returns what became of each promise that was made and not withdrawn."""
    found: dict[Duty, Kept] = {}
    for duty, kind in DUTIES.items():
        kept = _kept([(row, clock) for row, clock in its if clock.kind == kind], duty)
        if kept is not None:
            found[duty] = kept
    return found


def _kept(its: Sequence[tuple[Row[Any], Row[Any]]], duty: Duty) -> Kept | None:
    """Returns what became of one promise: broken when any of its clocks was, kept when the promised thing was done."""
    if any(clock.breached_at is not None for _, clock in its):
        return "broken"
    # Who turns a lead down in time has kept the promise to say whether they take it.
    if any(clock.state == "met" or (duty == "accept" and row.state == "rejected") for row, clock in its):
        return "kept"
    return "open" if any(clock.ended_at is None for _, clock in its) else None


def _late_rep(its: Iterable[tuple[Row[Any], Row[Any]]]) -> str | None:
    """Returns who had the lead when the first of its clocks broke."""
    late = [(clock.breached_at, row.rep) for row, clock in its if clock.breached_at is not None]
    return min(late, key=lambda one: one[0])[1] if late else None


def _response(its: Iterable[tuple[Row[Any], Row[Any]]]) -> timedelta | None:
    """Returns the working time after which the lead was first contacted, by whoever then had it."""
    seconds = [clock.elapsed_seconds for _, clock in its if clock.kind == "first_response"]
    return next((timedelta(seconds=one) for one in seconds if one is not None), None)


def _waited(rows: Sequence[Row[Any]]) -> timedelta | None:
    """Returns the time on the clock from the lead's first assignment to its first contact."""
    contacted = [row.contacted_at for row in rows if row.contacted_at is not None]
    return min(contacted) - rows[0].assigned_at if contacted else None
