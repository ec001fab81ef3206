"""Lowers conditions to closures over a row: one typed, folded value for each form in which an attribute is tested."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any as Anything

import re2

from rules.conditions import All, Any, Condition, Not, Operator, Test
from rules.operands import pattern_options
from scoring.attributes import coerce
from scoring.lead import Value

# A row's entries are of the kinds the slots say; the closures rely on that, so they are not typed further.
Row = Sequence[Anything]
Holds = Callable[[Row, datetime], bool]


def folded(value: Value | None) -> str | None:
    """Return text as it compares: without case and outer spaces; None for what is no text."""
    return value.strip().casefold() if isinstance(value, str) else None


def as_text(value: Value | None) -> str | None:
    """Return text without outer spaces, its case kept for patterns; None for what is no text."""
    return value.strip() if isinstance(value, str) else None


def as_number(value: Value | None) -> int | float | None:
    """Return a number other than NaN; None for everything else."""
    return value if isinstance(value, (int, float)) and value.__class__ is not bool and value == value else None


def as_flag(value: Value | None) -> bool | None:
    """Return a truth; None for everything else."""
    return value if isinstance(value, bool) else None


def as_time(value: Value | None) -> datetime | None:
    """Return an aware instant; None for everything else."""
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def as_items(value: Value | None) -> frozenset[str | None] | None:
    """Return a list's items as they compare (numbers and flags as text); None for what is no list."""
    return frozenset(folded(coerce(item, "text")) for item in value) if isinstance(value, tuple) else None


Form = Callable[[Value | None], Anything]
FORMS: Mapping[str, Form] = MappingProxyType(
    {"text": folded, "number": as_number, "flag": as_flag, "time": as_time, "list": as_items}
)


@dataclass(kw_only=True, slots=True)
class Slots:
    """The attributes that a set of conditions looks at, each in the forms they need; lowering adds to them."""

    places: dict[tuple[str, Form], int] = field(default_factory=dict)

    def of(self, attribute: str, form: Form) -> int:
        """Return the place of an attribute's form in the row."""
        return self.places.setdefault((attribute, form), len(self.places))

    def row(self, values: Mapping[str, Value]) -> list[Anything]:
        """Return the row of a lead's values."""
        given = values.get
        return [form(given(name)) for name, form in self.places]


def lower(condition: Condition | None, slots: Slots) -> Holds:
    """Return a closure that says whether the condition holds for a row at an instant."""
    match condition:
        case None:
            return lambda row, now: True
        case Test():
            return _test(condition, slots)
        case Not(part=part):
            holds = lower(part, slots)
            return lambda row, now: not holds(row, now)
        case All(parts=parts):
            return _all([lower(part, slots) for part in parts])
        case Any(parts=parts):
            return _any([lower(part, slots) for part in parts])


def _all(parts: list[Holds]) -> Holds:
    if len(parts) == 2:
        first, second = parts
        return lambda row, now: first(row, now) and second(row, now)

    def holds(row: Row, now: datetime) -> bool:
        for part in parts:  # noqa: SIM110 - all() with a generator takes twice as long
            if not part(row, now):
                return False
        return True

    return holds


def _any(parts: list[Holds]) -> Holds:
    def holds(row: Row, now: datetime) -> bool:
        for part in parts:  # noqa: SIM110 - any() with a generator takes twice as long
            if part(row, now):
                return True
        return False

    return holds


def _test(test: Test, slots: Slots) -> Holds:
    if test.operator == "matches":
        return _matches(slots.of(test.attribute, as_text), str(test.operand))
    place = slots.of(test.attribute, FORMS[test.kind])
    return _TESTS[test.operator](place, comparable(test))


def comparable(test: Test) -> Anything:
    """Return the operand as it compares: text folded, a list of values as a set."""
    operand = test.operand
    if test.kind in ("text", "list") and isinstance(operand, str):
        return folded(operand)
    if test.operator == "in" and isinstance(operand, tuple):
        return frozenset(folded(item) if isinstance(item, str) else item for item in operand)
    return operand


def _matches(i: int, pattern: str) -> Holds:
    search = re2.compile(pattern, pattern_options()).search

    def holds(row: Row, now: datetime) -> bool:
        try:
            return row[i] is not None and search(row[i]) is not None
        except UnicodeEncodeError:  # half of a surrogate pair is no text that a pattern could describe
            return False

    return holds


def _is(i: int, want: Anything) -> Holds:
    return lambda row, now: row[i] == want


def _in(i: int, want: frozenset[Anything]) -> Holds:
    return lambda row, now: row[i] in want


def _at_least(i: int, want: Anything) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value >= want


def _at_most(i: int, want: Anything) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value <= want


def _above(i: int, want: Anything) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value > want


def _below(i: int, want: Anything) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value < want


def _between(i: int, want: tuple[Anything, Anything]) -> Holds:
    low, high = want
    return lambda row, now: (value := row[i]) is not None and low <= value <= high


def _contains(i: int, want: str) -> Holds:
    return lambda row, now: (value := row[i]) is not None and want in value


def _starts_with(i: int, want: str) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value.startswith(want)


def _ends_with(i: int, want: str) -> Holds:
    return lambda row, now: (value := row[i]) is not None and value.endswith(want)


def _missing(i: int, want: bool) -> Holds:
    return lambda row, now: (row[i] is None) is want


def _within(i: int, want: timedelta) -> Holds:
    return lambda row, now: (value := row[i]) is not None and timedelta(0) <= now - value <= want


_TESTS: Mapping[Operator, Callable[[int, Anything], Holds]] = MappingProxyType(
    {
        "is": _is,
        "in": _in,
        "at_least": _at_least,
        "at_most": _at_most,
        "above": _above,
        "below": _below,
        "between": _between,
        "contains": _contains,
        "starts_with": _starts_with,
        "ends_with": _ends_with,
        "missing": _missing,
        "before": _below,
        "after": _above,
        "within": _within,
    }
)
