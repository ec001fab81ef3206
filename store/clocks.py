"""Clocks: promises to a lead that run until they are kept or broken, and are measured either way.

All working time of a clock counts in the calendar it started with, whatever playbooks say since.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, case, null, select, update

from routing.calendar import due_at as end_of
from routing.calendar import elapsed
from routing.decision import Promise
from routing.promise import attempts_calendar
from rules.playbook import Block, Calendar, Sla
from store.assignments import Assignment
from store.database import Transaction, Writes
from store.due import Due, add_due, drop_due
from store.ids import new_id
from store.rows import add
from store.tables import assignments, clocks

ClockKind = Literal["first_response", "acceptance", "attempts"]
# From when to when an assignment was held; None: it still is.
Pause = tuple[datetime, datetime | None]
NOTHING = timedelta()

ClockState = Literal["running", "paused", "met", "breached", "stopped"]

FOUND = select(clocks).where(clocks.c.id == bindparam("clock"))
OF_ONE = select(clocks).where(clocks.c.assignment_id == bindparam("assignment"))
OF_LEADS = (
    select(clocks, assignments.c.decision_id)
    .join(assignments, assignments.c.id == clocks.c.assignment_id)
    .where(clocks.c.lead_id.in_(bindparam("leads", expanding=True)))
    .order_by(clocks.c.id)
)
CHANGED = update(clocks).where(clocks.c.id == bindparam("clock"))
STOPPED = (
    update(clocks)
    .where(clocks.c.assignment_id == bindparam("assignment"), clocks.c.ended_at.is_(None))
    .values(
        state=case((clocks.c.breached_at.is_(None), "stopped"), else_=clocks.c.state),
        ended_at=bindparam("at"),
        paused_at=null(),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A promise. `calendar` is the one it counts in, as it was at the start; None counts all time.

    A `stopped` clock ended undecided, with its assignment. `elapsed_seconds` is the working time, without pauses,
    after which the promised thing was done, in time or late; `target` is how many attempts are promised.
    """

    id: str
    lead_id: str
    assignment_id: str
    kind: ClockKind
    sla: str
    state: ClockState
    started_at: datetime
    due_at: datetime
    warn_at: tuple[datetime, ...]
    calendar: Mapping[str, Any] | None
    target: int | None = None
    paused_at: datetime | None = None
    paused_seconds: float | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    elapsed_seconds: float | None = None

    @property
    def words(self) -> str:
        """What it promises, for people: first response."""
        return self.kind.replace("_", " ")


def start_clocks(
    tx: Writes, assignment: Assignment, promise: Promise, sla: Sla, calendar: Calendar | None, now: datetime
) -> None:
    """Starts the clocks of an assignment, and keeps their warnings and breaches as work that falls due.

    First response always; acceptance and attempts where the SLA asks for them and a rep has the lead.
    """
    promises = _promises(assignment, promise, sla, calendar, now)
    rows = [_row(assignment, kind, owed, sla, counted, now) for kind, owed, counted in promises]
    add(tx, clocks, *rows)
    started = [Clock(**{**row, "calendar": None}) for row in rows]
    add_due(tx, [work for clock in started for work in _falling_due(clock, clock.warn_at, sla.on_breach)], now)


def clock_of(tx: Transaction, assignment_id: str) -> Clock | None:
    """Returns the clock of an assignment's first response."""
    return next((clock for clock in clocks_of(tx, assignment_id) if clock.kind == "first_response"), None)


def clocks_of(tx: Transaction, assignment_id: str) -> tuple[Clock, ...]:
    """Returns the clocks of an assignment, that of the first response first."""
    rows = tx.execute(OF_ONE, {"assignment": assignment_id}).mappings()
    return tuple(sorted(map(_clock, rows), key=lambda clock: (clock.kind != "first_response", clock.kind)))


def clocks_of_all(tx: Transaction, held: Assignment) -> Sequence[Clock]:
    """Returns the clocks of a lead as it went from hand to hand since it was decided to be sales', the first first."""
    return clocks_by_decision(tx, [held.lead_id])[held.decision_id]


