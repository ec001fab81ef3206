"""Coverage: which rules, routes and branches of conditions the cases of a playbook reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from routing.decision import Decision
from rules.branches import Branch, branches_of, branches_seen
from rules.checks.domains import route_domains, rule_domains
from rules.compile import Compiled, ReadyRule
from rules.conditions import Condition
from rules.evaluate import evaluate, holds
from rules.lower import Row
from rules.playbook import Playbook
from scoring.facts import Facts
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many of a kind of things were reached."""

    reached: int
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What cases reach of a playbook, and in words what they do not: `rule small`, or one of its branches."""

    rules: Share
    routes: Share
    branches: Share
    uncovered: tuple[str, ...]

    @property
    def percent(self) -> float:
        """The share of all rules, routes and branches that is reached, 0 to 100."""
        shares = (self.rules, self.routes, self.branches)
        whole = sum(share.of for share in shares)
        return 100 * sum(share.reached for share in shares) / whole if whole else 100.0


class Seen:
    """What the cases decided so far have shown: names as in `rule small`, and branches by the name they belong to."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._names: set[str] = set()
        self._branches: dict[str, set[Branch]] = {}

    def add(self, decision: Decision, for_rules: Facts, at: datetime) -> None:
        """Adds what one decision shows; `for_rules` are the facts that its rules looked at first."""

        def watch(stratum: Sequence[ReadyRule], row: Row, values: Mapping[str, Value]) -> None:
            facts = Facts(values=values)
            for ready in stratum:
                self._look(f"rule {ready.rule.name}", ready.rule.when, facts, at)

        evaluate(self._compiled, for_rules, at, watch=watch)
        self._names.update(f"rule {fired.name}" for fired in decision.rules)
        if decision.route is not None:
            self._add_route(decision, at)

    def coverage(self) -> Coverage:
        """What the cases reach all in all; the branches of what they never reach are counted, but not told as well."""
        book = self._compiled.playbook
        rules, routes = [f"rule {rule.name}" for rule in book.rules], [f"route {route.name}" for route in book.routes]
        missed = [name for name in (*rules, *routes) if name not in self._names]
        whole = dict(_branches(book))
        unseen = {name: self._unseen(name, branches) for name, branches in whole.items()}
        count = sum(map(len, whole.values()))
        told = [(name, one) for name, some in unseen.items() for one in some if name not in missed]
        return Coverage(
            rules=_share(rules, self._names),
            routes=_share(routes, self._names),
            branches=Share(reached=count - sum(map(len, unseen.values())), of=count),
            uncovered=(*missed, *(_words(name, one) for name, one in told if name in self._branches)),
        )

    def _unseen(self, name: str, branches: Sequence[Branch]) -> list[Branch]:
        seen = self._branches.get(name, set())
        return [branch for branch in branches if branch not in seen]

    def _add_route(self, decision: Decision, at: datetime) -> None:
        """Adds the routes that were tried, and which of the team's reps accept the lead."""
        taken, book = decision.route, self._compiled.playbook
        if taken is None:
            return
        for route in book.routes:
            self._look(f"route {route.name}", route.when, decision.facts, at)
            if route.name == taken.name:
                break
        self._names.add(f"route {taken.name}")
        for rep in book.teams[taken.team].reps:
            self._look(f"rep {rep.name} of {taken.team}", rep.accepts, decision.facts, at)

    def _look(self, name: str, condition: Condition | None, facts: Facts, at: datetime) -> None:
        if condition is not None:
            seen = branches_seen(condition, lambda part: holds(part, facts, at))
            self._branches.setdefault(name, set()).update(seen)


def coverage_json(coverage: Coverage) -> dict[str, dict[str, int]]:
    """The counts of a coverage as plain values."""
    kinds = {"rules": coverage.rules, "routes": coverage.routes, "branches": coverage.branches}
    return {name: {"reached": share.reached, "of": share.of} for name, share in kinds.items()}


def _branches(book: Playbook) -> Iterator[tuple[str, tuple[Branch, ...]]]:
    """The branches of each condition by whose it is; a route's are those of leads that no earlier route takes."""
    routed = route_domains([grade.letter for grade in book.scheme.grades])
    for rule in book.rules:
        if rule.when is not None:
            yield f"rule {rule.name}", branches_of(rule.when, rule_domains())
    earlier: list[Condition] = []
    for route in book.routes:
        if route.when is not None:
            yield f"route {route.name}", branches_of(route.when, routed, earlier)
            earlier.append(route.when)
    for team in book.teams.values():
        for rep in team.reps:
            if rep.accepts is not None:
                yield f"rep {rep.name} of {team.name}", branches_of(rep.accepts, routed)


def _share(names: Sequence[str], reached: set[str]) -> Share:
    return Share(reached=sum(name in reached for name in names), of=len(names))


def _words(name: str, branch: Branch) -> str:
    return f"{name}, line {branch.line}, never {'true' if branch.truth else 'false'}: {branch.words}"
