"""What sample sales make of sample leads: who is called, who buys, who is given back and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from api.caller import Caller
from rules.playbook import ListedReason
from rules.read import read_playbook
from rules.sample import sample_playbook
from store.kept_moves import ATTEMPTS

# Shares of leads that nobody looks at, that are given back, passed on, and that wait for something.
FORGOTTEN, GIVEN_BACK, PASSED_ON, WAITING = 0.08, 0.1, 0.04, 0.05
ACCEPTED_FIRST = 0.85
DECIDED = 0.8
MOST_ATTEMPTS = 4
# How many leads come in, on average, between two steps with one.
PACE = 8.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A move: the door it goes through, and the body that is sent."""

    kind: str
    body: Mapping[str, object]


class Sales:
    """The sample sales floor: takes leads, and works them step by step while others come in."""

    def __init__(self, chance: Random) -> None:
        book = read_playbook(sample_playbook())
        self._chance = chance
        self._reject, self._lost = book.reject_reasons, book.lost_reasons
        self._ahead: list[tuple[int, str, tuple[Step, ...]]] = []

    def take(self, lead_id: str, came: int, *, buys: bool) -> None:
        """Takes on a lead that will buy or not, when so many have come in."""
        self._later(came, lead_id, self.steps(buys=buys))

    def work(self, caller: Caller, came: int | None) -> bool:
        """Makes one step that is due when so many leads have come in (None: any step); says if there was one."""
        if not self._ahead or (came is not None and self._ahead[0][0] > came):
            return False
        due, lead_id, (step, *rest) = heappop(self._ahead)
        caller.move(lead_id, step.kind, step.body)
        self._later(due if came is None else came, lead_id, tuple(rest))
        return True

    def steps(self, *, buys: bool) -> tuple[Step, ...]:
        """All that will be done with a lead."""
        fate = self._chance.random()
        if fate < FORGOTTEN:
            return ()
        if fate < FORGOTTEN + GIVEN_BACK and not buys:
            return (self._reason("reject", self._reject),)
        first = (Step(kind="reassign", body={}),) if self._chance.random() < PASSED_ON else ()
        accepted = (Step(kind="accept", body={}),) if self._chance.random() < ACCEPTED_FIRST else ()
        if self._chance.random() < WAITING:
            return (*first, *accepted, Step(kind="hold", body={}))
        tried = self._chance.choices(ATTEMPTS, (6, 3, 1, 1), k=self._chance.randint(1, MOST_ATTEMPTS))
        contacts = (Step(kind="contact", body={"how": how}) for how in tried)
        return (*first, *accepted, *contacts, *self._end(buys))

    def _end(self, buys: bool) -> tuple[Step, ...]:
        if self._chance.random() > DECIDED:
            return ()
        if not buys:
            lost = self._reason("outcome", self._lost)
            return (Step(kind=lost.kind, body={"outcome": "lost", **lost.body}),)
        amount = round(self._chance.lognormvariate(9.2, 0.6), -2)
        return (Step(kind="outcome", body={"outcome": "won", "amount": amount}),)

    def _reason(self, kind: str, reasons: tuple[ListedReason, ...]) -> Step:
        return Step(kind=kind, body={"reason": self._chance.choice(reasons).name})

    def _later(self, came: int, lead_id: str, steps: tuple[Step, ...]) -> None:
        if steps:
            at = came + 1 + int(self._chance.expovariate(1 / PACE))
            heappush(self._ahead, (at, lead_id, steps))