def clocks_by_decision(tx: Transaction, lead_ids: Sequence[str]) -> Mapping[str, list[Clock]]:
    """Returns the clocks of leads, the first first, by the decision that made each lead sales'."""
    found: dict[str, list[Clock]] = defaultdict(list)
    for row in tx.execute(OF_LEADS, {"leads": lead_ids}).mappings():
        values = dict(row)
        found[values.pop("decision_id")].append(_clock(values))
    return found


def find_clock(tx: Transaction, clock_id: str) -> Clock:
    """Returns the clock of an id."""
    return _clock(tx.execute(FOUND, {"clock": clock_id}).mappings().one())


def meet(tx: Transaction, clock: Clock, at: datetime, pauses: Sequence[Pause]) -> Clock:
    """Ends a clock because what it promises was done, keeps after how much working time, and returns it.

    What was done in time has met the clock, whatever was found of it before that was told; late stays breached.
    `pauses` are those of the assignment.
    """
    paused = _paused(clock, pauses, at)
    values = _ended(clock, paused, at)
    if clock.breached_at is None or at <= clock.due_at:
        values |= {"state": "met", "breached_at": None}
    drop_due(tx, clock.id)
    seconds = (elapsed(clock.started_at, at, calendar_of(clock)) - paused).total_seconds()
    return _change(tx, clock, elapsed_seconds=seconds, **values)


def stop(tx: Transaction, clock: Clock, at: datetime, pauses: Sequence[Pause]) -> Clock:
    """Ends a clock together with its assignment and returns it; what was not done is neither kept nor broken.

    `pauses` are those of the assignment: one that still goes on ends with it.
    """
    values = _ended(clock, _paused(clock, pauses, at), at)
    if clock.breached_at is None or at < clock.due_at:
        values |= {"state": "stopped", "breached_at": None}
    drop_due(tx, clock.id)
    return _change(tx, clock, **values)


def stop_all(tx: Writes, assignment_id: str, now: datetime) -> None:
    """Ends the open clocks of an assignment that ends now, each as it stands, broken or undecided.

    How long one of them has been paused by now is not kept: that counts in its own calendar, as `stop` does it.
    """
    tx.execute(STOPPED, {"assignment": assignment_id, "at": now})


def breach(tx: Writes, clock: Clock, now: datetime) -> None:
    """Marks a clock as broken; it is still measured."""
    tx.execute(CHANGED, {"clock": clock.id, "state": "breached", "breached_at": now})


def pause(tx: Transaction, clock: Clock, now: datetime) -> None:
    """Stands a running clock still; nothing of it falls due meanwhile."""
    _change(tx, clock, state="paused", paused_at=now)
    drop_due(tx, clock.id)


def resume(tx: Transaction, clock: Clock, on_breach: Sequence[str], now: datetime) -> None:
    """Lets a paused clock run on: what lay ahead of it is as much working time ahead as it was."""
    if clock.paused_at is None:
        raise ValueError(f"clock {clock.id} is {clock.state}, not paused")
    calendar, since = calendar_of(clock), clock.paused_at
    ahead = [at for at in clock.warn_at if at > since]
    moved = [end_of(now, elapsed(since, at, calendar), calendar) for at in (*ahead, clock.due_at)]
    passed = [at for at in clock.warn_at if at <= since]
    seconds = (clock.paused_seconds or 0.0) + elapsed(since, now, calendar).total_seconds()
    values = {"due_at": moved[-1], "warn_at": (*passed, *moved[:-1]), "paused_seconds": seconds}
    running = _change(tx, clock, state="running", paused_at=None, **values)
    add_due(tx, _falling_due(running, moved[:-1], on_breach), now)


