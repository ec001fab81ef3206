"""Up the chain: the manager hears of a breach at once, then whoever is next, for as long as nobody has acted."""

from collections.abc import Sequence
from datetime import datetime

from routing.calendar import due_at
from rules.compile import Compiled
from rules.playbook import Escalation
from store.assignments import Assignment, find_assignment, open_assignment
from store.clocks import Clock, ClockKind, calendar_of, clocks_of_all, find_clock
from store.database import Transaction, Writes
from store.due import Due, add_due
from store.events import add_events

# Broken together they are one trouble: nobody is at the lead.
AT_ONCE: tuple[ClockKind, ...] = ("first_response", "acceptance")


def escalate(
    tx: Writes, broken: Sequence[Clock], clocks: Sequence[Clock], held: Assignment, playbook: Compiled, now: datetime
) -> None:
    """Begins the climb up the chain of a team from clocks that broke together, one for what is one trouble.

    Where one goes on for the lead already, because nobody took it on or answered it while it went from hand to hand,
    that one is enough. `clocks` are all the lead had since it was decided to be sales', as they were before.
    """
    climbing = {_trouble(each) for each in clocks if each.breached_at and not _is_kept(each, clocks)}
    for clock in broken:
        if _trouble(clock) not in climbing:
            climbing.add(_trouble(clock))
            _climb_on(tx, clock, held, playbook, 0, now)


def climb(tx: Transaction, work: Due, playbook: Compiled, now: datetime) -> None:
    """Tells the next person up the chain, and has the one after follow.

    The climb is over once the promise is kept or the lead given back, whoever has it by now; while the lead is held,
    it waits. Its spans count in the calendar of the clock that broke.
    """
    clock, step = find_clock(tx, work.payload["clock"]), work.payload["step"]
    held = find_assignment(tx, clock.assignment_id)
    owing = open_assignment(tx, work.lead_id)
    promises = [each for each in clocks_of_all(tx, held) if each.kind == clock.kind]
    if owing is None or owing.decision_id != held.decision_id or _is_kept(clock, promises):
        return
    if any(each.state == "paused" for each in promises):
        _climb_on(tx, clock, held, playbook, step, now)
        return
    chain = _chain(playbook, held.team)
    if step < len(chain):
        _tell(tx, clock, owing, chain[step], now)
        _climb_on(tx, clock, held, playbook, step + 1, now)


def _climb_on(tx: Writes, clock: Clock, held: Assignment, playbook: Compiled, step: int, now: datetime) -> None:
    """Keeps that the next person is to be told after their span; at the end of the chain there is none."""
    chain = _chain(playbook, held.team)
    if step < len(chain):
        at = due_at(now, chain[step].after, calendar_of(clock))
        payload = {"clock": clock.id, "step": step}
        told = Due(kind="escalate", due_at=at, lead_id=held.lead_id, reference=held.decision_id, payload=payload)
        add_due(tx, [told], now)


def _trouble(clock: Clock) -> ClockKind | tuple[ClockKind, ...]:
    """Returns what a broken clock means, for people."""
    return AT_ONCE if clock.kind in AT_ONCE else clock.kind


def _is_kept(broken: Clock, clocks: Sequence[Clock]) -> bool:
    """Whether what a clock promised has been done since it broke."""
    done = (each.ended_at for each in clocks if each.kind == broken.kind and each.elapsed_seconds is not None)
    return any(at is not None and at >= broken.due_at for at in done)


def _chain(playbook: Compiled, team: str) -> tuple[Escalation, ...]:
    """Returns who is up the chain of a team, as the playbook in force says."""
    found = playbook.playbook.teams.get(team)
    return () if found is None else found.escalation


def _tell(tx: Writes, clock: Clock, owing: Assignment, person: Escalation, now: datetime) -> None:
    """Keeps that someone up the chain is to be told."""
    told = {"team": owing.team, "rep": owing.rep, "person": person.name, "email": person.email}
    promise = {"clock": clock.kind, "sla": clock.sla, "due_at": clock.due_at, "breached_at": clock.breached_at}
    about = {"lead_id": owing.lead_id, "assignment_id": owing.id}
    add_events(tx, owing.lead_id, ["sla.escalated"], {**about, **promise, **told}, now)
