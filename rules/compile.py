"""Compiles a playbook: rules in strata, every condition a closure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from rules.lower import Holds, Slots, lower
from rules.playbook import Playbook, Route, Rule
from rules.strata import strata_of
from rules.verdict import Fired
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadyRule:
    """A rule with its condition as a closure, and what is said of it once it fires."""

    rule: Rule
    holds: Holds
    fired: Fired


class Engine(Protocol):
    """Something beside the closures that matches whole strata."""

    @property
    def trusted(self) -> bool:
        """Whether it still answers."""

    def matching(self, depth: int, values: Mapping[str, Value], now: datetime) -> Sequence[int] | None:
        """Return the ascending numbers of the rules of a stratum that match; None when the closures have to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A playbook ready to be matched; safe to share between threads."""

    playbook: Playbook
    strata: tuple[tuple[ReadyRule, ...], ...]
    rule_slots: Slots
    routes: tuple[tuple[Route, Holds], ...]
    route_slots: Slots
    engine: Engine | None = None

    @property
    def matched_by(self) -> Literal["durable-rules", "python"]:
        """What matches the rules."""
        return "durable-rules" if self.engine is not None and self.engine.trusted else "python"


def compile_playbook(playbook: Playbook) -> Compiled:
    """Return the compiled playbook."""
    rule_slots, route_slots = Slots(), Slots()
    strata = tuple(tuple(_ready(rule, rule_slots) for rule in stratum) for stratum in strata_of(playbook.rules))
    routes = tuple((route, lower(route.when, route_slots)) for route in playbook.routes)
    return Compiled(playbook=playbook, strata=strata, rule_slots=rule_slots, routes=routes, route_slots=route_slots)


def _ready(rule: Rule, slots: Slots) -> ReadyRule:
    fired = Fired(name=rule.name, because=rule.because, effects=rule.then)
    return ReadyRule(rule=rule, holds=lower(rule.when, slots), fired=fired)
