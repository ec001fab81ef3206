"""What happens when a clock runs out, or nearly: the outside is told, the lead passed on, the manager told."""

from collections.abc import Container, Sequence
from datetime import datetime

from rules.compile import Compiled
from store.assignments import Assignment
from store.clocks import Clock, breach, clocks_of_all
from store.counting import Counting
from store.database import Transaction, Writes
from store.due import drop_due, drop_kind
from store.escalation import escalate
from store.events import EventKind, add_events
from store.pass_on import Passing, passed_on
from store.promised import Promised

# Too few attempts to reach a lead are the manager's to mend: the rep who made some knows the lead best.
PASSED_ON = ("first_response", "acceptance")
# With either, the manager hears of a breach at once.
TELLING = frozenset(("notify_manager", "escalate"))

GONE = "; the playbook has no such team any more"


def warn(tx: Writes, promised: Promised, now: datetime) -> None:
    """Tells the outside that a clock is running out."""
    if promised.clock.state == "running":
        tell(tx, "sla.warning", promised.clock, promised.held, now)


def run_out(
    tx: Writes,
    over: Sequence[Clock],
    promised: Promised,
    on_breach: Sequence[str],
    passing: Passing | None,
    counting: Counting,
    playbook: Compiled,
    now: datetime,
) -> None:
    """Breaks clocks of one assignment, and does all that their SLA says is to follow.

    The lead is passed on by `passing`, which is there when `moves_on` says so.
    """
    for each in over:
        _break(tx, each, promised.held, now)
    more = "" if passing is None else _passed_on(tx, passing, counting, on_breach, playbook, now)
    _tell_upwards(tx, over, promised, on_breach, playbook, now, more)


def overdue(promised: Promised, due: Container[str], now: datetime) -> list[Clock]:
    """Returns the clocks that break with one, the first due first; none where that one does not run any more.

    Those of its assignment are among them that are `due` as well or have run out by now: who had the lead kept neither.
    """
    mine = [each for each in promised.clocks if each.assignment_id == promised.held.id and each.state == "running"]
    over = [each for each in mine if each.id in due or each.due_at <= now]
    return sorted(over, key=lambda one: one.due_at) if promised.clock.state == "running" else []


def moves_on(over: Sequence[Clock], held: Assignment, on_breach: Sequence[str]) -> bool:
    """Says whether a lead is to be passed on once clocks of its assignment break."""
    lapsed = any(each.kind in PASSED_ON for each in over)
    return lapsed and "reassign" in on_breach and held.state in ("queued", "assigned", "accepted")


def catch_up(tx: Transaction, held: Assignment, playbook: Compiled, at: datetime, now: datetime) -> None:
    """Breaks the clocks of an assignment that had run out at an instant and that no worker has come to yet.

    The lead is not passed on: who is at it now is better than the next.
    """
    clocks = clocks_of_all(tx, held)
    over = [each for each in clocks if each.assignment_id == held.id and each.state == "running" and each.due_at < at]
    if not over:
        return
    over.sort(key=lambda one: one.due_at)
    on_breach = _taken_back(tx, over, playbook)
    for clock in over:
        _break(tx, clock, held, now)
    _tell_upwards(tx, over, Promised(clock=over[0], held=held, clocks=clocks), on_breach, playbook, now)


def tell_manager(tx: Writes, held: Assignment, playbook: Compiled, why: str, now: datetime) -> None:
    """Keeps that the team's manager is to be told of a lead, or every manager where the playbook has no such team.

    A team without a manager has nobody to tell.
    """
    teams = playbook.playbook.teams
    asked = [teams[held.team]] if held.team in teams else list(teams.values())
    names = dict.fromkeys(team.manager.name for team in asked if team.manager is not None)
    if names:
        told = {"team": held.team, "manager": ", ".join(names), "rep": held.rep, "why": why}
        about = {"lead_id": held.lead_id, "assignment_id": held.id}
        add_events(tx, held.lead_id, ["manager.notified"], {**about, **told}, now)


def tell(tx: Writes, kind: EventKind, clock: Clock, held: Assignment, now: datetime, **more: object) -> None:
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
    tx: Writes,
    over: Sequence[Clock],
    promised: Promised,
    on_breach: Sequence[str],
    playbook: Compiled,
    now: datetime,
    more: str = "",
) -> None:
    """Tells the manager once of promises broken together, with what `more` came of it; whoever is up the chain later.

    As their SLA says; of a team that the playbook does not have, managers are told in any case.
    """
    gone = promised.held.team not in playbook.playbook.teams
    if gone or not TELLING.isdisjoint(on_breach):
        kinds = " and ".join(clock.words for clock in over)
        are = "are" if len(over) > 1 or over[0].kind == "attempts" else "is"
        why = f"{kinds} under SLA {over[0].sla} {are} overdue{more}" + GONE * gone
        tell_manager(tx, promised.held, playbook, why, now)
    if "escalate" in on_breach:
        escalate(tx, over, promised.clocks, promised.held, playbook, now)


def _passed_on(
    tx: Writes, passing: Passing, counting: Counting, on_breach: Sequence[str], playbook: Compiled, now: datetime
) -> str:
    """Passes a lead on and returns what the manager is told of that.

    What waits in the queue already stays there as it is when still nobody can take it.
    """
    passed = passed_on(tx, passing, counting, playbook, now, queue=passing.held.rep is not None)
    if passed is None:
        return ""
    if passed.rep is not None:
        return f"; {passed.rep} has the lead now"
    if TELLING.isdisjoint(on_breach):
        return ""
    drop_kind(tx, passed.id, "notify_manager")
    return ", and nobody else can take this lead; it waits in the queue"


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


def _break(tx: Writes, clock: Clock, held: Assignment, now: datetime) -> None:
    """Marks a clock as broken and tells the outside."""
    breach(tx, clock, now)
    tell(tx, "sla.breached", clock, held, now)
