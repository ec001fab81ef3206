"""Lowers conditions to paths of predicates on small integers: all that a network is ever trusted with.

A number or an instant becomes its rank among the cuts that the conditions make, a text or a flag becomes a code
from a book, every other test becomes a 0/1 code worked out in Python. NOT is pushed inwards and OR multiplied out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any as Anything

from rules.columns import Book, Column, Columns, Flag, Ranks
from rules.conditions import All, Condition, Not, Operator, Test
from rules.lower import FORMS, Slots, folded, lower
from rules.predicates import Path, Predicate, column_names
from rules.strata import tests_of
from scoring.attributes import Kind

# A rule of more alternatives is worked out in Python, and so is one of more predicates on a path: durable-rules
# refuses to hold more than 29 together.
MOST_PATHS = 16
MOST_PREDICATES = 24
# A test of more separate ranges is cheaper as one 0/1 code.
MOST_RANGES = 4

# Which tests codes can tell; `missing` always, as code 0.
_CODED: Mapping[Kind, tuple[Operator, ...]] = MappingProxyType(
    {
        "number": ("is", "in", "at_least", "at_most", "above", "below", "between", "missing"),
        "time": ("before", "after", "between", "missing"),
        "text": ("is", "in", "missing"),
        "flag": ("is", "missing"),
    }
)
# Which operands of a test tell what begins with them from what lies before, and which what ends with them from what
# comes after.
_EACH, _NONE, _LOW, _HIGH = slice(None), slice(0), slice(0, 1), slice(1, 2)
_STARTING: Mapping[Operator, slice] = MappingProxyType(
    {"is": _EACH, "in": _EACH, "at_least": _EACH, "below": _EACH, "before": _EACH, "between": _LOW}
)
_ENDING: Mapping[Operator, slice] = MappingProxyType(
    {"is": _EACH, "in": _EACH, "at_most": _EACH, "above": _EACH, "after": _EACH, "between": _HIGH}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What networks need to know of numbered conditions.

    `paths` names the conditions that each path fulfils, `always` those fulfilled by every lead, `by_hand` those that
    no network decides.
    """

    columns: Columns
    paths: Mapping[Path, tuple[int, ...]]
    always: tuple[int, ...]
    by_hand: tuple[int, ...]


def plan(conditions: Sequence[Condition | None], slots: Slots) -> Plan:
    """Return the plan for conditions numbered from 0, on rows of `slots` for which they have been lowered before."""
    lowering = _Lowering([condition for condition in conditions if condition is not None], slots)
    fulfilled: dict[Path, list[int]] = {}
    by_hand: list[int] = []
    for index, condition in enumerate(conditions):
        paths = (Path(),) if condition is None else lowering.paths(condition, wanted=True)
        if paths is None:
            by_hand.append(index)
        else:
            for path in paths:
                fulfilled.setdefault(path, []).append(index)
    always = tuple(fulfilled.pop(Path(), ()))
    used = {predicate.column for path in fulfilled for predicate in path}
    return Plan(
        columns=Columns({name: column for name, column in lowering.columns.items() if name in used}),
        paths={path: tuple(indexes) for path, indexes in fulfilled.items()},
        always=always,
        by_hand=tuple(by_hand),
    )


