"""JSON Schemas of the playbook and of its cases, from the same declarations that the readers use."""

from typing import Any

from rules.cases import CASES
from rules.operands import OPERATORS, SUITING
from rules.read import PLAYBOOK
from rules.sections import Section, section_schema
from scoring.attributes import BUILT_IN, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALAR = {"type": ["string", "number", "boolean"]}
_VALUES: dict[Kind, dict[str, Any]] = {
    "text": _SCALAR,
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "time": {"type": "string"},
    "list": _SCALAR,
}


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
                **{
                    name: {"$ref": f"#/$defs/{attribute.kind}", "description": attribute.about}
                    for name, attribute in BUILT_IN.items()
                },
            },
            "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in SUITING]},
        },
        **{kind: _kind_schema(kind) for kind in SUITING},
    }


def _kind_schema(kind: Kind) -> dict[str, Any]:
    """Return what may stand behind an attribute: a value, a list of values, or operators."""
    operators: dict[str, Any] = {
        operator: {**_operand_schema(kind, operator), "description": about}
        for operator, about in OPERATORS.items()
        if operator in SUITING[kind]
    }
    negation = {"$ref": f"#/$defs/{kind}", "description": "the complement: also true when the attribute is missing"}
    mapping = {
        "type": "object",
        "minProperties": 1,
        "properties": {**operators, "not": negation},
        "additionalProperties": False,
    }
    bare = [_VALUES[kind]] if "is" in SUITING[kind] else []
    several = [{"type": "array", "items": _VALUES[kind], "minItems": 1}] if "in" in SUITING[kind] else []
    return {"anyOf": [*bare, *several, mapping]}


def _operand_schema(kind: Kind, operator: str) -> dict[str, Any]:
    match operator:
        case "missing":
            return {"type": "boolean"}
        case "in":
            return {"type": "array", "items": _VALUES[kind], "minItems": 1}
        case "between":
            return {"type": "array", "items": _VALUES[kind], "minItems": 2, "maxItems": 2}
        case "within":
            return {"type": "string"}
        case _:
            return _VALUES[kind]
