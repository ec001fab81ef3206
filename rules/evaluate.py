"""Evaluates a compiled playbook for one lead: which rules fire, which route takes it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from rules.compile import Compiled, ReadyRule
from rules.conditions import Condition
from rules.lower import Holds, Row, Slots, lower
from rules.playbook import Route
from rules.verdict import Fired, Verdict
from scoring.facts import Facts, with_values
from scoring.lead import Value

# Told of each stratum before it is matched: its rules, the row they look at, and the values behind the row.
Watch = Callable[[Sequence[ReadyRule], Row, Mapping[str, Value]], None]


def evaluate(compiled: Compiled, facts: Facts, now: datetime, *, watch: Watch | None = None) -> Verdict:
    """Return what the rules say of a lead at an instant.

    Rules of a stratum see what earlier strata set; when two rules set one attribute, the later in this order wins.
    """
    values = facts.values
    fired: list[Fired] = []
    changed: dict[str, Value] = {}
    for depth, stratum in enumerate(compiled.strata):
        if changed:
            values = {**facts.values, **changed}
        if watch is not None:
            watch(stratum, compiled.rule_slots.row(values), values)
        matched = [stratum[number].fired for number in matching(compiled, depth, values, now)]
        for rule in matched:
            if rule.effects.set:
                changed.update(rule.effects.set)
        fired += matched
    return verdict_of(fired, with_values(facts, changed) if changed else facts)


def fire_on_row(compiled: Compiled, row: list[Any], now: datetime) -> list[Fired]:
    """Return the rules that fire on a ready row of the playbook's rule slots, which those that set attributes change.

    What `evaluate` says of the values behind the row, for whoever has many rows at hand.
    """
    fired: list[Fired] = []
    for stratum in compiled.strata:
        matched = [ready.fired for ready in stratum if ready.holds(row, now)]
        changed = {name: value for rule in matched for name, value in rule.effects.set.items()}
        for (name, form), place in compiled.rule_slots.places.items() if changed else ():
            if name in changed:
                row[place] = form(changed[name])
        fired += matched
    return fired


def matching(compiled: Compiled, depth: int, values: Mapping[str, Value], now: datetime) -> Sequence[int]:
    """Return the ascending numbers of the rules of a stratum whose conditions hold for these values."""
    numbers = compiled.engine.matching(depth, values, now) if compiled.engine is not None else None
    if numbers is None:
        row = compiled.rule_slots.row(values)
        return [number for number, ready in enumerate(compiled.strata[depth]) if ready.holds(row, now)]
    return numbers


def verdict_of(fired: Sequence[Fired], facts: Facts) -> Verdict:
    """Return what fired rules add up to."""
    points, qualify, disqualified = 0.0, False, None
    tags: dict[str, None] = {}
    for rule in fired:
        effects = rule.effects
        points += effects.add
        if effects.tag:
            tags.update(dict.fromkeys(effects.tag))
        if effects.qualify:
            qualify = True
        if disqualified is None:
            disqualified = effects.disqualify
    return Verdict(
        fired=tuple(fired),
        facts=facts,
        points=points,
        tags=tuple(tags),
        qualify=qualify,
        disqualified=disqualified,
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
