"""Leads handed to sales, read for reports: each with who had it, which clocks ran, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Result, Row, Text, bindparam, select, type_coerce

from routing.calendar import elapsed
from routing.campaigns import Names, attributed
from routing.handing import Handing, Kept, Outcome
from routing.periods import day_in
from rules.playbook import Duty
from scoring.attributes import Attribute
from scoring.facts import Facts
from scoring.lookup import folded
from store.assignments import OF_DECISION
from store.clocks import calendar_from
from store.database import Transaction
from store.tables import assignments, clocks, decisions
from store.told import Told

OURS = (decisions.c.decided_at >= bindparam("since"), decisions.c.decided_at < bindparam("until"))
HANDED = (
    select(
        *(assignments.c[name] for name in ("id", "lead_id", "decision_id", "team", "rep", "state", "reason", "amount")),
        *(assignments.c[name] for name in ("received_at", "assigned_at", "ended_at", "contacted_at")),
    )
    .select_from(decisions)
    .join(assignments, OF_DECISION)
    .where(*OURS)
    .order_by(decisions.c.decided_at, decisions.c.id, assignments.c.assigned_at, assignments.c.id)
)
# As text: most of it is never read.
TOLD = select(
    decisions.c.id, *(type_coerce(decisions.c[name], Text).label(name) for name in ("lead", "document"))
).where(*OURS, decisions.c.team.is_not(None))
RAN = (
    select(
        *(clocks.c[name] for name in ("assignment_id", "kind", "sla", "state", "due_at", "breached_at")),
        clocks.c.elapsed_seconds,
        clocks.c.ended_at.is_(None).label("open"),
    )
    .join(assignments, assignments.c.id == clocks.c.assignment_id)
    .join(decisions, (decisions.c.lead_id == clocks.c.lead_id) & (decisions.c.id == assignments.c.decision_id))
    .where(*OURS)
)

# Of who had a lead before another: the calendar of their clock, and how long it was held.
HELD_BEFORE = (
    select(clocks.c.assignment_id, type_coerce(clocks.c.calendar, Text).label("calendar"), clocks.c.paused_seconds)
    .join(assignments, assignments.c.id == clocks.c.assignment_id)
    .join(decisions, (decisions.c.lead_id == clocks.c.lead_id) & (decisions.c.id == assignments.c.decision_id))
    .where(*OURS, clocks.c.kind == "first_response", assignments.c.state.in_(("reassigned", "rejected")))
)

DUTIES: Mapping[str, Duty] = MappingProxyType(
    {"first_response": "respond", "attempts": "attempt", "acceptance": "accept"}
)
NOBODY: Names = MappingProxyType({})
OUTCOMES: Mapping[str, Outcome] = MappingProxyType({"won": "won", "lost": "lost", "rejected": "rejected"})

# The clocks of one lead, each with the assignment it ran for, the first first.
Its = Sequence[tuple[Row[Any], Row[Any]]]


def handings(
    tx: Transaction,
    since: datetime,
    until: datetime,
    declared: Mapping[str, Attribute],
    *,
    clocked: datetime | None = None,
    names: Names = NOBODY,
    timezone: str = "UTC",
) -> tuple[Handing, ...]:
    """Returns the leads that decisions from `since` up to `until` gave to sales, oldest first.

    `declared` are the playbook's attributes. Facts are those of the decision, with what its rules set. The clocks of
    leads from before `clocked` are not read: what those promised is not told. `names` are those of the campaigns in the
    calendar, whose days are those of `timezone`.
    """
    asked = {"since": since, "until": until}
    told_of = {**asked, "since": max(since, clocked or since)}
    ran = _by_assignment(tx.execute(RAN, told_of))
    before = {row.assignment_id: row for row in tx.execute(HELD_BEFORE, told_of).all()}
    rows = tx.execute(HANDED, asked).all()
    told = {row.id: (row.lead, row.document) for row in tx.execute(TOLD, asked).all()}
    found = []
    for decision_id, of_one in groupby(rows, key=attrgetter("decision_id")):
        handed = list(of_one)
        facts = Facts(values=Told(*told[decision_id], declared))
        its = [(row, clock) for row in handed for clock in ran.get(row.id, ())]
        found.append(_handing(handed, its, before, facts, _campaign(facts, handed[0].assigned_at, names, timezone)))
    return tuple(found)


def _by_assignment(rows: Result[Any]) -> Mapping[str, Sequence[Row[Any]]]:
    """Returns the clocks of each assignment."""
    ran: dict[str, list[Row[Any]]] = {}
    for clock in rows.all():
        ran.setdefault(clock.assignment_id, []).append(clock)
    return ran


def named(facts: Facts, at: datetime, names: Names, timezone: str) -> str | None:
    """Returns the campaign that a lead named when it was handed to sales, planned or not."""
    campaign, utm = (facts.values.get(name) for name in ("campaign", "utm_campaign"))
    return attributed(campaign, utm, day_in(at, timezone), names)


def _campaign(facts: Facts, at: datetime, names: Names, timezone: str) -> str | None:
    """Returns the campaign of the calendar that a lead came by; None where it came by none of them."""
    found = named(facts, at, names, timezone) if names else None
    return found if found is not None and folded(found) in names else None


def _handing(
    rows: Sequence[Row[Any]], its: Its, before: Mapping[str, Row[Any]], facts: Facts, campaign: str | None
) -> Handing:
    """Returns one lead handed to sales from its assignments, the first first."""
    first, last = rows[0], rows[-1]
    had = [row for row in rows if row.rep is not None]
    answer = min((row for row in had if row.contacted_at is not None), key=lambda row: row.contacted_at, default=None)
    by_duty: dict[Duty, list[tuple[Row[Any], Row[Any]]]] = {}
    for row, clock in its:
        by_duty.setdefault(DUTIES[clock.kind], []).append((row, clock))
    return Handing(
        lead_id=first.lead_id,
        decision_id=first.decision_id,
        received_at=first.received_at,
        handed_at=first.assigned_at,
        team=last.team,
        rep=last.rep,
        sla=next((clock.sla for _, clock in its), ""),
        facts=facts,
        campaign=campaign,
        duties=_duties(by_duty),
        due={duty: of_duty[0][1].due_at for duty, of_duty in by_duty.items()},
        late_reps=_late_reps(its, by_duty),
        assigned_at=had[0].assigned_at if had else None,
        response=None
        if answer is None
        else _response(rows[rows.index(had[0]) :], answer, by_duty.get("respond", ()), before),
        waited=None if answer is None else answer.contacted_at - had[0].assigned_at,
        outcome=OUTCOMES.get(last.state),
        ended_at=last.ended_at,
        reason=last.reason,
        amount=last.amount,
    )


def _duties(by_duty: Mapping[Duty, Its]) -> dict[Duty, Kept]:
    """Returns what became of each promise that was made and not withdrawn."""
    found = {duty: _kept(its, duty) for duty, its in by_duty.items()}
    return {duty: kept for duty, kept in found.items() if kept is not None}


def _kept(its: Its, duty: Duty) -> Kept | None:
    """Returns what became of one promise: broken when any of its clocks was, kept when the promised thing was done."""
    kept = False
    for row, clock in its:
        if clock.breached_at is not None:
            return "broken"
        # Who turns a lead down in time has kept the promise to say whether they take it.
        kept = kept or clock.state == "met" or (duty == "accept" and row.state == "rejected")
    return "kept" if kept else "open" if any(clock.open for _, clock in its) else None


def _late_reps(its: Its, by_duty: Mapping[Duty, Its]) -> dict[Duty, str | None]:
    """Returns who answers for each promise that was broken; for what broke in the queue, who first was late at all."""
    first = _late(its)
    if first is None:
        return {}
    late = {duty: _late(of_duty) for duty, of_duty in by_duty.items()}
    return {duty: row.rep or first.rep for duty, row in late.items() if row is not None}


def _late(its: Its) -> Row[Any] | None:
    """Returns the assignment for which the first of a promise's clocks broke."""
    late = [(clock.breached_at, row) for row, clock in its if clock.breached_at is not None]
    return min(late, key=lambda one: one[0])[1] if late else None


def _response(rows: Sequence[Row[Any]], answer: Row[Any], its: Its, before: Mapping[str, Row[Any]]) -> timedelta | None:
    """Returns the working time from when a rep first had the lead to its first contact, by whoever then had it.

    Each who had it before counts by their own clock's calendar. None where clocks are not told of.
    """
    seconds = (clock.elapsed_seconds for row, clock in its if row.id == answer.id)
    taken = next((timedelta(seconds=one) for one in seconds if one is not None), None)
    if taken is None or rows[0].id == answer.id:
        return taken
    return sum((_held(row, before.get(row.id)) for row in takewhile(lambda row: row.id != answer.id, rows)), taken)


def _held(row: Row[Any], clock: Row[Any] | None) -> timedelta:
    """Returns the working time for which somebody had a lead, or it waited in the queue, without having it answered."""
    if clock is None:
        return timedelta()
    kept = None if clock.calendar is None else orjson.loads(clock.calendar)
    worked = elapsed(row.assigned_at, row.ended_at, None if kept is None else calendar_from(kept))
    return worked - timedelta(seconds=clock.paused_seconds or 0.0)
