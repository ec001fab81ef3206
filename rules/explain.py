"""Explains a decision: each rule and route with every condition's value and truth, as the deciding code saw them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any as Anything

from rules.compile import Compiled, ReadyRule
from rules.conditions import All, Any, Condition, Not, Test
from rules.evaluate import evaluate, match_route
from rules.lower import Row, Slots, lower
from rules.wording import in_words, value_text
from scoring.facts import Facts
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """A condition with its truth for one lead; a test also with the lead's value and, where it clashed, a note."""

    text: str
    holds: bool
    value: Value | None = None
    note: str = ""
    parts: tuple["Traced", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A rule or a route: whether its condition holds and why; `trace` None where it has no condition.

    `outcome` is `fires` or `does not fire` for a rule; `taken`, `matches, but an earlier route takes the lead` or
    `does not match` for a route.
    """

    name: str
    because: str
    holds: bool
    outcome: str
    trace: Traced | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why the rules fired or not (in the order they are tried) and why a route was taken or not.

    For a lead that was not routed `routes` is empty, and `unrouted` says why.
    """

    rules: tuple[Explained, ...]
    routes: tuple[Explained, ...]
    unrouted: str = ""


def explain(
    compiled: Compiled, facts_for_rules: Facts, facts_for_routes: Facts | None, now: datetime, *, unrouted: str = ""
) -> Explanation:
    """Return the explanation for one lead at one instant; without facts for routes, none is tried (`unrouted`: why)."""
    rules: list[Explained] = []

    def watch(stratum: Sequence[ReadyRule], row: Row, values: Mapping[str, Value]) -> None:
        seen = _Seen(slots=compiled.rule_slots, row=row, values=values, clashes=facts_for_rules.clashes, now=now)
        rules.extend(_rule(ready, seen) for ready in stratum)

    evaluate(compiled, facts_for_rules, now, watch=watch)
    routes = _routes(compiled, facts_for_routes, now) if facts_for_routes is not None else ()
    return Explanation(rules=tuple(rules), routes=tuple(routes), unrouted=unrouted)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What the deciding code looked at."""

    slots: Slots
    row: Row
    values: Mapping[str, Value]
    clashes: Mapping[str, Value]
    now: datetime


def _rule(ready: ReadyRule, seen: _Seen) -> Explained:
    rule, holds = ready.rule, ready.holds(seen.row, seen.now)
    trace = _trace(rule.when, seen) if rule.when is not None else None
    outcome = "fires" if holds else "does not fire"
    return Explained(name=rule.name, because=rule.because, holds=holds, outcome=outcome, trace=trace)


def _routes(compiled: Compiled, facts: Facts, now: datetime) -> Iterator[Explained]:
    slots = compiled.route_slots
    seen = _Seen(slots=slots, row=slots.row(facts.values), values=facts.values, clashes=facts.clashes, now=now)
    taken = match_route(compiled, facts, now)
    for route, holds in compiled.routes:
        matches = holds(seen.row, now)
        outcome = "matches, but an earlier route takes the lead" if matches else "does not match"
        yield Explained(
            name=route.name,
            because=route.because,
            holds=matches,
            outcome="taken" if route is taken else outcome,
            trace=_trace(route.when, seen) if route.when is not None else None,
        )


def _trace(condition: Condition, seen: _Seen) -> Traced:
    """Return the trace; every truth in it comes from the closure that decides."""
    holds = lower(condition, seen.slots)(seen.row, seen.now)
    match condition:
        case Test(attribute=name):
            value, note = seen.values.get(name), _clash(condition, seen)
            return Traced(text=in_words(condition), holds=holds, value=value, note=note)
        case All(parts=parts):
            return Traced(text="all of", holds=holds, parts=tuple(_trace(part, seen) for part in parts))
        case Any(parts=parts):
            return Traced(text="any of", holds=holds, parts=tuple(_trace(part, seen) for part in parts))
        case Not(part=part):
            return Traced(text="not", holds=holds, parts=(_trace(part, seen),))


def _clash(test: Test, seen: _Seen) -> str:
    if test.attribute not in seen.clashes or test.attribute in seen.values:
        return ""
    given = value_text(seen.clashes[test.attribute])
    return f"{test.attribute} {given} is not a {test.kind}, so it counts as missing"


def why_not(trace: Traced) -> Iterator[str]:
    """Yield what keeps a condition from holding, a line each: `employees is at least 1000: it is 900`."""
    if not trace.parts:
        yield f"{trace.text}: {trace.note or f'it is {value_text(trace.value)}'}"
    elif trace.text == "not":
        yield from (f"not: {_flat(part)}" for part in trace.parts)
    else:
        for part in trace.parts:
            if not part.holds:
                yield from why_not(part)


def _flat(trace: Traced) -> str:
    """Return a trace in one line."""
    if not trace.parts:
        return f"{trace.text}: {trace.note or f'it is {value_text(trace.value)}'}"
    return f"{trace.text} ({'; '.join(map(_flat, trace.parts))})"


def explanation_text(explanation: Explanation) -> str:
    """Return the explanation for people: one line a condition, its truth first, the lead's value last."""
    lines: list[str] = []
    for heading, entries in (("Rules", explanation.rules), ("Routes", explanation.routes)):
        if entries:
            lines += [heading, *(line for entry in entries for line in _entry_lines(entry)), ""]
    if explanation.unrouted:
        lines += ["Routes", f"  none is tried: {explanation.unrouted}", ""]
    return "\n".join(lines)


def _entry_lines(entry: Explained) -> Iterator[str]:
    yield f"  {entry.name}: {entry.outcome} ({entry.because})"
    if entry.trace is None:
        yield "    yes  always"
    else:
        yield from _trace_lines(entry.trace, 0)
        if not entry.holds:
            yield from (f"    why not  {line}" for line in why_not(entry.trace))


def _trace_lines(trace: Traced, depth: int) -> Iterator[str]:
    words = f"    {'yes' if trace.holds else 'no ':3}  {'  ' * depth}{trace.text}"
    yield words if trace.parts else f"{words:<64}  {trace.note or value_text(trace.value)}"
    for part in trace.parts:
        yield from _trace_lines(part, depth + 1)


def explanation_json(explanation: Explanation) -> dict[str, Anything]:
    """Return the explanation as plain values for JSON."""
    return {
        "rules": [_entry_json(entry) for entry in explanation.rules],
        "routes": [_entry_json(entry) for entry in explanation.routes],
        "unrouted": explanation.unrouted or None,
    }


def _entry_json(entry: Explained) -> dict[str, Anything]:
    when = None if entry.trace is None else _trace_json(entry.trace)
    against = [] if entry.trace is None or entry.holds else list(why_not(entry.trace))
    return {
        "name": entry.name,
        "because": entry.because,
        "holds": entry.holds,
        "outcome": entry.outcome,
        "when": when,
        "why_not": against,
    }


def _trace_json(trace: Traced) -> dict[str, Anything]:
    if trace.parts:
        return {"text": trace.text, "holds": trace.holds, "parts": [_trace_json(part) for part in trace.parts]}
    value = trace.value.isoformat() if isinstance(trace.value, datetime) else trace.value
    shown = list(value) if isinstance(value, tuple) else value
    return {"text": trace.text, "holds": trace.holds, "value": shown, **({"note": trace.note} if trace.note else {})}
