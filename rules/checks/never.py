"""Finds conditions, and alternatives inside them, that no lead can ever fulfil."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.checks.domains import Domains, known_value
from rules.checks.reach import Goal, Reach
from rules.conditions import All, Any, Condition, Not, Operand, Test
from rules.reading import Place, Reading
from rules.strata import tests_of
from rules.wording import in_words, value_text

# A test, and whether it must hold or must not.
Literal = tuple[Test, bool]


def check_condition(condition: Condition, domains: Domains, reading: Reading) -> None:
    """Note what can never hold in a condition on leads with these domains."""
    note_never_true(condition, (), Reach([condition], domains), reading)


def note_never_true(condition: Condition, known: Sequence[Goal], reach: Reach, reading: Reading) -> None:
    """Note the smallest parts of a condition that can never hold, given what is `known` of every lead it sees."""
    if reach.possible([*known, (condition, True)]):
        _look_inside(condition, known, reach, reading)
    else:
        _note(condition, known, reach, reading)


def _look_inside(condition: Condition, known: Sequence[Goal], reach: Reach, reading: Reading) -> None:
    """Look for dead alternatives in a condition that can hold."""
    match condition:
        case All(parts=parts):
            for index, part in enumerate(parts):
                others = [(other, True) for k, other in enumerate(parts) if k != index]
                _look_inside(part, [*known, *others], reach, reading)
        case Any(parts=parts):
            for part in parts:
                note_never_true(part, known, reach, reading)
        case Test(operator="in", operand=tuple(items)):
            for item in items if len(items) > 1 else ():
                _check_item(condition, item, known, reach, reading)
        case Not(part=part):
            # What is denied must be able to happen at all; the rest of the condition does not matter to that.
            note_never_true(part, (), reach, reading)


def _check_item(test: Test, item: Operand, known: Sequence[Goal], reach: Reach, reading: Reading) -> None:
    """Note a value of a list that no lead can ever have, given what is `known` of it."""
    alone = replace(test, operator="is", operand=item)
    if reach.possible([*known, (alone, True)]):
        return
    clash = [literal for literal in _clash([*known, (alone, True)], reach) if literal[0] != alone]
    against = "; ".join(_literal_text(literal) for literal in clash) or reach.domains.text(test.attribute)
    message = f"{test.attribute} can never be {value_text(item)} here{f': {against}' if against else ''}"
    remedy = "" if clash else known_value(test.attribute, item, reach.domains)
    reading.note(Place(line=test.line, column=test.column), "never-true", message, remedy or "take it out of the list")


def _note(condition: Condition, known: Sequence[Goal], reach: Reach, reading: Reading) -> None:
    """Note a dead condition at its smallest dead part, else at the last test of those that exclude each other."""
    parts = condition.parts if isinstance(condition, All | Any) else ()
    dead = [part for part in parts if not reach.possible([*known, (part, True)])]
    if dead:
        for part in dead:
            _note(part, known, reach, reading)
        return
    clash = _clash([*known, (condition, True)], reach)
    choices = [] if clash else [part for part in parts if isinstance(part, Any)]
    if choices and isinstance(condition, All):
        others = [(part, True) for part in parts if part is not choices[0]]
        _note(choices[0], [*known, *others], reach, reading)
        return
    own = list(tests_of(condition))
    last = max([test for test, _ in clash if test in own] or own, key=lambda test: (test.line, test.column))
    place = Place(line=last.line, column=last.column)
    lone = known_value(last.attribute, last.operand, reach.domains) if len(clash) == 1 else ""
    remedy = "change one of them" if len(clash) > 1 else lone
    reading.note(place, "never-true", _message(clash, reach.domains), remedy)


def _clash(goals: Sequence[Goal], reach: Reach) -> list[Literal]:
    """Return literals on one attribute that exclude each other or its domain; empty when it takes more than that."""
    literals = [literal for condition, wanted in goals for literal in _literals(condition, wanted)]
    for attribute in dict.fromkeys(test.attribute for test, _ in literals):
        alike = [literal for literal in literals if literal[0].attribute == attribute]
        if not reach.possible(alike):
            return _needed(alike, reach)
    return []


def _needed(literals: list[Literal], reach: Reach) -> list[Literal]:
    """Return as few of the literals as still exclude each other."""
    for literal in list(literals):
        fewer = [other for other in literals if other is not literal]
        if fewer and not reach.possible(fewer):
            literals = fewer
    return literals


def _literals(condition: Condition, wanted: bool) -> Iterator[Literal]:
    """Yield the tests that must be so for the condition to be as wanted, leaving alternatives out."""
    match condition:
        case Test():
            yield condition, wanted
        case Not(part=part):
            yield from _literals(part, not wanted)
        case All(parts=parts) if wanted:
            for part in parts:
                yield from _literals(part, True)
        case Any(parts=parts) if not wanted:
            for part in parts:
                yield from _literals(part, False)


def _message(clash: Sequence[Literal], domains: Domains) -> str:
    if not clash:
        return "no lead can fulfil this condition: its parts exclude each other"
    said = "; ".join(map(_literal_text, clash))
    if len(clash) > 1:
        return f"no lead can fulfil these together: {said}"
    domain = domains.text(clash[0][0].attribute)
    return f"no lead can ever fulfil this: {said}{f'; {domain}' if domain else ''}"


def _literal_text(literal: Literal) -> str:
    test, wanted = literal
    return f"{'' if wanted else 'not: '}{in_words(test)}"
