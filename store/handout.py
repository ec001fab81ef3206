"""Handing a lead out: to the rep whose turn it is, or to the team's queue, with the clock that starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.decision import Decision, Promise, Routed
from routing.promise import promise
from routing.reps import Choice, choose_rep, named_rep
from rules.playbook import Calendar, Playbook, Rep, Sla, Team
from store.assignments import Assignment, add_assignment
from store.clocks import start_clocks
from store.counting import Counting
from store.database import Writes
from store.due import Due, add_due, drop_kind
from store.ids import new_id
from store.leads import Known, company_domain
from store.shares import Counted

# How long a lead in the queue waits at most before it is tried again.
AGAIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handout:
    """Who is to have a lead and by when; `choice.rep` is None when nobody is eligible and the lead is queued.

    `calendar` is what the promise counts in, None for all time.
    """

    routed: Routed
    promise: Promise
    choice: Choice
    sla: Sla
    calendar: Calendar | None


def choose(
    counting: Counting,
    known: Known,
    decision: Decision,
    playbook: Playbook,
    now: datetime,
    *,
    earlier: frozenset[str] = frozenset(),
    named: str | None = None,
) -> Handout | None:
    """Returns who is to have a lead, to be handed out in this transaction; None for one that stays with marketing.

    Reps who had the lead `earlier` do not get it. A rep who is `named` gets it out of turn, or nobody does. Nobody else
    chooses in the team until the transaction ends, so no capacity is exceeded and no turn taken twice.
    """
    if decision.route is None or decision.sla is None:
        return None
    team, sla = playbook.teams[decision.route.team], playbook.slas[decision.sla.name]
    counted = counting.of(team, known)
    choice = _choice(decision, team, counted, playbook.calendars, now, earlier, named)
    calendar = None if sla.clock == "always" else playbook.calendars[_calendar_name(team, choice.rep)]
    rep = None if choice.rep is None else choice.rep.name
    return Handout(
        routed=Routed(name=decision.route.name, team=team.name, rep=rep, why=choice.why),
        promise=promise(sla, calendar, now),
        choice=choice,
        sla=sla,
        calendar=calendar,
    )


def hand_out(
    tx: Writes,
    counting: Counting,
    known: Known,
    handout: Handout,
    decision_id: str,
    playbook: Playbook,
    now: datetime,
) -> Assignment:
    """Counts the lead for who is to have it, keeps the assignment, starts its clocks and returns it.

    The manager hears at once of a lead nobody could take.
    """
    assignment = Assignment(
        id=new_id(now),
        lead_id=known.id,
        decision_id=decision_id,
        route=handout.routed.name,
        team=handout.routed.team,
        rep=handout.routed.rep,
        state="queued" if handout.routed.rep is None else "assigned",
        why={"text": handout.choice.why, "candidates": handout.choice.candidates},
        company_domain=company_domain(known.lead),
        received_at=known.received_at,
        assigned_at=now,
    )
    if handout.choice.rep is not None:
        counting.count(tx, playbook.teams[assignment.team], handout.choice.rep)
    add_assignment(tx, assignment)
    start_clocks(tx, assignment, handout.promise, handout.sla, handout.calendar, now)
    if assignment.rep is None:
        manager = Due(kind="notify_manager", due_at=now, lead_id=known.id, reference=assignment.id)
        add_due(tx, [manager, *_again(assignment, handout.choice, now)], now)
    return assignment


def wait(tx: Writes, queued: Assignment, choice: Choice, now: datetime) -> None:
    """Keeps anew when a lead that waits in the queue already is to be tried again."""
    drop_kind(tx, queued.id, "hand_out")
    add_due(tx, _again(queued, choice, now), now)


def _again(queued: Assignment, choice: Choice, now: datetime) -> list[Due]:
    """Returns that a queued lead is to be tried again when somebody may be free for it, and now and then before.

    Absences are taken back and playbooks change; a lead that nobody will ever be free for is its manager's.
    """
    free = [candidate.free_from for candidate in choice.candidates if candidate.free_from is not None]
    if not free:
        return []
    return [Due(kind="hand_out", due_at=min(*free, now + AGAIN), lead_id=queued.lead_id, reference=queued.id)]


def _choice(
    decision: Decision,
    team: Team,
    counted: Counted,
    calendars: Mapping[str, Calendar],
    now: datetime,
    earlier: frozenset[str],
    named: str | None,
) -> Choice:
    """Returns whose turn it is, or who is named."""
    if named is not None:
        return named_rep(team, counted.standings, decision.facts, calendars, now, named, earlier=earlier)
    return choose_rep(team, counted.standings, decision.facts, calendars, now, owner=counted.owner, earlier=earlier)


def _calendar_name(team: Team, rep: Rep | None) -> str:
    """Returns the name of the calendar the rep works by, or the team while nobody has the lead."""
    return team.calendar if rep is None or rep.calendar is None else rep.calendar
