"""Checks on rules: no circle of rules that feed each other, none that can never fire."""

from collections.abc import Sequence

from rules.checks.domains import rule_domains
from rules.checks.never import check_condition
from rules.playbook import Rule
from rules.reading import Place, Reading
from rules.strata import cycle_of, tests_of


def check_rules(rules: Sequence[Rule], reading: Reading) -> None:
    """Note a circle of rules, and conditions that no lead can fulfil."""
    for rule in rules:
        if rule.when is not None:
            check_condition(rule.when, rule_domains(), reading)
    circle = cycle_of(rules)
    if circle:
        _note_cycle(circle, reading)


def _note_cycle(circle: Sequence[Rule], reading: Reading) -> None:
    steps = []
    for feeder, fed in zip(circle, (*circle[1:], circle[0]), strict=True):
        tested = {test.attribute for test in tests_of(fed.when)}
        shared = next(name for name in feeder.then.set if name in tested)
        steps.append(f"'{feeder.name}' sets '{shared}', which '{fed.name}' tests")
    first = min(circle, key=lambda rule: rule.line)
    place = Place(line=first.line, column=first.column)
    reading.note(
        place, "cycle", f"rules feed each other in a circle: {'; '.join(steps)}", "set another attribute in one of them"
    )
