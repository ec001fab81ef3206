"""JSON Schemas of the playbook and of its cases, from the same declarations that the readers use."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rules.cases import CASES
from rules.checks.domains import RANGES, WORDS
from rules.conditions import Operator
from rules.operands import OPERATORS, SUITING, value_term
from rules.read import PLAYBOOK
from rules.sections import Section, section_schema
from rules.spans import length_term
from rules.terms import Schema, flag_term, time_term
from scoring.attributes import BUILT_IN, Attribute, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": ["string", "number", "boolean"], "minLength": 1}
_VALUES: dict[Kind, Schema] = {
    "text": _TEXT,
    "number": {"type": "number"},
    "flag": flag_term().schema,
    "time": time_term().schema,
    "list": _TEXT,
}

# Which side of an attribute's range a number must not lie beyond, or the test could never hold.
_BOUNDS: Mapping[Operator, tuple[tuple[str, int], ...]] = MappingProxyType(
    {
        "is": (("minimum", 0), ("maximum", 1)),
        "in": (("minimum", 0), ("maximum", 1)),
        "at_least": (("maximum", 1),),
        "at_most": (("minimum", 0),),
        "above": (("exclusiveMaximum", 1),),
        "below": (("exclusiveMinimum", 0),),
    }
)


def playbook_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `playbook.yaml`, for editors."""
    return _schema(PLAYBOOK)


def cases_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `playbook.cases.yaml`."""
    return _schema(CASES)


def _schema(section: Section) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": section.about, **section_schema(section), "$defs": _definitions()}


def _definitions() -> dict[str, Any]:
    """Return what conditions are made of: the condition itself, and what may be said of each kind of attribute."""
    conditions = {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
    return {
        "condition": {
            "type": "object",
            "description": "All of these must hold",
            "minProperties": 1,
            "properties": {
                "any": {**conditions, "description": "At least one of these holds"},
                "all": {**conditions, "description": "All of these hold"},
                "not": {"$ref": "#/$defs/condition", "description": "This does not hold"},
                **{name: _attribute_schema(name, attribute) for name, attribute in BUILT_IN.items()},
            },
            "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in SUITING]},
        },
        **{kind: _kind_schema(kind, _VALUES[kind]) for kind in SUITING},
    }


def _attribute_schema(name: str, attribute: Attribute) -> Schema:
    """Return what may stand behind a built-in attribute; its kind's schema where it takes any value of that kind."""
    if name in WORDS:
        words = {"type": "string", "anyOf": [{"enum": list(WORDS[name])}, {"pattern": _in_any_case(WORDS[name])}]}
        own = _kind_schema(attribute.kind, words)
    elif name in ("email", "email_domain"):
        own = _kind_schema(attribute.kind, value_term(name, attribute.kind).schema)
    elif name in RANGES:
        own = _kind_schema(attribute.kind, _VALUES[attribute.kind], RANGES[name])
    else:
        own = {"$ref": f"#/$defs/{attribute.kind}"}
    return {**own, "description": attribute.about}


def _in_any_case(words: Sequence[object]) -> str:
    spelt = ("".join(f"[{letter.lower()}{letter.upper()}]" for letter in str(word)) for word in words)
    return rf"^\s*({'|'.join(spelt)})\s*$"


def _kind_schema(kind: Kind, value: Schema, span: tuple[float, float] | None = None) -> Schema:
    """Return what may stand behind an attribute: a value, a list of values, or operators."""
    operators: dict[str, Any] = {
        operator: {**_operand_schema(kind, operator, value, span), "description": about}
        for operator, about in OPERATORS.items()
        if operator in SUITING[kind]
    }
    negation = {"description": "the complement: also true when the attribute is missing"}
    mapping = {
        "type": "object",
        "minProperties": 1,
        "properties": {**operators, "not": {"$ref": f"#/$defs/{kind}", **negation}},
        "additionalProperties": False,
    }
    alone = [_operand_schema(kind, "is", value, span)] if "is" in SUITING[kind] else []
    several = [_operand_schema(kind, "in", value, span)] if "in" in SUITING[kind] else []
    return {"anyOf": [*alone, *several, mapping]}


def _operand_schema(kind: Kind, operator: Operator, value: Schema, span: tuple[float, float] | None) -> Schema:
    bounds = _BOUNDS.get(operator, ()) if span else ()
    one = {**value, **{bound: (span or ())[end] for bound, end in bounds}}
    match operator:
        case "missing":
            return flag_term().schema
        case "in":
            return {"type": "array", "items": one, "minItems": 1}
        case "between":
            return {"type": "array", "items": value, "minItems": 2, "maxItems": 2}
        case "within":
            return length_term().schema
        case "is" | "at_least" | "at_most" | "above" | "below" | "before" | "after":
            return one
        case _:
            return _VALUES[kind]
