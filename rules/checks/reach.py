"""Reach: whether any lead at all can fulfil some conditions together, one attribute at a time.

Tests compare an attribute with operands only, so a few values stand for all: the operands, one value between each
two neighbours, one beyond each end, and missing. Every test is asked about those by the code that decides on leads.
What cannot be known so (a pattern, a substring of some other text, an instant relative to now) counts as possible, but
never both true and false.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any as Anything

from rules.checks.domains import Domains, folded_choices
from rules.conditions import All, Any, Condition, Not, Test
from rules.lower import Holds, Slots, comparable, lower
from rules.strata import tests_of

# What is wanted of a condition: that it holds, or that it does not.
Goal = tuple[Condition, bool]

# Steps, over all its questions, after which an instance gives up and calls everything possible.
PATIENCE = 50_000

_OTHER = object()
_ENDS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class _Answers:
    """Which of an attribute's standing values fulfil a test, and of which that is unknown (as bits)."""

    yes: int
    unknown: int


# By attribute: the values still possible (as bits), and what was assumed of tests with unknown answers.
_State = Mapping[str, tuple[int, Mapping[Anything, bool]]]

# Alternatives of which one must be met, and the alternatives still to be chosen from after them.
_Choices = tuple[Sequence[Goal], "_Choices"] | None


class _Tired(Exception):  # noqa: N818 - a way out of the search, never seen outside
    """The search has run out of patience."""


class Reach:
    """Answers what is possible, for goals made of the tests of these conditions, or of single values of their lists."""

    def __init__(self, conditions: Iterable[Condition], domains: Domains, *, patience: int = PATIENCE) -> None:
        tests = [test for condition in conditions for test in tests_of(condition)]
        by_attribute: dict[str, list[Test]] = {}
        for test in tests:
            by_attribute.setdefault(test.attribute, []).append(test)
        values = {name: _standing_values(name, alike, domains) for name, alike in by_attribute.items()}
        self.domains = domains
        self._values = values
        self._answers: dict[Anything, _Answers] = {}
        self._start: _State = {name: ((1 << len(standing)) - 1, {}) for name, standing in values.items()}
        self._patience = patience

    def possible(self, goals: Sequence[Goal]) -> bool:
        """Return whether some lead can meet all goals; True as well when that is too hard to tell."""
        open_ends: list[tuple[Sequence[Goal], _Choices, _State]] = [(goals, None, self._start)]
        try:
            while open_ends:
                settled = self._settled(*open_ends.pop())
                if settled is None:
                    continue
                choices, state = settled
                if choices is None:
                    return True
                choice, others = choices
                open_ends += [([goal], others, state) for goal in choice]
        except _Tired:
            return True
        return False

    def _settled(self, given: Sequence[Goal], choices: _Choices, state: _State) -> tuple[_Choices, _State] | None:
        """Return what is left to choose once all that must be so is so; None where that cannot be."""
        goals = list(given)
        while goals:
            condition, wanted = goals.pop()
            match condition:
                case Test():
                    narrowed = self._assume(condition, wanted, state)
                    if narrowed is None:
                        return None
                    state = narrowed
                case Not(part=part):
                    goals.append((part, not wanted))
                case All(parts=parts) if wanted:
                    goals += [(part, True) for part in parts]
                case Any(parts=parts) if not wanted:
                    goals += [(part, False) for part in parts]
                case All(parts=parts) | Any(parts=parts):
                    choices = ([(part, wanted) for part in parts], choices)
        return choices, state

    def _assume(self, test: Test, wanted: bool, state: _State) -> _State | None:
        """Return the state in which the test is as wanted; None where that cannot be."""
        self._patience -= 1
        if self._patience < 0:
            raise _Tired
        key = _key(test)
        answers = self._answers.get(key) or self._answers.setdefault(
            key, _answers(test, self._values[test.attribute], self.domains.items.get(test.attribute))
        )
        bits, assumed = state[test.attribute]
        bits &= answers.yes | answers.unknown if wanted else ~answers.yes
        if assumed.get(key, wanted) is not wanted:
            bits &= ~answers.unknown
        return {**state, test.attribute: (bits, {**assumed, key: wanted})} if bits else None


def _key(test: Test) -> Anything:
    """Return what two tests share when they always answer alike."""
    return test.attribute, test.kind, test.operator, comparable(test)


def _standing_values(attribute: str, tests: Sequence[Test], domains: Domains) -> list[Anything]:
    """Return values that stand for all the attribute can have, as a row holds them; None is missing."""
    operands = set(_operands(tests))
    match tests[0].kind:
        case "flag":
            values: list[Anything] = [True, False]
        case "number":
            values = _numbers(operands | set(domains.ranges.get(attribute, ())))
        case "time":
            points = sorted(operands.union(_ENDS))
            values = [*points, *(left + (right - left) / 2 for left, right in pairwise(points))]
        case "text":
            values = [*sorted(operands.union(folded_choices(domains.choices.get(attribute, ())))), _OTHER]
        case "list":
            values = [_OTHER]
    return [value for value in (None, *values) if domains.allows(attribute, value)]


def _numbers(points: set[Anything]) -> list[Anything]:
    """Return the points, one exact number between each two neighbours, and one beyond each end."""
    rising = sorted(points) or [0]
    between = [(Fraction(left) + Fraction(right)) / 2 for left, right in pairwise(rising)]
    return [*rising, *between, Fraction(rising[0]) - 1, Fraction(rising[-1]) + 1]


def _operands(tests: Sequence[Test]) -> Iterable[Anything]:
    """Yield what the tests compare with, singly; patterns, spans and `missing` compare with nothing."""
    for test in tests:
        if test.operator not in ("matches", "within", "missing"):
            operand = comparable(test)
            yield from operand if isinstance(operand, tuple | frozenset) else (operand,)


def _answers(test: Test, standing: Sequence[Anything], items: Sequence[Anything] | None) -> _Answers:
    if items is not None and test.operator == "contains" and comparable(test) not in items:
        return _Answers(0, 0)
    yes = unknown = 0
    holds = lower(test, Slots())
    for place, value in enumerate(standing):
        answer = _answer(test, holds, value)
        yes |= (answer is True) << place
        unknown |= (answer is None) << place
    return _Answers(yes, unknown)


def _answer(test: Test, holds: Holds, value: Anything) -> bool | None:
    """Return whether a value fulfils a test; None when that cannot be known."""
    if value is _OTHER and test.operator in ("is", "in"):
        return False
    if test.operator == "missing":
        return (value is None) is test.operand
    if value is not None and (value is _OTHER or test.operator in ("matches", "within")):
        return None
    return holds([value], _ENDS[0])
