"""What happens when a clock runs out, or nearly: the outside is told, the lead passed on, the manager told."""

from collections.abc import Sequence
from datetime import datetime

from rules.compile import Compiled
from store.assignments import Assignment, find_assignment
from store.clocks import Clock, breach, clocks_of, find_clock
from store.database import Transaction
from store.due import drop_due
from store.escalation import escalate
from store.events import EventKind, add_events
from store.pass_on import pass_on

# Too few attempts to reach a lead are the manager's to mend: the rep who made some knows the lead best.
PASSED_ON = ("first_response", "acceptance")
# With either, the manager hears of a breach at once.
TELLING = frozenset(("notify_manager", "escalate"))


def warn(tx: Transaction, clock_id: str, now: datetime) -> None:
    """Tells the outside that a clock is running out."""
    clock = find_clock(tx, clock_id)
    if clock.state == "running":
        tell(tx, "sla.warning", clock, find_assignment(tx, clock.assignment_id), now)


def run_out(tx: Transaction, clock_id: str, on_breach: Sequence[str], playbook: Compiled, now: datetime) -> None:
    """Breaks a clock that is still running, and does all that its SLA says is to follow.

    Others of its assignment that have run out by now are broken with it: who had the lead until now kept neither.
    """
    clock = find_clock(tx, clock_id)
    if clock.state != "running":
        return
    held = find_assignment(tx, clock.assignment_id)
    running = [each for each in clocks_of(tx, held.id) if each.state == "running"]
    over = [each for each in running if each.id == clock.id or each.due_at <= now]
    over.sort(key=lambda one: one.due_at)
    for each in over:
        _break(tx, each, held, now)
    more, passed_on = "", "reassign" in on_breach and any(each.kind in PASSED_ON for each in over)
    if passed_on and held.state in ("queued", "assigned", "accepted"):
        # What waits in the queue already stays there as it is when still nobody can take it.
        passed = pass_on(tx, held, playbook, now, queue=held.rep is not None)
        if passed is not None and passed.rep is not None:
            more = f"; {passed.rep} has the lead now"
        elif passed is not None and not TELLING.isdisjoint(on_breach):
            drop_due(tx, passed.id, "notify_manager")
            more = ", and nobody else can take this lead; it waits in the queue"
    _tell_upwards(tx, over, held, on_breach, playbook, now, more)


def catch_up(tx: Transaction, held: Assignment, playbook: Compiled, at: datetime, now: datetime) -> None:
    """Breaks the clocks of an assignment that had run out at an instant and that no worker has come to yet.

    The lead is not passed on: who is at it now is better than the next.
    """
    over = [clock for clock in clocks_of(tx, held.id) if clock.state == "running" and clock.due_at < at]
    if not over:
        return
    over.sort(key=lambda one: one.due_at)
    on_breach = _taken_back(tx, over, playbook)
    for clock in over:
        _break(tx, clock, held, now)
    _tell_upwards(tx, over, held, on_breach, playbook, now)


def tell_manager(tx: Transaction, held: Assignment, playbook: Compiled, why: str, now: datetime) -> None:
    """Keeps that the team's manager is to be told of a lead; a team without one has nobody to tell."""
    team = playbook.playbook.teams.get(held.team)
    if team is not None and team.manager is not None:
        told = {"team": team.name, "manager": team.manager.name, "rep": held.rep, "why": why}
        about = {"lead_id": held.lead_id, "assignment_id": held.id}
        add_events(tx, held.lead_id, ["manager.notified"], {**about, **told}, now)


def tell(tx: Transaction, kind: EventKind, clock: Clock, held: Assignment, now: datetime, **more: object) -> None:
    """Keeps that something happened to a clock, to be handed on."""
    payload = {
        "lead_id": clock.lead_id,
        "assignment_id": clock.assignment_id,
        "clock": clock.kind,
        "sla": clock.sla,
        "team": held.team,
        "rep": held.rep,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        **more,
    }
    add_events(tx, clock.lead_id, [kind], payload, now)


def _tell_upwards(
    tx: Transaction,
    clocks: Sequence[Clock],
    held: Assignment,
    on_breach: Sequence[str],
    playbook: Compiled,
    now: datetime,
    more: str = "",
) -> None:
    """Tells the manager once of promises broken together, with what `more` came of it; whoever is up the chain later.

    As their SLA says.
    """
    if not TELLING.isdisjoint(on_breach):
        kinds, are = " and ".join(clock.words for clock in clocks), "is" if len(clocks) == 1 else "are"
        tell_manager(tx, held, playbook, f"{kinds} under SLA {clocks[0].sla} {are} overdue{more}", now)
    if "escalate" in on_breach:
        for clock in clocks:
            escalate(tx, clock, held, playbook, now)


def _taken_back(tx: Transaction, clocks: Sequence[Clock], playbook: Compiled) -> Sequence[str]:
    """Takes the work about clocks of one assignment back and returns what is to follow when they break.

    A sweep that does several things for the lead has taken that work off the list already: then the SLA says.
    """
    dropped = [work for clock in clocks for work in drop_due(tx, clock.id) if work.kind == "breach"]
    if dropped:
        on_breach: Sequence[str] = dropped[0].payload["on_breach"]
        return on_breach
    sla = playbook.playbook.slas.get(clocks[0].sla)
    return () if sla is None else sla.on_breach


def _break(tx: Transaction, clock: Clock, held: Assignment, now: datetime) -> None:
    """Marks a clock as broken and tells the outside."""
    breach(tx, clock, now)
    tell(tx, "sla.breached", clock, held, now)
