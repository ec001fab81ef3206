"""Evaluates a compiled playbook for one lead: which rules fire, which route takes it."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from rules.compile import Compiled
from rules.conditions import Condition
from rules.lower import Holds, Slots, lower
from rules.playbook import Route, Rule
from rules.verdict import Fired, Verdict
from scoring.facts import Facts
from scoring.lead import Value


def evaluate(compiled: Compiled, facts: Facts, now: datetime) -> Verdict:
    """Return what the rules say of a lead at an instant.

    Rules of a stratum see what earlier strata set; when two rules set one attribute, the later in this order wins.
    """
    values: dict[str, Value] = dict(facts.values)
    fired: list[Rule] = []
    for stratum in compiled.strata:
        row = compiled.rule_slots.row(values)
        matched = [rule for rule, holds in stratum if holds(row, now)]
        for rule in matched:
            values.update(rule.then.set)
        fired += matched
    return _verdict(fired, Facts(values=values, clashes=facts.clashes))


def _verdict(fired: Sequence[Rule], facts: Facts) -> Verdict:
    return Verdict(
        fired=tuple(Fired(name=rule.name, because=rule.because, effects=rule.then) for rule in fired),
        facts=facts,
        points=sum(rule.then.add for rule in fired),
        tags=tuple(dict.fromkeys(tag for rule in fired for tag in rule.then.tag)),
        qualify=any(rule.then.qualify for rule in fired),
        disqualified=next((rule.then.disqualify for rule in fired if rule.then.disqualify is not None), None),
    )


def match_route(compiled: Compiled, facts: Facts, now: datetime) -> Route:
    """Return the first route whose condition holds; the last has none, so there always is one."""
    row = compiled.route_slots.row(facts.values)
    return next(route for route, holds in compiled.routes if holds(row, now))


def holds(condition: Condition, facts: Facts, now: datetime) -> bool:
    """Return whether a condition (a rep's `accepts`, the scope of a delivery) holds for these facts."""
    slots, lowered = _lowered(condition)
    return lowered(slots.row(facts.values), now)


@lru_cache(maxsize=4096)
def _lowered(condition: Condition) -> tuple[Slots, Holds]:
    slots = Slots()
    lowered = lower(condition, slots)
    return slots, lowered
