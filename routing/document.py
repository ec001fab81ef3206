"""A decision as plain values for JSON, as callers see it and as it is kept."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from routing.decision import Decision, Promise, Routed
from rules.playbook import Effects
from rules.verdict import Fired
from scoring.attributes import BUILT_IN, coerce
from scoring.facts import Facts
from scoring.lead import Value
from scoring.reasons import Reason

# What every reader of JSON takes for a whole number, and no writer refuses: 64 bits.
LARGEST_WHOLE = 2**63 - 1


def decision_document(decision: Decision) -> dict[str, object]:
    """The decision as lists, mappings, numbers and text; instants are RFC 3339 with their offset.

    A number that JSON has no place for (infinite, or whole and beyond 64 bits) is written as text.
    """
    return {
        "decided_at": decision.decided_at.isoformat(),
        "probability": decision.probability,
        "fit": decision.fit,
        "engagement": decision.engagement,
        "score": decision.score,
        "grade": decision.grade,
        "qualified": decision.qualified,
        "disqualified": decision.disqualified,
        "tags": list(decision.tags),
        "reasons": [_reason_document(reason) for reason in decision.reasons],
        "rules": [_fired_document(fired) for fired in decision.rules],
        "route": _routed_document(decision.route) if decision.route else None,
        "sla": _promise_document(decision.sla) if decision.sla else None,
        "stays": decision.stays,
        "model": decision.model,
        "playbook": decision.playbook,
    }


def decision_from_document(document: Mapping[str, Any], facts: Facts | None = None) -> Decision:
    """The decision that a document of `decision_document` tells; its own document is the same to the letter.

    Only `stays` is added, as None, to one of former times. A document tells neither facts, which the caller may add,
    nor log-odds, and an instant among a lead's further attributes comes back as text.
    """
    route, sla = document["route"], document["sla"]
    same = ("probability", "fit", "engagement", "score", "grade", "qualified", "disqualified", "model", "playbook")
    return Decision(
        decided_at=datetime.fromisoformat(document["decided_at"]),
        facts=facts if facts is not None else Facts(values={}),
        tags=tuple(document["tags"]),
        reasons=tuple(_reason(reason) for reason in document["reasons"]),
        rules=tuple(_fired(fired) for fired in document["rules"]),
        route=None if route is None else Routed(**route),
        sla=None if sla is None else _promise(sla),
        stays=document.get("stays"),
        **{name: document[name] for name in same},
    )


def _reason_document(reason: Reason) -> dict[str, object]:
    return {
        "kind": reason.kind,
        "name": reason.name,
        "value": value_document(reason.value),
        "points": reason.points,
        "text": reason.text,
    }


def _reason(document: Mapping[str, Any]) -> Reason:
    value, known = document["value"], BUILT_IN.get(document["name"])
    is_time = document["kind"] == "activity" or (known is not None and known.kind == "time")
    if isinstance(value, str) and is_time:
        value = datetime.fromisoformat(value)
    return Reason(
        kind=document["kind"],
        name=document["name"],
        value=_value(value),
        points=document["points"],
        text=document["text"],
    )


def _fired_document(fired: Fired) -> dict[str, object]:
    return {"name": fired.name, "because": fired.because, "effects": _effects_document(fired.effects)}


def _effects_document(effects: Effects) -> dict[str, object]:
    """What a rule did, and nothing of what it did not."""
    done: dict[str, object] = {
        "add": effects.add,
        "set": {name: value_document(value) for name, value in effects.set.items()},
        "tag": list(effects.tag),
        "qualify": effects.qualify,
    }
    told = {name: value for name, value in done.items() if value}
    return told if effects.disqualify is None else {**told, "disqualify": effects.disqualify}


def _fired(document: Mapping[str, Any]) -> Fired:
    effects = document["effects"]
    return Fired(
        name=document["name"],
        because=document["because"],
        effects=Effects(
            add=effects.get("add", 0.0),
            set={name: _value(value) for name, value in effects.get("set", {}).items()},
            tag=tuple(effects.get("tag", ())),
            qualify=effects.get("qualify", False),
            disqualify=effects.get("disqualify"),
        ),
    )


def _routed_document(routed: Routed) -> dict[str, object]:
    return {"name": routed.name, "team": routed.team, "rep": routed.rep, "why": routed.why}


def _promise_document(promise: Promise) -> dict[str, object]:
    warn_at = [at.isoformat() for at in promise.warn_at]
    return {"name": promise.name, "respond_by": promise.respond_by.isoformat(), "warn_at": warn_at}


def _promise(document: Mapping[str, Any]) -> Promise:
    return Promise(
        name=document["name"],
        respond_by=datetime.fromisoformat(document["respond_by"]),
        warn_at=tuple(datetime.fromisoformat(at) for at in document["warn_at"]),
    )


def value_document(value: Value | None) -> object:
    """A lead's value as JSON has it."""
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return [value_document(item) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
        case int() if abs(value) > LARGEST_WHOLE:
            return coerce(value, "text")
        case _:
            return value


def _value(document: Any) -> Any:
    return tuple(document) if isinstance(document, list) else document
