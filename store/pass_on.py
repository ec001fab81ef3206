"""Passing a lead on: to a rep who has not had it, or to the team's queue, in the same decision's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from routing.decide import with_scores
from routing.decision import Decision, Promise, Routed
from routing.document import decision_document, decision_from_document
from rules.compile import Compiled
from rules.evaluate import evaluate, match_route
from scoring.facts import facts_of, with_values
from store.assignments import Assignment, AssignmentState, change_assignment, earlier_reps
from store.clocks import stop_all
from store.counting import Counting
from store.database import Transaction, Writes
from store.due import drop_all
from store.errors import IllegalMoveError, UnknownRepError
from store.events import add_events
from store.handout import choose, hand_out, wait
from store.lead_json import lead_from_json
from store.leads import Known
from store.pipeline import sent_together
from store.tables import assignments, clocks, decisions, leads

# All clocks of an assignment are of one SLA.
SLA = select(clocks.c.sla).where(clocks.c.assignment_id == assignments.c.id).limit(1).scalar_subquery()
DECIDED = (
    select(
        assignments.c.id,
        decisions.c.lead,
        decisions.c.document,
        leads.c.document.label("known"),
        SLA.correlate(assignments).label("sla"),
    )
    .join(decisions, decisions.c.id == assignments.c.decision_id)
    .join(leads, leads.c.id == assignments.c.lead_id)
    .where(assignments.c.id.in_(bindparam("ids", expanding=True)), leads.c.state != "erased")
)
STANDS = update(leads).where(leads.c.id == bindparam("lead"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Passing:
    """A lead to be passed on: who has it, what is known of it and was decided, who had it since."""

    held: Assignment
    known: Known
    decision: Decision
    earlier: frozenset[str]


def pass_on(
    tx: Transaction,
    held: Assignment,
    playbook: Compiled,
    now: datetime,
    *,
    queue: bool,
    named: str | None = None,
    state: AssignmentState = "reassigned",
    **values: object,
) -> Assignment | None:
    """Ends an assignment and hands its lead on, and returns the new one; the caller's transaction holds the lead.

    Whoever had the lead since it was decided does not get it again. Where nobody else can take it, it waits in the
    team's queue and the manager is told; without `queue`, nothing happens and None is returned. A rep who is `named`
    gets it out of turn. `state` and `values` are what the old assignment ends with.

    Raises: UnknownRepError for a name that is not of the team, IllegalMoveError when who is named cannot take it.
    """
    passing, counting = passings(tx, [held], playbook, now)[held.id], Counting(tx, playbook.playbook.calendars, now)
    with sent_together(tx) as writes:
        return passed_on(writes, passing, counting, playbook, now, queue=queue, named=named, state=state, **values)


def passings(tx: Transaction, held: Sequence[Assignment], playbook: Compiled, now: datetime) -> Mapping[str, Passing]:
    """Returns what assignments of several leads, which the caller's transaction holds, are passed on by; by id."""
    earlier = earlier_reps(tx, held)
    rows: dict[str, Any] = {row.id: row for row in tx.execute(DECIDED, {"ids": [each.id for each in held]})}
    return {
        each.id: Passing(
            held=each,
            known=_known(each, rows[each.id], now),
            decision=_decision(each, rows[each.id], playbook, now),
            earlier=frozenset(earlier[each.decision_id]),
        )
        for each in held
    }


def passed_on(
    tx: Writes,
    passing: Passing,
    counting: Counting,
    playbook: Compiled,
    now: datetime,
    *,
    queue: bool,
    named: str | None = None,
    state: AssignmentState = "reassigned",
    **values: object,
) -> Assignment | None:
    """Returns the assignment that a lead is passed on by, as `pass_on` does, written with others'."""
    held, known, decision = passing.held, passing.known, passing.decision
    if named is not None:
        _check_name(named, decision, playbook)
    handout = choose(counting, known, decision, playbook.playbook, now, earlier=passing.earlier, named=named)
    if handout is None:
        return None
    if handout.routed.rep is None:
        if named is not None:
            raise IllegalMoveError(f"reassign to {named} is not possible: {handout.choice.why}")
        if held.rep is None:
            wait(tx, held, handout.choice, now)
        if held.rep is None or not queue:
            return None
    end(tx, held, state, now, **values)
    passed = hand_out(tx, counting, known, handout, held.decision_id, playbook.playbook, now)
    set_state(tx, held.lead_id, passed.state, now)
    if passed.rep is not None:
        document = decision_document(replace(decision, route=handout.routed, sla=handout.promise))
        told = {"id": held.decision_id, "lead_id": held.lead_id, **document}
        add_events(tx, held.lead_id, ["lead.assigned"], told, now)
    return passed


def try_again(tx: Transaction, queued: Assignment, playbook: Compiled, now: datetime) -> None:
    """Hands a lead out that still waits in the queue, or lets it wait on."""
    if queued.ended_at is None:
        pass_on(tx, queued, playbook, now, queue=False)


def end(tx: Writes, held: Assignment, state: AssignmentState, now: datetime, **values: object) -> None:
    """Ends an assignment with its clocks, now or at the `ended_at` that `values` have."""
    stop_all(tx, held.id, now)
    drop_all(tx, held.id)
    change_assignment(tx, held.id, state=state, **{"ended_at": now, **values})


def set_state(tx: Writes, lead_id: str, state: str, now: datetime) -> None:
    """Keeps the state that a lead is in from now on."""
    tx.execute(STANDS, {"lead": lead_id, "state": state, "updated_at": now})


def _check_name(named: str, decision: Decision, playbook: Compiled) -> None:
    """Raises: UnknownRepError when nobody of the lead's team has this name."""
    if decision.route is not None:
        team = playbook.playbook.teams[decision.route.team]
        if named not in (names := tuple(rep.name for rep in team.reps)):
            raise UnknownRepError(named, team.name, names)


def _known(held: Assignment, row: Row[Any], now: datetime) -> Known:
    """Returns what is known of a lead; while nobody has had it yet, Leadline's own delay goes on."""
    return Known(
        id=held.lead_id,
        lead=lead_from_json(row.known),
        activities=(),  # they do not matter for who is next
        new=False,
        received_at=now if held.rep is not None else held.received_at,
    )


def _decision(held: Assignment, row: Row[Any], playbook: Compiled, now: datetime) -> Decision:
    """Returns what was decided, with the facts as the playbook in force sees them.

    The lead stays in its team under its SLA; where the playbook no longer has them, it is routed anew.
    """
    told, book = decision_from_document(row.document), playbook.playbook
    facts = with_scores(
        facts_of(lead_from_json(row.lead), book.attributes), told.probability, told.fit, told.engagement
    )
    said: dict[str, Any] = {"score": told.score, "grade": told.grade, "qualified": told.qualified, "tags": told.tags}
    facts = with_values(evaluate(playbook, facts, told.decided_at).facts, said)
    name, team, sla = held.route, held.team, row.sla or ""
    if team not in book.teams or sla not in book.slas:
        route = match_route(playbook, facts, now)
        name, team, sla = route.name, route.to, route.sla
    routed = Routed(name=name, team=team, rep=None, why="")
    return replace(told, facts=facts, route=routed, sla=Promise(name=sla, respond_by=now, warn_at=()))