def _promises(
    assignment: Assignment, promise: Promise, sla: Sla, calendar: Calendar | None, now: datetime
) -> Iterator[tuple[ClockKind, Promise, Calendar | None]]:
    """Yields what an assignment promises, and what each promise counts in."""
    yield "first_response", promise, calendar
    if assignment.rep is not None and sla.accept_within is not None:
        accept_by = end_of(now, sla.accept_within, calendar)
        yield "acceptance", Promise(name=sla.name, respond_by=accept_by, warn_at=()), calendar
    if assignment.rep is not None and sla.attempts is not None:
        counted = attempts_calendar(sla.attempts, calendar)
        try_by = end_of(now, sla.attempts.within, counted)
        yield "attempts", Promise(name=sla.name, respond_by=try_by, warn_at=()), counted


def _row(
    assignment: Assignment, kind: ClockKind, promise: Promise, sla: Sla, calendar: Calendar | None, now: datetime
) -> dict[str, Any]:
    """Returns the row of a new clock."""
    return {
        "id": new_id(now),
        "lead_id": assignment.lead_id,
        "assignment_id": assignment.id,
        "kind": kind,
        "sla": promise.name,
        "state": "running",
        "started_at": now,
        "due_at": promise.respond_by,
        "warn_at": promise.warn_at,
        "calendar": calendar,
        "target": sla.attempts.at_least if kind == "attempts" and sla.attempts is not None else None,
    }


def _falling_due(clock: Clock, warn_at: Sequence[datetime], on_breach: Sequence[str]) -> list[Due]:
    """Returns a clock's warnings and its breach as work that falls due."""
    about: dict[str, Any] = {"lead_id": clock.lead_id, "reference": clock.id}
    warnings = [Due(kind="warning", due_at=at, **about) for at in warn_at]
    return [*warnings, Due(kind="breach", due_at=clock.due_at, payload={"on_breach": on_breach}, **about)]


def _paused(clock: Clock, pauses: Sequence[Pause], at: datetime) -> timedelta:
    """Returns the working time for which a clock that ends at an instant stood still."""
    calendar = calendar_of(clock)
    return sum((elapsed(since, min(until or at, at), calendar) for since, until in _own(clock, pauses, at)), NOTHING)


def _ended(clock: Clock, paused: timedelta, at: datetime) -> dict[str, object]:
    """Returns the values of a clock that ends at an instant, with how long it was paused where it ever was."""
    ended: dict[str, object] = {"ended_at": at, "paused_at": None}
    return ended | {"paused_seconds": paused.total_seconds()} if paused or clock.paused_seconds is not None else ended


def _own(clock: Clock, pauses: Sequence[Pause], at: datetime) -> list[Pause]:
    """Returns the pauses before an instant that stood a clock still: a broken one runs on while its lead is held."""
    if clock.paused_seconds is None and clock.paused_at is None:
        return []
    until = at if clock.breached_at is None else min(at, clock.breached_at)
    return [pause for pause in pauses if clock.started_at <= pause[0] < until]


def _change(tx: Transaction, clock: Clock, **values: object) -> Clock:
    """Keeps new values of a clock and returns it with them."""
    return _clock(tx.execute(CHANGED.returning(clocks), {"clock": clock.id, **values}).mappings().one())


def _clock(row: Mapping[Any, Any]) -> Clock:
    """Returns the clock in a row."""
    return Clock(**{**row, "warn_at": tuple(datetime.fromisoformat(at) for at in row["warn_at"])})


def calendar_of(clock: Clock) -> Calendar | None:
    """Returns the calendar that a clock counts in, as it was when the clock started; None for all time."""
    return None if clock.calendar is None else calendar_from(clock.calendar)


def calendar_from(kept: Mapping[str, Any]) -> Calendar:
    """Returns the calendar that a clock has kept."""
    blocks = tuple(
        Block(
            weekday=block["weekday"],
            start=time.fromisoformat(block["start"]),
            end=time.fromisoformat(block["end"]),
        )
        for block in kept["blocks"]
    )
    days_off = tuple(date.fromisoformat(day) for day in kept["days_off"])
    return Calendar(**{**kept, "blocks": blocks, "days_off": days_off})