# Codes from the first to the last; without a last, all from the first up.
_Range = tuple[int, int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Codes:
    """A column with the code of each operand that the conditions name."""

    column: str
    of: Mapping[Anything, int]


class _Lowering:
    """The columns that a set of conditions needs, filled in while their paths are worked out."""

    def __init__(self, conditions: Sequence[Condition], slots: Slots) -> None:
        self.columns: dict[str, Column] = {}
        self._names = column_names()
        self._slots = slots
        self._flags: dict[tuple[object, ...], str] = {}
        coded: dict[tuple[str, Kind], list[Test]] = {}
        for test in (test for condition in conditions for test in tests_of(condition)):
            if test.operator in _CODED.get(test.kind, ()):
                coded.setdefault((test.attribute, test.kind), []).append(test)
        self._coded = {key: self._code_column(*key, tests) for key, tests in coded.items()}

    def paths(self, condition: Condition, *, wanted: bool) -> tuple[Path, ...] | None:
        """Return the alternative paths on which a condition is (or is not) fulfilled; None when they are too much."""
        if isinstance(condition, Test):
            return self._test_paths(condition, wanted=wanted)
        if isinstance(condition, Not):
            return self.paths(condition.part, wanted=not wanted)
        joined = _all_of if isinstance(condition, All) == wanted else _any_of
        return joined([self.paths(part, wanted=wanted) for part in condition.parts])

    def _test_paths(self, test: Test, *, wanted: bool) -> tuple[Path, ...]:
        if test.operator not in _CODED.get(test.kind, ()):
            return self._flag_paths(test, wanted=wanted)
        codes = self._coded[test.attribute, test.kind]
        ranges = _ranges(test, codes.of)
        if len(ranges) > MOST_RANGES:
            return self._flag_paths(test, wanted=wanted)
        if wanted:
            return tuple(_within(codes.column, *range_) for range_ in ranges)
        if all(low == high for low, high in ranges):
            return (frozenset(Predicate(codes.column, "is_not", low) for low, _ in ranges),)
        return tuple(_within(codes.column, *range_) for range_ in _complement(ranges))

    def _flag_paths(self, test: Test, *, wanted: bool) -> tuple[Path, ...]:
        key = (test.attribute, test.kind, test.operator, test.operand)
        if key not in self._flags:
            self._flags[key] = self._add(Flag(holds=lower(test, self._slots)))
        return (frozenset({Predicate(self._flags[key], "is", int(wanted))}),)

    def _code_column(self, attribute: str, kind: Kind, tests: Sequence[Test]) -> _Codes:
        operands = tuple(dict.fromkeys(operand for test in tests for operand in _operands(test)))
        if kind in ("number", "time"):
            starts, ends = (_cuts(tests, cut_by) for cut_by in (_STARTING, _ENDING))
            ranks = Ranks(attribute=attribute, form=FORMS[kind], starts=starts, ends=ends)
            return _Codes(column=self._add(ranks), of={operand: ranks.code(operand) for operand in operands})
        of = {operand: k + 2 for k, operand in enumerate(operands)}
        return _Codes(column=self._add(Book(attribute=attribute, form=FORMS[kind], codes={None: 0, **of})), of=of)

    def _add(self, column: Column) -> str:
        name = next(self._names)
        self.columns[name] = column
        return name


def _operands(test: Test) -> tuple[Anything, ...]:
    if test.operator == "missing":
        return ()
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return tuple(folded(operand) if isinstance(operand, str) else operand for operand in operands)


def _cuts(tests: Sequence[Test], cut_by: Mapping[Operator, slice]) -> tuple[Anything, ...]:
    return tuple(sorted({each for test in tests for each in _operands(test)[cut_by.get(test.operator, _NONE)]}))


def _ranges(test: Test, code: Mapping[Anything, int]) -> list[_Range]:
    """Return the ascending ranges of codes that fulfil a test."""
    codes = [code[operand] for operand in _operands(test)]
    match test.operator:
        case "missing":
            return [(0, 0)] if test.operand else [(1, None)]
        case "at_least":
            return [(codes[0], None)]
        case "above" | "after":
            return [(codes[0] + 1, None)]
        case "at_most":
            return [(1, codes[0])]
        case "below" | "before":
            return [(1, codes[0] - 1)]
        case "between":
            return [(codes[0], codes[1])]
        case _:
            return _joined(codes)


def _joined(codes: Iterable[int]) -> list[_Range]:
    """Return codes as ascending ranges, neighbours as one."""
    joined: list[tuple[int, int]] = []
    for code in sorted(set(codes)):
        if joined and code == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], code)
        else:
            joined.append((code, code))
    return list(joined)


def _complement(ranges: Sequence[_Range]) -> list[_Range]:
    """Return the ranges of codes, from 0 up, that the given ascending ranges leave out."""
    left: list[_Range] = []
    start: int | None = 0
    for low, high in ranges:
        if start is not None and start < low:
            left.append((start, low - 1))
        start = None if high is None else high + 1
    return left if start is None else [*left, (start, None)]


def _within(column: str, low: int, high: int | None) -> Path:
    if low == high:
        return frozenset({Predicate(column, "is", low)})
    bounds = [Predicate(column, "at_least", low)] if low > 0 else []
    return frozenset(bounds if high is None else [*bounds, Predicate(column, "at_most", high)])


def _all_of(parts: Sequence[tuple[Path, ...] | None]) -> tuple[Path, ...] | None:
    joined: tuple[Path, ...] = (Path(),)
    for part in parts:
        if part is None:
            return None
        joined = tuple(dict.fromkeys(left | right for left, right in product(joined, part)))
        if len(joined) > MOST_PATHS or any(len(path) > MOST_PREDICATES for path in joined):
            return None
    return joined


def _any_of(parts: Sequence[tuple[Path, ...] | None]) -> tuple[Path, ...] | None:
    joined: dict[Path, None] = {}
    for part in parts:
        if part is None:
            return None
        joined.update(dict.fromkeys(part))
    return None if len(joined) > MOST_PATHS else tuple(joined)
