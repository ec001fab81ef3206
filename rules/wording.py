"""Conditions in words: for messages and explanations."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from rules.conditions import All, Any, Condition, Operand, Operator, Test
from rules.spans import span_text

_PHRASES: Mapping[Operator, str] = MappingProxyType(
    {
        "is": "is",
        "in": "is one of",
        "at_least": "is at least",
        "at_most": "is at most",
        "above": "is above",
        "below": "is below",
        "between": "lies between",
        "contains": "contains",
        "starts_with": "starts with",
        "ends_with": "ends with",
        "matches": "matches",
        "before": "lies before",
        "after": "lies after",
        "within": "lies within the last",
    }
)


def in_words(test: Test) -> str:
    """Return a test in words: `employees is at least 1000`."""
    if test.operator == "missing":
        return f"{test.attribute} is {'missing' if test.operand else 'not missing'}"
    return f"{test.attribute} {_PHRASES[test.operator]} {_operand_text(test)}"


def condition_in_words(condition: Condition) -> str:
    """Return a whole condition in words: `grade is one of 'A', 'B' and country is 'DE'`."""
    match condition:
        case Test():
            return in_words(condition)
        case All():
            return _joined(condition.parts, " and ")
        case Any():
            return _joined(condition.parts, " or ")
        case _:
            return f"not ({condition_in_words(condition.part)})"


def _joined(parts: tuple[Condition, ...], by: str) -> str:
    said = [condition_in_words(part) if isinstance(part, Test) else f"({condition_in_words(part)})" for part in parts]
    return said[0].removeprefix("(").removesuffix(")") if len(said) == 1 else by.join(said)


def _operand_text(test: Test) -> str:
    if isinstance(test.operand, tuple):
        joint = " and " if test.operator == "between" else ", "
        return joint.join(value_text(value) for value in test.operand)
    return value_text(test.operand)


def value_text(value: Operand | None) -> str:
    """Return a value as the playbook would write it; None is `missing`."""
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case str():
            return f"'{value}'"
        case timedelta():
            return span_text(value)
        case datetime():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(value_text(item) for item in value)}]"
        case _:
            return str(value)
