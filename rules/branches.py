"""The branches of a condition: what cases should have shown of it, and what of that one lead shows.

A condition is read in the order in which it stands, as far as needed to know its truth: behind a false part of `all`
(or of a mapping) and behind a true alternative of `any` nothing is looked at. Its branches are each test true and
false, each value of a list met, and each alternative of `any` that takes several tests fulfilled.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rules.checks.domains import Domains
from rules.checks.reach import Goal, Reach
from rules.conditions import All, Any, Condition, Not, Test
from rules.strata import tests_of
from rules.wording import in_words

# Whether a part of the condition holds for the lead in question, by the code that decides.
Holds = Callable[[Condition], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One thing to be seen of a condition: `employees is at least 1000` being true, or false."""

    line: int
    column: int
    words: str
    truth: bool


def branches_of(condition: Condition, domains: Domains, earlier: Sequence[Condition] = ()) -> tuple[Branch, ...]:
    """Return the branches that some lead can take, for leads that fulfil none of the `earlier` conditions."""
    reach = Reach([condition, *earlier], domains)
    given: list[Goal] = [(other, False) for other in earlier]
    return tuple(branch for branch, goal in _all(condition) if reach.possible([*given, goal]))


def branches_seen(condition: Condition, holds: Holds) -> frozenset[Branch]:
    """Return the branches that a lead takes."""
    seen: set[Branch] = set()
    _look(condition, holds, seen)
    return frozenset(seen)


def _all(condition: Condition) -> Iterator[tuple[Branch, Goal]]:
    """Yield every branch with what it takes."""
    match condition:
        case Test():
            for one in _singles(condition):
                yield _branch(one, True), (one, True)
            yield _branch(condition, False), (condition, False)
        case Not(part=part):
            yield from _all(part)
        case All(parts=parts):
            for part in parts:
                yield from _all(part)
        case Any(parts=parts):
            for part in parts:
                if not isinstance(part, Test):
                    yield _alternative(part), (part, True)
                yield from _all(part)


def _look(condition: Condition, holds: Holds, seen: set[Branch]) -> bool:
    """Return whether a condition holds, adding what was seen on the way."""
    match condition:
        case Test():
            truth = holds(condition)
            met = [one for one in _singles(condition) if holds(one)] if truth else [condition]
            seen.update(_branch(one, truth) for one in met)
            return truth
        case Not(part=part):
            return not _look(part, holds, seen)
        case All(parts=parts):
            return all(_look(part, holds, seen) for part in parts)
        case Any(parts=parts):
            for part in parts:
                if _look(part, holds, seen):
                    if not isinstance(part, Test):
                        seen.add(_alternative(part))
                    return True
            return False


def _singles(test: Test) -> Sequence[Test]:
    """Return a test for each value of a list; the test itself when there is no list."""
    if test.operator != "in" or not isinstance(test.operand, tuple):
        return (test,)
    return [replace(test, operator="is", operand=item) for item in test.operand]


def _branch(test: Test, truth: bool) -> Branch:
    return Branch(line=test.line, column=test.column, words=in_words(test), truth=truth)


def _alternative(condition: Condition) -> Branch:
    tests = list(tests_of(condition))
    first = min(tests, key=lambda test: (test.line, test.column))
    words = f"the alternative of {' and '.join(dict.fromkeys(test.attribute for test in tests))}"
    return Branch(line=first.line, column=first.column, words=words, truth=True)
