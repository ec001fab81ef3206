"""What must hold of the sales floor after the crashes: nothing lost, nothing doubled, every promise told once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from tests.crash.clients import Answer
from tests.crash.playbook import CAPACITY

# Which moves do what a clock promises.
DOES: Mapping[str, tuple[str, ...]] = {
    "first_response": ("contact",),
    "acceptance": ("accept", "contact"),
    "attempts": ("contact",),
}

Rows = Sequence[Row[Any]]


def broken_on_the_floor(kept: Mapping[str, Rows], answers: Sequence[Answer]) -> Iterator[str]:
    """What does not hold of what is kept by table, beside what was answered, in words; nothing when all is well."""
    yield from _intake(kept, answers)
    yield from _moves(kept, answers)
    yield from _assignments(kept)
    yield from _clocks(kept)
    yield from _ends(kept)


def _intake(kept: Mapping[str, Rows], answers: Sequence[Answer]) -> Iterator[str]:
    """Every answered key has its lead, decision and submission, and there is nothing else."""
    posted = [answer for answer in answers if answer.path == "/v1/leads"]
    if odd := [answer for answer in posted if answer.status not in (200, 201) or answer.document is None]:
        yield from (f"{answer.key} was answered {answer.status}: {answer.text}" for answer in odd)
        return
    said = {answer.key: answer.document for answer in posted}
    if any(said[answer.key] != answer.document for answer in posted):
        yield "a repeated key was answered otherwise"
    if Counter(document["id"] for document in said.values()) != Counter(row.id for row in kept["decisions"]):
        yield f"{len(said)} keys, {len(kept['decisions'])} decisions"
    people = Counter(document["lead_id"] for document in said.values())
    if people != Counter(row.lead_id for row in kept["submissions"]):
        yield f"{len(said)} keys, {len(kept['submissions'])} submissions"
    if people.keys() != {row.id for row in kept["leads"]}:
        yield "the leads are not those that were answered"
    addresses = Counter(row.email for row in kept["leads"])
    yield from (f"{email} is {count} leads" for email, count in addresses.items() if count > 1)


def _moves(kept: Mapping[str, Rows], answers: Sequence[Answer]) -> Iterator[str]:
    """Every move that was answered was made, once."""
    asked = [answer for answer in answers if answer.path != "/v1/leads"]
    odd = [answer for answer in asked if answer.status not in (200, 409)]
    yield from (f"{answer.path} was answered {answer.status}: {answer.text}" for answer in odd)
    done = {(answer.key, *answer.path.split("/")[3:5]) for answer in asked if answer.status == 200}
    made = Counter((row.lead_id, row.kind) for row in kept["moves"])
    if Counter((lead_id, kind) for _, lead_id, kind in done) != made:
        yield f"{len(done)} moves were answered, {made.total()} made"


def _assignments(kept: Mapping[str, Rows]) -> Iterator[str]:
    """A lead is with one person at most, each rep's count is what they had, and nobody had more than they can take."""
    held = Counter(row.lead_id for row in kept["assignments"] if row.ended_at is None)
    yield from (f"lead {lead_id} is open {count} times" for lead_id, count in held.items() if count > 1)
    had = Counter((row.rep, f"{row.assigned_at:%Y-%m-%d}") for row in kept["assignments"] if row.rep)
    counted = {(row.rep, row.period): row.assigned for row in kept["shares"] if len(row.period) == 10 and row.assigned}
    if had != counted:
        yield f"counted {counted}, had {dict(had)}"
    yield from (f"{rep} had {count} on {day}" for (rep, day), count in had.items() if count > CAPACITY.get(rep, count))


def _clocks(kept: Mapping[str, Rows]) -> Iterator[str]:
    """A clock that ran out is broken and told of once; each warning before that was told once, none more often."""
    told: Counter[tuple[str, str, str]] = Counter()
    for event in sorted(kept["events"], key=lambda event: event.id):
        if event.kind in ("sla.breached", "sla.warning"):
            about = event.payload["assignment_id"], event.payload["clock"]
            told[event.kind, *about] += 1
            if event.kind == "sla.warning" and told["sla.breached", *about]:
                yield f"the {about[1]} clock of assignment {about[0]} was warned of after its breach"
    moved = {(row.assignment_id, row.at) for row in kept["moves"]}
    broke = _broke_first(kept)
    for clock in kept["clocks"]:
        mine = f"the {clock.kind} clock {clock.id} of SLA {clock.sla}"
        breaches = told.pop(("sla.breached", clock.assignment_id, clock.kind), 0)
        warnings = told.pop(("sla.warning", clock.assignment_id, clock.kind), 0)
        trigger = broke.get((clock.assignment_id, clock.breached_at), clock.due_at)
        wanted = sum(datetime.fromisoformat(at) <= trigger for at in clock.warn_at)
        if breaches != (clock.breached_at is not None):
            yield f"{mine} is {clock.state} and told {breaches} breaches"
        by_worker = clock.breached_at is not None and (clock.assignment_id, clock.breached_at) not in moved
        if warnings > wanted or (by_worker and warnings != wanted):
            yield f"{mine} told {warnings} of {wanted} warnings"
    yield from (f"{kind} of no clock, {count} times" for (kind, _, _), count in told.items())


def _ends(kept: Mapping[str, Rows]) -> Iterator[str]:
    """No clock ends undecided once its time is up; broken or met, it tells after how long its promise was kept."""
    changed = {row.id: row.ended_at for row in kept["assignments"]}
    for clock in kept["clocks"]:
        mine = f"the {clock.kind} clock {clock.id} of SLA {clock.sla}"
        if clock.state == "running":
            yield f"{mine} still runs"
        if clock.breached_at is not None and clock.breached_at < clock.due_at:
            yield f"{mine} broke early"
        if clock.state == "met" and clock.ended_at > clock.due_at:
            yield f"{mine} was met late"
        if clock.state == "stopped" and clock.ended_at != changed[clock.assignment_id]:
            yield f"{mine} was stopped by nothing"
        if clock.state == "stopped" and clock.ended_at > clock.due_at:
            yield f"{mine} was stopped when it had run out"
        if (after := _done_after(kept, clock)) != clock.elapsed_seconds:
            yield f"{mine} measured {clock.elapsed_seconds} s, done after {after} s"


def _broke_first(kept: Mapping[str, Rows]) -> Mapping[tuple[str, datetime], datetime]:
    """When the first of the clocks of an assignment that broke at one instant had fallen due."""
    first: dict[tuple[str, datetime], datetime] = {}
    for clock in kept["clocks"]:
        if clock.breached_at is not None:
            together = clock.assignment_id, clock.breached_at
            first[together] = min(first.get(together, clock.due_at), clock.due_at)
    return first


def _done_after(kept: Mapping[str, Rows], clock: Row[Any]) -> float | None:
    """After how many seconds what a clock promises was done; None where it was not."""
    mine = (row for row in kept["moves"] if row.assignment_id == clock.assignment_id)
    done = sorted(row.at for row in mine if row.kind in DOES[clock.kind])
    number = clock.target or 1
    return (done[number - 1] - clock.started_at).total_seconds() if len(done) >= number else None
