"""A playbook twice: its rules matched by closures, and by durable-rules networks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from graphlib import CycleError

import pytest

from rules.compile import Compiled, compile_playbook
from rules.conditions import Condition
from rules.engine import layouts_of, networks_of
from rules.evaluate import evaluate
from rules.playbook import Effects, Rule
from rules.strata import strata_of
from rules.verdict import Verdict
from scoring.facts import Facts
from tests.rules.builders import playbook


class DisagreementError(Exception):
    """Closures and networks say different things of a lead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Twins:
    """The same playbook on closures and on networks."""

    closures: Compiled
    networks: Compiled

    def verdict(self, facts: Facts, now: datetime) -> Verdict:
        """What both say of a lead. Raises: DisagreementError, also when the networks did not answer."""
        expected, found = evaluate(self.closures, facts, now), evaluate(self.networks, facts, now)
        if found != expected or self.networks.matched_by != "durable-rules":
            raise DisagreementError(f"{facts}: {_names(expected)} by closures, {_names(found)} by networks")
        return expected


def twins(rules: Sequence[Rule]) -> Twins:
    """Twins of a playbook with these rules; skips the test where durable-rules cannot be imported."""
    module = pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    closures = compile_playbook(replace(playbook(), rules=tuple(rules)))
    engine = networks_of(closures, layouts_of(closures), module, _disagree)
    return Twins(closures=closures, networks=replace(closures, engine=engine))


def rule(number: int, when: Condition | None, then: Effects | None = None) -> Rule:
    """A rule named by its number that adds it to the score, when nothing else is said."""
    effects = then or Effects(add=float(number), set={})
    return Rule(name=f"r{number}", because="test", when=when, then=effects, line=1, column=1)


def rules_of(*conditions: Condition | None) -> list[Rule]:
    """One rule for each condition."""
    return [rule(number, when) for number, when in enumerate(conditions)]


def uncircled(rules: Sequence[Rule]) -> list[Rule]:
    """The rules, of which some set nothing any more, so that none feed each other in a circle."""
    kept = list(rules)
    while True:
        try:
            strata_of(kept)
        except CycleError as error:
            index = error.args[1][0]
            kept[index] = replace(kept[index], then=replace(kept[index].then, set={}))
        else:
            return kept


def _disagree(why: str) -> None:
    raise DisagreementError(why)


def _names(verdict: Verdict) -> list[str]:
    return [fired.name for fired in verdict.fired]
