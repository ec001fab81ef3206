"""Reads conditions: a mapping is AND over its keys; `any`, `all` and `not` nest."""

import re

from rules.conditions import All, Any, Condition, Not, Test
from rules.nodes import ListNode, MapNode, Node, ScalarNode
from rules.operands import OPERATORS, SUITING, read_operand
from rules.problems import meant, shown
from rules.reading import Reading
from rules.remedies import comparison_remedy
from rules.strata import tests_of
from rules.terms import Term, is_mapping, wrong
from scoring.attributes import Attribute

Stages = frozenset[str]
RULE_STAGES: Stages = frozenset({"lead", "score"})
ROUTE_STAGES: Stages = frozenset({"lead", "score", "verdict"})
MOST_TESTS = 500
COMBINATORS = ("any", "all", "not")


def condition_term(stages: Stages) -> Term:
    """Return a term for a condition on attributes of these stages."""

    def read(node: Node, reading: Reading) -> Condition | None:
        condition = read_condition(node, reading, stages)
        if condition is not None and sum(1 for _ in tests_of(condition)) > MOST_TESTS:
            reading.note(
                node, "too-large", f"one condition makes more than {MOST_TESTS} tests", "split it, or use a list"
            )
            return None
        return condition

    return Term(says="a condition", read=read, schema={"$ref": f"#/$defs/{condition_name(stages)}"})


def condition_name(stages: Stages) -> str:
    """Return the name that the JSON Schema has for conditions on attributes of these stages."""
    return "condition" if stages == ROUTE_STAGES else "rule_condition"


def read_condition(node: Node, reading: Reading, stages: Stages) -> Condition | None:
    """Return the condition a mapping states; None when something in it is broken (noted)."""
    if not is_mapping(node, reading, "a condition", _as_condition(node)):
        return None
    if {key.text for key, _ in node.entries} & _NAMING and len(node.entries) > 1 and _is_named(node, reading):
        message = "a condition has its attribute as a key"
        reading.note(node, "unknown-attribute", message, "write {employees: {at_least: 5}}")
        return None
    if not node.entries:
        reading.note(node, "empty-condition", "the condition is empty", "name an attribute")
        return None
    return _both([_entry(key, value, reading, stages) for key, value in node.entries])


# Keys by which other tools name the attribute of a condition.
_NAMING = {"field", "fact", "attribute", "property", "variable"}


def _is_named(node: MapNode, reading: Reading) -> bool:
    """Whether a condition names its attribute as other tools do: `{field: employees, op: gte, value: 5}`."""
    return not any(key.text in reading.attributes for key, _ in node.entries)


def _as_condition(node: Node) -> str:
    """Return how to write a condition where something else stands."""
    if isinstance(node, ListNode):
        values = ", ".join(shown(item.text) for item in node.items if isinstance(item, ScalarNode))
        return f"write {{attribute: [{values}]}}" if values else "write any: or all: before the list"
    text = node.text if isinstance(node, ScalarNode) else ""
    if text.casefold() in ("true", "yes", "always", "any", "all", "*", "else", "otherwise", "default"):
        return "leave it out: what has no condition takes every lead"
    return comparison_remedy(text) or "write `attribute: value` lines below it"


def _entry(key: ScalarNode, value: Node, reading: Reading, stages: Stages) -> Condition | None:
    if key.text in ("any", "all"):
        return _combined(key, value, reading, stages)
    if key.text == "not":
        part = read_condition(value, reading, stages)
        return None if part is None else Not(part=part)
    if key.text not in reading.attributes and isinstance(value, MapNode) and _holds_attributes(value, reading):
        message = f"'{shown(key.text)}' is not an attribute, but holds some"
        reading.note(key, "unknown-attribute", message, "write what stands in it in its place")
        return None
    attribute = _attribute(key, reading, stages)
    return None if attribute is None else read_on_attribute(key.text, attribute, value, reading)


def _holds_attributes(value: MapNode, reading: Reading) -> bool:
    return bool(value.entries) and all(name.text in reading.attributes for name, _ in value.entries)


def _combined(key: ScalarNode, value: Node, reading: Reading, stages: Stages) -> Condition | None:
    if not isinstance(value, ListNode):
        wrong(value, reading, f"a list of conditions under '{key.text}'", "begin each with '- '")
        return None
    if not value.items:
        reading.note(value, "empty-condition", f"'{key.text}' lists no condition", "name an attribute")
        return None
    parts = [read_condition(item, reading, stages) for item in value.items]
    if key.text == "all":
        return _both(parts)
    whole = [part for part in parts if part is not None]
    return Any(parts=tuple(whole)) if len(whole) == len(parts) else None


def _both(parts: list[Condition | None]) -> Condition | None:
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    return whole[0] if len(whole) == 1 else All(parts=tuple(whole))


def _attribute(key: ScalarNode, reading: Reading, stages: Stages) -> Attribute | None:
    attribute = reading.attributes.get(key.text)
    if key.text in reading.unsound:
        return None
    if attribute is None:
        reading.note_attribute(key, key.text, (*reading.attributes, *COMBINATORS))
    elif attribute.stage not in stages:
        reading.note(
            key,
            "too-early",
            f"a rule cannot test '{key.text}': it is known only once all rules have run",
            "test it in a route",
        )
    else:
        return attribute
    return None


def read_on_attribute(name: str, attribute: Attribute, value: Node, reading: Reading) -> Condition | None:
    """Return the condition on one attribute: a scalar is equality, a list membership, a mapping operators."""
    if isinstance(value, ScalarNode):
        return _test(name, attribute, "is", value, reading)
    if isinstance(value, ListNode):
        return _test(name, attribute, "in", value, reading)
    if not value.entries:
        reading.note(value, "empty-condition", f"'{name}' is tested for nothing", "write a value or an operator")
        return None
    return _both([_operation(name, attribute, word, operand, reading) for word, operand in value.entries])


def _operation(name: str, attribute: Attribute, word: ScalarNode, operand: Node, reading: Reading) -> Condition | None:
    if word.text == "not":
        part = read_on_attribute(name, attribute, operand, reading)
        return None if part is None else Not(part=part)
    return _test(name, attribute, word.text, operand, reading, word)


def _test(
    name: str, attribute: Attribute, word: str, operand: Node, reading: Reading, at: ScalarNode | None = None
) -> Test | None:
    """Return the test; its place is the operator's where one is written, else the operand's."""
    place = at or operand
    operator = next((known for known in OPERATORS if known == word), None)
    if operator is None:
        _note_operator(place, attribute, word, operand, reading)
        return None
    value = read_operand(name, attribute.kind, operator, operand, reading, place)
    if value is None:
        return None
    return Test(
        attribute=name, kind=attribute.kind, operator=operator, operand=value, line=place.line, column=place.column
    )


def _note_operator(place: Node, attribute: Attribute, word: str, operand: Node, reading: Reading) -> None:
    """Note an unknown operator; in `{at_least: 1,000}` the comma ended the number, and `000` looks like one."""
    if re.fullmatch(r"\d{3}", word) and isinstance(operand, ScalarNode) and operand.empty:
        message = f"the comma ends the number before '{word}'"
        reading.note(place, "unknown-operator", message, "write numbers without separators: 1000")
        return
    suiting = (*SUITING[attribute.kind], "not")
    known = suiting if meant(word, suiting) or not meant(word, OPERATORS) else tuple(OPERATORS)
    reading.note_unknown(place, "operator", word, known)
