"""Other rules engines for Python, each given a playbook's rules: which of them match a lead, by number."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any as Anything

import business_rules
import clips
import rule_engine
import zen
from business_rules.variables import boolean_rule_variable, numeric_rule_variable, string_rule_variable
from json_logic import jsonLogic

from rules.conditions import All, Any, Condition, Test
from scoring.attributes import Kind

# A lead's values by attribute; the ascending numbers of the rules that match it.
Answer = Callable[[dict[str, Anything]], list[int]]

_INFIX = MappingProxyType({"at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "is": "==", "in": "in"})


class UnsaidError(Exception):
    """A condition that some rival has no words for."""


def zen_each(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """zen-engine with one decision for each rule."""
    decisions = [zen.compile_expression(infix(condition)) for condition in conditions]
    return lambda lead: [number for number, decision in enumerate(decisions) if decision.evaluate(lead)]


def zen_list(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """zen-engine with one expression that lists every rule's truth."""
    decision = zen.compile_expression(f"[{', '.join(map(infix, conditions))}]")
    return lambda lead: [number for number, truth in enumerate(decision.evaluate(lead)) if truth]


def rule_engine_each(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """rule-engine."""
    rules = [rule_engine.Rule(infix(condition)) for condition in conditions]
    return lambda lead: [number for number, rule in enumerate(rules) if rule.matches(lead)]


def json_logic_each(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """json-logic."""
    rules = [_json(condition) for condition in conditions]
    return lambda lead: [number for number, rule in enumerate(rules) if jsonLogic(rule, lead)]


def business_rules_each(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """business-rules."""
    variables = type("Lead", (business_rules.variables.BaseVariables,), _variables(kinds))
    rules = [_business(condition) for condition in conditions]
    check = business_rules.engine.check_conditions_recursively

    def answer(lead: dict[str, Anything]) -> list[int]:
        defined = variables()
        defined.lead = lead
        return [number for number, rule in enumerate(rules) if check(rule, defined)]

    return answer


def clips_all(conditions: Sequence[Condition], kinds: Mapping[str, Kind]) -> Answer:
    """clipspy: one Rete network of all rules."""
    fired: list[int] = []
    environment = clips.Environment()
    environment.define_function(fired.append, "fired")
    environment.build(f"(deftemplate lead {' '.join(f'(slot {name})' for name in kinds)})")
    for number, condition in enumerate(conditions):
        environment.build(f"(defrule r{number} {_clips_pattern(condition)} => (fired {number}))")
    template = environment.find_template("lead")

    def answer(lead: dict[str, Anything]) -> list[int]:
        fired.clear()
        environment.reset()
        template.assert_fact(**{name: _clips_value(value) for name, value in lead.items()})
        environment.run()
        return sorted(fired)

    return answer


RIVALS: Mapping[str, Callable[[Sequence[Condition], Mapping[str, Kind]], Answer]] = MappingProxyType(
    {
        "zen-engine, one decision a rule": zen_each,
        "zen-engine, one list of all": zen_list,
        "clipspy": clips_all,
        "rule-engine": rule_engine_each,
        "business-rules": business_rules_each,
        "json-logic": json_logic_each,
    }
)


def infix(condition: Condition) -> str:
    """Return a condition as zen-engine and rule-engine write it."""
    match condition:
        case Test(attribute=name, operator=operator, operand=operand):
            return f"{name} {_INFIX[operator]} {_literal(operand)}"
        case All(parts=parts):
            return f"({' and '.join(map(infix, parts))})"
        case Any(parts=parts):
            return f"({' or '.join(map(infix, parts))})"
    raise UnsaidError


def _literal(operand: Anything) -> str:
    if isinstance(operand, tuple):
        return f"[{', '.join(map(_literal, operand))}]"
    return str(operand).lower() if isinstance(operand, bool) else repr(operand)


def _json(condition: Condition) -> Mapping[str, Anything]:
    match condition:
        case Test(attribute=name, operator=operator, operand=operand):
            return {_INFIX[operator]: [{"var": name}, list(operand) if isinstance(operand, tuple) else operand]}
        case All(parts=parts):
            return {"and": list(map(_json, parts))}
        case Any(parts=parts):
            return {"or": list(map(_json, parts))}
    raise UnsaidError


_BUSINESS = MappingProxyType(
    {
        "at_least": "greater_than_or_equal_to",
        "at_most": "less_than_or_equal_to",
        "above": "greater_than",
        "below": "less_than",
        "is": "equal_to",
    }
)
_DECORATORS = MappingProxyType(
    {"number": numeric_rule_variable, "text": string_rule_variable, "flag": boolean_rule_variable}
)


def _variables(kinds: Mapping[str, Kind]) -> dict[str, Anything]:
    def variable(name: str, kind: Kind) -> Anything:
        return _DECORATORS[kind](lambda self: self.lead[name])

    return {name: variable(name, kind) for name, kind in kinds.items()}


def _business(condition: Condition) -> Mapping[str, Anything]:
    match condition:
        case Test(attribute=name, operator="in", operand=tuple(values)):
            return {"any": [{"name": name, "operator": "equal_to", "value": value} for value in values]}
        case Test(attribute=name, kind="flag", operand=operand):
            return {"name": name, "operator": "is_true" if operand else "is_false", "value": True}
        case Test(attribute=name, operator=operator, operand=operand):
            return {"name": name, "operator": _BUSINESS[operator], "value": operand}
        case All(parts=parts):
            return {"all": list(map(_business, parts))}
        case Any(parts=parts):
            return {"any": list(map(_business, parts))}
    raise UnsaidError


def _clips_pattern(condition: Condition) -> str:
    """Return a rule's left side: single tests as constraints of the lead's slots, alternatives as a test on them."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    slots: dict[str, list[str]] = {}
    for part in parts:
        for test in _tests(part):
            slots.setdefault(test.attribute, [])
        if isinstance(part, Test):
            slots[part.attribute].append(f":{_clips_call(part)}" if part.kind == "number" else _clips_choice(part))
    constraints = " ".join(f"({name} {'&'.join([f'?{name}', *own])})" for name, own in slots.items())
    nested = " ".join(f"(test {_clips_call(part)})" for part in parts if not isinstance(part, Test))
    return f"(lead {constraints}) {nested}"


def _tests(condition: Condition) -> list[Test]:
    match condition:
        case Test():
            return [condition]
        case All(parts=parts) | Any(parts=parts):
            return [test for part in parts for test in _tests(part)]
    raise UnsaidError


def _clips_choice(test: Test) -> str:
    values = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return "|".join(_clips_literal(value) for value in values)


def _clips_call(condition: Condition) -> str:
    match condition:
        case Test(attribute=name, kind="number", operator=operator, operand=operand):
            return f"({'=' if operator == 'is' else _INFIX[operator]} ?{name} {operand})"
        case Test(attribute=name, operand=operand):
            values = operand if isinstance(operand, tuple) else (operand,)
            return f"(or {' '.join(f'(eq ?{name} {_clips_literal(value)})' for value in values)} FALSE)"
        case All(parts=parts):
            return f"(and {' '.join(map(_clips_call, parts))})"
        case Any(parts=parts):
            return f"(or {' '.join(map(_clips_call, parts))})"
    raise UnsaidError


def _clips_literal(value: Anything) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _clips_value(value: Anything) -> Anything:
    return clips.Symbol(str(value).lower()) if isinstance(value, bool) else value
