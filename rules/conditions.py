"""Conditions on facts, as a tree."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from scoring.attributes import Kind
from scoring.lead import Value

# `not` is no operator of a test: `{not: x}` is the complement of the test for `x`.
Operator = Literal[
    "is",
    "in",
    "at_least",
    "at_most",
    "above",
    "below",
    "between",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "missing",
    "before",
    "after",
    "within",
]

# A list of operands is a tuple, a pair of instants belongs to `between`, a span to `within`.
Operand = Value | timedelta | tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """One attribute against one operand; false when the attribute is missing (but for `missing` itself)."""

    attribute: str
    kind: Kind
    operator: Operator
    operand: Operand
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    """Holds when every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Any:
    """Holds when some part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """Holds when its part does not: a plain complement, also for missing attributes."""

    part: "Condition"


Condition = Test | All | Any | Not
