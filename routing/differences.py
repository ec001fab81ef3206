"""Compares a decision with what a case expects: every difference with its place in the cases file."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from routing.candidates import Candidate
from routing.decision import Decision
from routing.reps import Standing, choose_rep
from rules.case import Case, Expectation
from rules.cases import NOWHERE
from rules.conditions import All, Any, Condition, Not, Test
from rules.evaluate import holds
from rules.playbook import Playbook
from rules.wording import in_words, value_text

# The key of an expectation, and what differs.
Difference = tuple[str, str]


def differences_of(case: Case, decision: Decision, playbook: Playbook) -> list[str]:
    """What came out otherwise than expected: `10:14: expected score is at least 65, found score 61.5`."""
    expect = case.expect
    found = [
        *_facts(case, decision),
        *_words("disqualified", expect.disqualified, decision.disqualified),
        *_among("rule", "fire", (expect.rules, expect.no_rules), [fired.name for fired in decision.rules]),
        *_among("tag", "be there", (expect.tags, expect.no_tags), decision.tags),
        *_reps(case, decision, playbook),
        *_place(expect, decision),
        *_words("respond_by", _shown(expect.respond_by), _shown(decision.sla.respond_by if decision.sla else None)),
    ]
    placed = [(expect.places.get(key, case), words) for key, words in found]
    return [
        f"{at.line}:{at.column}: {words}" for at, words in sorted(placed, key=lambda one: (one[0].line, one[0].column))
    ]


def _facts(case: Case, decision: Decision) -> Iterator[Difference]:
    for key, condition in case.expect.facts.items():
        if not holds(condition, decision.facts, case.at):
            names = dict.fromkeys(test.attribute for test in _tests(condition))
            found = ", ".join(f"{name} {value_text(decision.facts.values.get(name))}" for name in names)
            yield key, f"expected {_in_words(condition)}, found {found}"


def _place(expect: Expectation, decision: Decision) -> Iterator[Difference]:
    route, sla = decision.route, decision.sla
    yield from _words("route", expect.route, route.name if route else NOWHERE)
    yield from _words("team", expect.team, route.team if route else None)
    yield from _words("sla", expect.sla, sla.name if sla else None)


def _words(key: str, expected: str | None, found: str | None) -> Iterator[Difference]:
    if expected is not None and expected != found:
        yield key, f"expected {key} {expected}, found {key} {found if found is not None else NOWHERE}"


def _among(noun: str, verb: str, expected: tuple[tuple[str, ...], ...], found: Iterable[str]) -> Iterator[Difference]:
    """What should be among those found and is not, and what is and should not be."""
    names = list(found)
    listed = f"{noun}s {', '.join(names)}" if names else f"no {noun}s"
    wanted, unwanted = expected
    yield from (
        (f"{noun}s", f"expected {noun} {name} to {verb}, found {listed}") for name in wanted if name not in names
    )
    yield from (
        (f"no_{noun}s", f"expected {noun} {name} not to {verb}, found {listed}") for name in unwanted if name in names
    )


def _reps(case: Case, decision: Decision, playbook: Playbook) -> Iterator[Difference]:
    if not case.expect.reps and not case.expect.no_reps:
        return
    candidates = _candidates(case, decision, playbook)
    eligible = [one.rep for one in candidates if one.out is None]
    yield from _among("rep", "be eligible", (case.expect.reps, case.expect.no_reps), eligible)


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


def _shown(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _tests(condition: Condition) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case Not(part=part):
            yield from _tests(part)
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from _tests(part)


def _in_words(condition: Condition) -> str:
    match condition:
        case Test():
            return in_words(condition)
        case Not(part=part):
            return f"not ({_in_words(part)})"
        case All(parts=parts):
            return " and ".join(_in_words(part) for part in parts)
        case Any(parts=parts):
            return f"({' or '.join(_in_words(part) for part in parts)})"
