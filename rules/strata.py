"""Strata: a rule that sets an attribute runs before the rules that test it."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from rules.conditions import All, Any, Condition, Not, Test
from rules.playbook import Rule


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """Yield every test in a condition, in document order."""
    match condition:
        case Test():
            yield condition
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part=part):
            yield from tests_of(part)


def strata_of(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules in layers: each tests only what no rule sets, or rules of earlier layers set.

    Within a layer rules keep their document order.

    Raises:
        CycleError: when rules feed each other in a circle; its second argument lists their indexes.
    """
    feeders = _feeders(rules)
    layer: dict[int, int] = {}
    for index in TopologicalSorter(feeders).static_order():
        layer[index] = max((layer[feeder] + 1 for feeder in feeders[index]), default=0)
    layers: list[list[Rule]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for index, rule in enumerate(rules):
        layers[layer[index]].append(rule)
    return tuple(tuple(rules_of_layer) for rules_of_layer in layers)


def cycle_of(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return a circle of rules, each setting what the next one tests; empty where there is none."""
    try:
        TopologicalSorter(_feeders(rules)).prepare()
    except CycleError as error:
        return tuple(rules[index] for index in error.args[1][:-1])
    return ()


def _feeders(rules: Sequence[Rule]) -> Mapping[int, set[int]]:
    """Return, by index of a rule, the indexes of the rules that set what it tests."""
    setters: dict[str, set[int]] = {}
    for index, rule in enumerate(rules):
        for name in rule.then.set:
            setters.setdefault(name, set()).add(index)
    feeders: dict[int, set[int]] = {}
    for index, rule in enumerate(rules):
        tested = {test.attribute for test in tests_of(rule.when)}
        feeders[index] = {feeder for name in tested for feeder in setters.get(name, ())}
    return feeders
