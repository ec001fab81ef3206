"""JSON Schemas of the playbook and of its cases, from the same declarations that the readers use."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rules.cases import CASES
from rules.checks.domains import RANGES, WORDS
from rules.conditions import Operator
from rules.operands import OPERATORS, SUITING, value_term
from rules.read import PLAYBOOK
from rules.read_conditions import ROUTE_STAGES, RULE_STAGES, Stages, condition_name
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


# Attributes whose values have a form that a pattern tells.
_SPELT = ("email", "email_domain")


def playbook_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `playbook.yaml`, for editors."""
    return _schema(PLAYBOOK)


def cases_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `playbook.cases.yaml`."""
    return _schema(CASES)


def _schema(section: Section) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": section.about, **section_schema(section), "$defs": _definitions()}


def _definitions() -> dict[str, Any]:
    """Return what conditions are made of: the conditions themselves, and what may be said of each kind of attribute."""
    conditions = {condition_name(stages): _condition_schema(stages) for stages in (RULE_STAGES, ROUTE_STAGES)}
    kinds: dict[str, Schema] = {kind: _kind_schema(kind, kind, _VALUES[kind]) for kind in SUITING}
    return {**conditions, **kinds, **{name: _own_schema(name) for name in (*WORDS, *_SPELT, *RANGES)}}


def _condition_schema(stages: Stages) -> Schema:
    """Return what a condition may be that tests attributes of these stages."""
    own = {"$ref": f"#/$defs/{condition_name(stages)}"}
    several = {"type": "array", "items": own, "minItems": 1}
    later = {"not": {}, "description": "Known only once all rules have run: test it in a route"}
    return {
        "type": "object",
        "description": "All of these must hold",
        "minProperties": 1,
        "properties": {
            "any": {**several, "description": "At least one of these holds"},
            "all": {**several, "description": "All of these hold"},
            "not": {**own, "description": "This does not hold"},
            **{
                name: _tests_of(name, attribute) if attribute.stage in stages else later
                for name, attribute in BUILT_IN.items()
            },
        },
        "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in SUITING]},
    }


def _tests_of(name: str, attribute: Attribute) -> Schema:
    own = name in WORDS or name in _SPELT or name in RANGES
    return {"$ref": f"#/$defs/{name if own else attribute.kind}", "description": attribute.about}


def _own_schema(name: str) -> Schema:
    """Return what may stand behind an attribute that does not take every value of its kind."""
    kind = BUILT_IN[name].kind
    if name in WORDS:
        words = {"type": "string", "anyOf": [{"enum": list(WORDS[name])}, {"pattern": _in_any_case(WORDS[name])}]}
        return _kind_schema(name, kind, words)
    return _kind_schema(name, kind, value_term(name, kind).schema, RANGES.get(name))


def _in_any_case(words: Sequence[object]) -> str:
    spelt = ("".join(f"[{letter.lower()}{letter.upper()}]" for letter in str(word)) for word in words)
    return rf"^\s*({'|'.join(spelt)})\s*$"


def _kind_schema(name: str, kind: Kind, value: Schema, span: tuple[float, float] | None = None) -> Schema:
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
        "properties": {**operators, "not": {"$ref": f"#/$defs/{name}", **negation}},
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
