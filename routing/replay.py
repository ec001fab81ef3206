"""Replays decisions through two playbooks: who moves, what reps get, what marketing delivers, and the surprises."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from routing.causes import Cause, causes_of
from routing.decide import decide
from routing.decision import Decision
from routing.hours import CalendarError
from routing.load import delivered, shares_of
from routing.placed import Aspect, Moved, placed
from rules.case import Assumed
from rules.compile import Compiled
from rules.playbook import Playbook
from scoring.contact import email_domain
from scoring.lead import Activity, Lead

SURPRISES = 10
# So many that might surprise are kept before all but the first ten are let go.
MANY = 200

# A team, and a rep of it or, where none of them accepts the lead, its queue.
Desk = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """A decision to be taken again: the lead and its activities as known at the instant, and what the model said."""

    id: str
    lead_id: str
    at: datetime
    lead: Lead
    activities: tuple[Activity, ...]
    assumed: Assumed


@dataclass(frozen=True, kw_only=True, slots=True)
class Surprise:
    """Someone who moves far, and what makes it so."""

    moved: Moved
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many leads one playbook qualifies, whom it gives them to and which deliveries they count towards.

    Each lead counts once, as it was when it qualified first. `load` is in leads, by shares; `delivered` stands in the
    order of the new playbook's deliveries.
    """

    qualified: int
    load: Mapping[Desk, float]
    delivered: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What came of a replay. `first` and `last` are instants of decisions, None where there was none.

    `moved` holds every decision that places its lead otherwise, `rescored` counts those with another score in the same
    place; `refused` those that cannot be taken, as their calendars do not reach that far.
    """

    decisions: int
    leads: int
    first: datetime | None
    last: datetime | None
    moved: tuple[Moved, ...]
    rescored: int
    refused: int
    before: Tally
    after: Tally
    surprises: tuple[Surprise, ...]

    @property
    def moved_leads(self) -> int:
        """How many leads move."""
        return len({moved.lead_id for moved in self.moved})

    def shifts(self, aspect: Aspect) -> Counter[tuple[object, object]]:
        """How many decisions go from where to where in one respect."""
        return Counter(
            (before, after)
            for moved in self.moved
            if (before := getattr(moved.before, aspect)) != (after := getattr(moved.after, aspect))
        )


def replay(decided: Iterable[Decided], old: Compiled, new: Compiled) -> Replay:
    """What two playbooks make of the same decisions; those of one lead stand together, oldest first."""
    counts = _Counts(old, new)
    for _, of_lead in groupby(decided, key=lambda one: one.lead_id):
        counts.add(list(of_lead))
    return counts.replay()


def merged(replays: Iterable[Replay]) -> Replay:
    """Replays of different leads as one; there is at least one."""
    parts = list(replays)
    surprises = (surprise for part in parts for surprise in part.surprises)
    return Replay(
        decisions=sum(part.decisions for part in parts),
        leads=sum(part.leads for part in parts),
        first=min((part.first for part in parts if part.first), default=None),
        last=max((part.last for part in parts if part.last), default=None),
        moved=tuple(moved for part in parts for moved in part.moved),
        rescored=sum(part.rescored for part in parts),
        refused=sum(part.refused for part in parts),
        before=_summed([part.before for part in parts]),
        after=_summed([part.after for part in parts]),
        surprises=tuple(sorted(surprises, key=lambda one: _rank(one.moved))[:SURPRISES]),
    )


def retyped(old: Playbook, new: Playbook) -> tuple[str, ...]:
    """The attributes that one playbook reads as another kind than the other, so that a model might say otherwise."""
    was, now = old.attributes, new.attributes
    return tuple(sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pair:
    """A decision taken again by both playbooks."""

    decided: Decided
    before: Decision
    after: Decision

    @property
    def moved(self) -> Moved:
        """Where both place the lead."""
        one = self.decided
        return Moved(
            id=one.id,
            lead_id=one.lead_id,
            name=_name(one),
            at=one.at,
            before=placed(self.before),
            after=placed(self.after),
        )


class _Counts:
    """What is counted while leads come by."""

    def __init__(self, old: Compiled, new: Compiled) -> None:
        self._old, self._new = old, new
        self._decisions = self._leads = self._rescored = self._refused = 0
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._moved: list[Moved] = []
        self._surprising: list[tuple[Moved, _Pair]] = []
        self._before, self._after = _Tallying(old.playbook, new.playbook), _Tallying(new.playbook, new.playbook)

    def add(self, of_lead: Sequence[Decided]) -> None:
        """Counts the decisions of one lead."""
        self._leads += 1
        self._decisions += len(of_lead)
        self._first = min(filter(None, (self._first, of_lead[0].at)))
        self._last = max(filter(None, (self._last, of_lead[-1].at)))
        pairs = [pair for one in of_lead if (pair := self._pair(one)) is not None]
        self._before.add(pair.before for pair in pairs)
        self._after.add(pair.after for pair in pairs)
        self._compare(pairs)

    def replay(self) -> Replay:
        """Everything counted so far."""
        old, new = self._old.playbook, self._new.playbook
        self._keep_most_surprising()
        return Replay(
            decisions=self._decisions,
            leads=self._leads,
            first=self._first,
            last=self._last,
            moved=tuple(self._moved),
            rescored=self._rescored,
            refused=self._refused,
            before=self._before.tally(),
            after=self._after.tally(),
            surprises=tuple(
                Surprise(moved=moved, causes=causes_of(pair.before, pair.after, old, new))
                for moved, pair in self._surprising
            ),
        )

    def _pair(self, one: Decided) -> _Pair | None:
        """A decision taken twice; None where a calendar does not reach that far."""
        try:
            before, after = (
                decide(one.lead, one.activities, None, playbook, one.at, assume=one.assumed)
                for playbook in (self._old, self._new)
            )
        except CalendarError:
            self._refused += 1
            return None
        return _Pair(decided=one, before=before, after=after)

    def _compare(self, pairs: Sequence[_Pair]) -> None:
        """Notes where the decisions of one lead differ; the most surprising of them stands for the lead."""
        differing = [(moved, pair) for pair in pairs if (moved := pair.moved).before != moved.after]
        moving = [moved for moved, _ in differing if moved.aspects]
        self._moved += moving
        self._rescored += sum(moved.before.score != moved.after.score for moved, _ in differing) - sum(
            moved.before.score != moved.after.score for moved in moving
        )
        if differing:
            self._surprising.append(min(differing, key=lambda one: _rank(one[0])))
        if len(self._surprising) > MANY:
            self._keep_most_surprising()

    def _keep_most_surprising(self) -> None:
        self._surprising = sorted(self._surprising, key=lambda one: _rank(one[0]))[:SURPRISES]


class _Tallying:
    """What one playbook does with the leads that come by."""

    def __init__(self, playbook: Playbook, promised: Playbook) -> None:
        self._playbook = playbook
        self._deliveries = promised.agreement.marketing
        self._qualified = 0
        self._load: dict[Desk, float] = defaultdict(float)
        self._delivered = [0] * len(self._deliveries)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Counts a lead as it was when it first qualified."""
        first = next((decision for decision in decisions if decision.qualified), None)
        if first is None or first.route is None:
            return
        self._qualified += 1
        team = self._playbook.teams[first.route.team]
        for rep, share in shares_of(team, first.facts, first.decided_at).items():
            self._load[team.name, rep] += share
        for index, counts in enumerate(delivered(self._deliveries, first)):
            self._delivered[index] += counts

    def tally(self) -> Tally:
        """Everything counted so far."""
        return Tally(qualified=self._qualified, load=dict(self._load), delivered=tuple(self._delivered))


def _summed(tallies: Sequence[Tally]) -> Tally:
    load: dict[Desk, float] = defaultdict(float)
    for tally in tallies:
        for desk, leads in tally.load.items():
            load[desk] += leads
    return Tally(
        qualified=sum(tally.qualified for tally in tallies),
        load=dict(load),
        delivered=tuple(map(sum, zip(*(tally.delivered for tally in tallies), strict=True))),
    )


def _rank(moved: Moved) -> tuple[bool, float, float, str, str]:
    """What surprises are sorted by, the most surprising first: a flip of the qualification, the way the score moves,
    then how little the flip goes with the score: a good lead that is lost, a poor one that is won.
    """
    before, after = moved.before, moved.after
    flips = before.qualified != after.qualified
    unlike = (before.score if before.qualified else 100 - after.score) if flips else 0.0
    return not flips, -abs(after.score - before.score), -unlike, moved.lead_id, moved.id


def _name(one: Decided) -> str:
    """What people know a lead by, without contact data: its company, else the domain of its address."""
    lead = one.lead
    return lead.company or (email_domain(lead.email) if lead.email else one.lead_id)
