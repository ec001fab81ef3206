"""A lead on the sales floor: what is done with it, the sweep that comes by, and what has come of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from routing.decision import Promise
from rules.compile import Compiled
from rules.playbook import ListedReason
from store import moves
from store.assignments import Assignment, assignments_of, open_assignment
from store.clocks import Clock, clocks_of
from store.database import Database, Transaction
from store.events import events_of
from store.leads import known_lead
from store.listing import find_lead
from store.record import record
from store.sweep import sweep
from tests.builders import NOW
from tests.store.builders import arrive, decision, playbook

# NOW is a Friday, 13:00 in Berlin, where people work from 9 to 18; MONDAY is the opening after the weekend.
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
WRONG = ListedReason(name="wrong contact data")
LATER = ListedReason(name="bad timing", rest=timedelta(days=90))

Step = Callable[..., None]


def _contact(tx: Transaction, lead: str, book: Compiled, now: datetime, **told: Any) -> None:
    moves.contact(tx, lead, "call", book, now, **told)


def _reject(reason: ListedReason) -> Step:
    return lambda tx, lead, book, now, **told: moves.reject(tx, lead, reason, book, now, **told)


def _lose(reason: ListedReason) -> Step:
    return lambda tx, lead, book, now, **told: moves.lose(tx, lead, reason, book, now, **told)


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "accept": moves.accept,
        "contact": _contact,
        "hold": moves.hold_back,
        "resume": moves.resume_lead,
        "reject": _reject(WRONG),
        "reject for now": _reject(LATER),
        "reassign": moves.reassign,
        "win": lambda tx, lead, book, now, **told: moves.win(tx, lead, 1200.0, book, now, **told),
        "lose": _lose(WRONG),
        "lose for now": _lose(LATER),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """A lead on the sales floor."""

    database: Database
    book: Compiled
    lead_id: str

    def do(self, step: str, at: datetime = NOW, *, done_at: datetime | None = None) -> None:
        """Makes a move, or tells of one that was made earlier."""
        told = {} if done_at is None else {"at": done_at}
        with self.database.begin() as tx:
            STEPS[step](tx, self.lead_id, self.book, at, **told)

    def sweep(self, at: datetime) -> None:
        """Does what is due, until nothing is."""
        while sweep(self.database, self.book, self._decide_again, at):
            pass

    def _decide_again(self, tx: Transaction, lead_id: str, now: datetime) -> None:
        known = known_lead(tx, lead_id, now)
        assert known is not None
        record(tx, known, decision(now), self.book, now)

    @property
    def state(self) -> str:
        """The lead's state."""
        with self.database.read() as tx:
            kept = find_lead(tx, self.lead_id)
        assert kept is not None
        return kept.state

    @property
    def held(self) -> Assignment | None:
        """Who has the lead."""
        with self.database.read() as tx:
            return open_assignment(tx, self.lead_id)

    @property
    def history(self) -> tuple[Assignment, ...]:
        """Who had it."""
        with self.database.read() as tx:
            return assignments_of(tx, self.lead_id)

    @property
    def reps(self) -> list[str | None]:
        """The names of who had it, oldest first."""
        return [each.rep for each in self.history]

    def clocks_of(self, number: int = -1) -> dict[str, Clock]:
        """The clocks of one who had the lead, the last unless said otherwise, by kind."""
        with self.database.read() as tx:
            held = assignments_of(tx, self.lead_id)[number]
            return {clock.kind: clock for clock in clocks_of(tx, held.id)}

    @property
    def clock(self) -> Clock:
        """The clock of the newest assignment's first response."""
        return self.clocks_of()["first_response"]

    @property
    def told(self) -> Sequence[str]:
        """What the outside was told after the lead was first assigned."""
        with self.database.read() as tx:
            return [event.kind for event in events_of(tx, self.lead_id)][2:]

    @property
    def alarms(self) -> list[tuple[str, object]]:
        """What was told of clocks, and of which or to whom."""
        with self.database.read() as tx:
            events = [event for event in events_of(tx, self.lead_id) if event.kind[:3] in ("sla", "man")]
        payloads = ((event.kind, event.payload) for event in events)
        return [(kind, each.get("person") or each.get("clock") or each.get("manager")) for kind, each in payloads]

    @property
    def notices(self) -> list[object]:
        """Why the manager was told of the lead, each time."""
        with self.database.read() as tx:
            return [event.payload["why"] for event in events_of(tx, self.lead_id) if event.kind == "manager.notified"]


def floor(database: Database, *reps: str, sla: str = "standard") -> Floor:
    """A lead that has just been assigned to the first of these reps under an SLA."""
    book, promise = playbook(*reps), Promise(name=sla, respond_by=NOW, warn_at=())
    return Floor(database=database, book=book, lead_id=arrive(database, book, "ann", sla=promise).lead_id)
