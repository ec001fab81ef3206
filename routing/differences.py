"""Compares a decision with what a case expects: every difference with its place in the cases file, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from routing.candidates import Candidate
from routing.decision import Decision
from routing.reps import Standing, choose_rep
from routing.why import why_qualified
from rules.case import Case, Expectation
from rules.evaluate import holds
from rules.explain import Explained, Explanation, why_not
from rules.playbook import Playbook
from rules.read_routes import NOWHERE
from rules.spans import span_text
from rules.strata import tests_of
from rules.wording import condition_in_words, value_text

# How many of a lead's points are told where its score is otherwise than expected.
MOST_POINTS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Something that came out otherwise than expected, at its place in the cases file, and what made it so."""

    line: int
    column: int
    expected: str
    found: str
    because: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The difference in one line: `10:14: expected score is at least 65, found score 61.5`."""
        return f"{self.line}:{self.column}: expected {self.expected}, found {self.found}"


# The key of an expectation, what it expects, what was found, and why.
_Found = tuple[str, str, str, tuple[str, ...]]


def differences_of(
    case: Case, decision: Decision, playbook: Playbook, explanation: Explanation
) -> tuple[Difference, ...]:
    """What came out otherwise than expected, in the order of the file."""
    expect = case.expect
    rules = {entry.name: entry for entry in explanation.rules}
    why = {name: _against(entry) for name, entry in rules.items()}
    fired = [each.name for each in decision.rules]
    found = [
        *_facts(case, decision, playbook),
        *_words("disqualified", expect.disqualified, decision.disqualified),
        *_among("rule", "fire", (expect.rules, expect.no_rules), fired, why),
        *_among("tag", "be there", (expect.tags, expect.no_tags), decision.tags, {}),
        *_reps(case, decision, playbook),
        *_place(expect, decision, playbook, explanation),
        *_deadline(expect, decision, playbook),
    ]
    differences = [_placed(case, *each) for each in found]
    return tuple(sorted(differences, key=lambda each: (each.line, each.column)))


def _placed(case: Case, key: str, expected: str, found: str, because: tuple[str, ...]) -> Difference:
    at = case.expect.places.get(key, case)
    return Difference(line=at.line, column=at.column, expected=expected, found=found, because=because)


def _facts(case: Case, decision: Decision, playbook: Playbook) -> Iterator[_Found]:
    for key, condition in case.expect.facts.items():
        if not holds(condition, decision.facts, case.at):
            names = dict.fromkeys(test.attribute for test in tests_of(condition))
            found = ", ".join(f"{name} {value_text(decision.facts.values.get(name))}" for name in names)
            why = {
                "score": _points(decision),
                "grade": _points(decision),
                "qualified": why_qualified(decision, playbook.scheme.qualify_at),
            }
            yield key, condition_in_words(condition), found, why.get(key, ())


def _points(decision: Decision) -> tuple[str, ...]:
    """What a score is made of, the most first."""
    most = sorted(decision.reasons, key=lambda reason: -abs(reason.points))
    return tuple(f"{reason.points:+.1f} {reason.text}" for reason in most[:MOST_POINTS])


def _place(expect: Expectation, decision: Decision, playbook: Playbook, explanation: Explanation) -> Iterator[_Found]:
    route, sla = decision.route, decision.sla
    against = why_qualified(decision, playbook.scheme.qualify_at)
    if route is not None:
        entry = next((entry for entry in explanation.routes if entry.name == expect.route), None)
        against = () if entry is None else _against(entry)
    yield from _words("route", expect.route, route.name if route else NOWHERE, against)
    yield from _words("team", expect.team, route.team if route else None)
    yield from _words("sla", expect.sla, sla.name if sla else None)


def _deadline(expect: Expectation, decision: Decision, playbook: Playbook) -> Iterator[_Found]:
    """Both instants as clocks show them where the calendar counts, and what made the deadline so."""
    if expect.respond_by is None or decision.sla is None or decision.route is None:
        yield from _words("respond_by", _shown(expect.respond_by, UTC), None)
        return
    sla, calendar = playbook.slas[decision.sla.name], playbook.calendars[playbook.teams[decision.route.team].calendar]
    counts = f"of calendar '{calendar.name}'" if sla.clock == "business" else "of all time"
    why = f"SLA '{sla.name}' asks for a response within {span_text(sla.respond_within)} {counts}"
    zone = ZoneInfo(calendar.timezone)
    expected, found = _shown(expect.respond_by, zone), _shown(decision.sla.respond_by, zone)
    yield from _words("respond_by", expected, found, (why,))


def _against(entry: Explained) -> tuple[str, ...]:
    """Why a rule or route did not match, or that another came first."""
    if entry.trace is None or entry.holds:
        return () if entry.outcome in ("fires", "taken") else (f"it {entry.outcome}",)
    return tuple(why_not(entry.trace))


def _words(key: str, expected: str | None, found: str | None, why: tuple[str, ...] = ()) -> Iterator[_Found]:
    said = NOWHERE if found is None else found
    if expected not in (None, said):
        yield key, f"{key} {expected}", f"{key} {said}", why


def _among(
    noun: str,
    verb: str,
    expected: tuple[tuple[str, ...], ...],
    found: Iterable[str],
    why: Mapping[str, tuple[str, ...]],
) -> Iterator[_Found]:
    """What should be among those found and is not, and what is and should not be."""
    names = list(found)
    listed = f"{noun}s {', '.join(names)}" if names else f"no {noun}s"
    wanted, unwanted = expected
    for name in wanted:
        if name not in names:
            yield f"{noun}s", f"{noun} {name} to {verb}", listed, why.get(name, ())
    for name in unwanted:
        if name in names:
            yield f"no_{noun}s", f"{noun} {name} not to {verb}", listed, ()


def _reps(case: Case, decision: Decision, playbook: Playbook) -> Iterator[_Found]:
    if not case.expect.reps and not case.expect.no_reps:
        return
    candidates = _candidates(case, decision, playbook)
    eligible = [one.rep for one in candidates if one.out is None]
    why = {one.rep: (f"{one.rep} {one.out}",) for one in candidates if one.out is not None}
    yield from _among("rep", "be eligible", (case.expect.reps, case.expect.no_reps), eligible, why)


def _candidates(case: Case, decision: Decision, playbook: Playbook) -> tuple[Candidate, ...]:
    """The reps of the team as they are before the first lead of all."""
    if decision.route is None:
        return ()
    team = playbook.teams[decision.route.team]
    fresh = [
        Standing(rep=rep.name, assigned=0, credit=0.0, today=0, this_week=0, last_assigned_at=None, absent_until=None)
        for rep in team.reps
    ]
    return choose_rep(team, fresh, decision.facts, playbook.calendars, case.at).candidates


def _shown(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()
