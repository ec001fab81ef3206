"""A durable-rules network behind a fence: small integers in, numbers of fulfilled conditions out, every error loud.

The C module is used directly, and what it cannot be trusted with never reaches it: it sees no text, no negation but of
one integer, no alternatives but whole paths (it fires once for each that holds) and no names but those made here; one
session a network, every action drained, every fact retracted. Its limits are kept by making networks small:
`batches_of` cuts them.
"""

import itertools
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from operator import itemgetter
from typing import Any, Protocol

import orjson

from rules.columns import Cells
from rules.predicates import Path, Predicate

MOST_PATHS = 400
# It knows about 252 properties a fact, and keeps at most 64 nodes waiting while it matches one.
MOST_COLUMNS = 200
MOST_WAITING = 60
# It knows 31 expressions a rule; two of them begin and end the alternatives.
MOST_EXPRESSIONS = 29
# How much less a predicate's selectivity counts than how many paths share it; found by measuring bench/rules.py.
SHARING = 1.6

_COMPARISONS = {"is_not": "$neq", "at_least": "$gte", "at_most": "$lte"}
# As long as a path's number; no column begins so.
_PRIMER = "_p1"
_FACT = '{"id":1,"sid":"s"'
_RETRACTED = _FACT + "}"
# Rule set names are global to the C module.
_numbers = itertools.count(1)


class NetworkError(Exception):
    """The C module answered something it must not; the networks that did are not to be asked again."""


class CModule(Protocol):
    """What is used of `durable_rules_engine`."""

    error: type[Exception]
    create_ruleset: Callable[[str, str], int]
    delete_ruleset: Callable[[int], None]
    delete_state: Callable[[int, str], None]
    assert_fact: Callable[[int, str], tuple[int, int]]
    retract_fact: Callable[[int, str], tuple[int, int]]
    start_action_for_state: Callable[[int, int], tuple[str, str] | None]
    complete_and_start_action: Callable[[int, int], str | None]


# Paths, each with the numbers of the conditions that it fulfils; and such numbers, each with paths to fulfil them.
Numbered = Mapping[Path, Sequence[int]]
Rules = Sequence[tuple[tuple[int, ...], Sequence[Path]]]


class Network:
    """Paths in one Rete network, for one thread at a time; deleted with its last reference.

    `cells` are those of every column that will be told of, in this order; other networks may look at some of them.
    """

    def __init__(self, paths: Numbered, cells: Cells, module: CModule) -> None:
        sizes = {name: len(each) for name, each in cells.items()}
        rules = rules_of(paths, sizes)
        self._conditions = {f"{number:03}": numbers for number, (numbers, _) in enumerate(rules)} | {_PRIMER: ()}
        looked_at = {predicate.column for path in paths for predicate in path}
        own = [place for place, name in enumerate(cells) if name in looked_at]
        self._own = itemgetter(*own) if len(own) < len(cells) else None
        self._module = module
        try:
            self._handle = module.create_ruleset(f"leadline-{next(_numbers)}", definition_of(rules, sizes))
        except (module.error, MemoryError) as error:
            raise NetworkError(f"durable-rules refused a network: {error}") from error
        self._end = weakref.finalize(self, _delete, module, self._handle)
        self._end.atexit = False
        # A session that never ran an action must not be deleted.
        self._fired(f'{_FACT},"{_PRIMER}":1}}')

    def matching(self, told: Sequence[str]) -> list[int]:
        """Return the numbers of the conditions that a lead fulfils by its cells, in any order, some more than once.

        Raises: NetworkError.
        """
        cells = "".join(told if self._own is None else self._own(told))
        return self._fired(f"{_FACT}{cells}}}") if cells else []

    def _fired(self, fact: str) -> list[int]:
        module, handle = self._module, self._handle
        fired: list[int] = []
        try:
            outcome, state = module.assert_fact(handle, fact)
            if outcome == 1:  # nothing matched, so nothing is kept
                return fired
            if outcome != 0:
                raise NetworkError(f"it answered {outcome}")
            conditions, complete = self._conditions, module.complete_and_start_action
            started = module.start_action_for_state(handle, state)
            action = None if started is None else started[1]
            while action is not None:
                fired += conditions[action[2:5]]
                action = complete(handle, state)
            module.retract_fact(handle, _RETRACTED)
        except (module.error, MemoryError, ValueError, KeyError, NetworkError) as error:
            # What failed is never touched again, not even to be freed.
            self._end.detach()
            raise NetworkError(f"durable-rules failed on a fact: {error}") from error
        return fired


def _delete(module: CModule, handle: int) -> None:
    # The rule set alone would leave its session behind.
    module.delete_state(handle, "s")
    module.delete_ruleset(handle)


def batches_of(paths: Numbered, sizes: Mapping[str, int]) -> Iterator[Numbered]:
    """Yield paths in batches that a network can hold, those that begin alike together."""
    shared = _shared(paths)
    order = sorted(paths, key=lambda path: [_rank(each, shared, sizes) for each in _ordered(path, shared, sizes)])
    for start in range(0, len(order), MOST_PATHS):
        yield from _fitting({path: paths[path] for path in order[start : start + MOST_PATHS]}, sizes)


def _fitting(paths: Numbered, sizes: Mapping[str, int]) -> Iterator[Numbered]:
    columns = {predicate.column for path in paths for predicate in path}
    if len(columns) <= MOST_COLUMNS and most_waiting(_sequences(paths, sizes)) <= MOST_WAITING:
        yield paths
        return
    order = list(paths)
    for half in (order[: len(order) // 2], order[len(order) // 2 :]):
        yield from _fitting({path: paths[path] for path in half}, sizes)


def most_waiting(sequences: Sequence[Sequence[Predicate]]) -> int:
    """Return the most nodes that may wait at once while these sequences, merged where they begin alike, are matched.

    The C module walks the merged tree depth first: a node's fulfilled children wait together, and while the last is
    walked its siblings still wait.
    """
    below: dict[Predicate, list[Sequence[Predicate]]] = {}
    for sequence in sequences:
        if sequence:
            below.setdefault(sequence[0], []).append(sequence[1:])
    if not below:
        return 1
    wide = sum(_most_fulfilled(alike) for _, alike in itertools.groupby(sorted(below), lambda each: each.column))
    return max(wide, wide - 1 + max(map(most_waiting, below.values())))


def _most_fulfilled(predicates: Iterator[Predicate]) -> int:
    """Return how many predicates on one column one code can fulfil together."""
    alike = tuple(predicates)
    codes = {predicate.code + step for predicate in alike for step in (-1, 0, 1)}
    return max(sum(predicate.holds(code) for predicate in alike) for code in codes)


def rules_of(paths: Numbered, sizes: Mapping[str, int]) -> Rules:
    """Return the rules of one network, those likely to fire first: the C module looks for fired ones from the front.

    Paths that fulfil the same conditions share a rule where they may: of few rules those that fired are found sooner.
    """
    alike: dict[tuple[int, ...], list[Path]] = {}
    for path, numbers in paths.items():
        alike.setdefault(tuple(numbers), []).append(path)
    rules = [(numbers, together) for numbers, each in alike.items() for together in _together(each)]
    return sorted(rules, key=lambda rule: -sum(_chance(path, sizes) for path in rule[1]))


def _together(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield paths in lists that one rule can hold, beginnings and ends counted."""
    together: list[Path] = []
    for path in paths:
        if together and sum(len(each) + 2 for each in [*together, path]) > MOST_EXPRESSIONS:
            yield together
            together = []
        together.append(path)
    yield together


def definition_of(rules: Rules, sizes: Mapping[str, int]) -> str:
    """Return the rule set of one network as JSON: a rule to prime the session with, then the numbered others."""
    shared = _shared(path for _, paths in rules for path in paths)
    written = {_PRIMER: _rule([[Predicate(_PRIMER, "is", 1)]])}
    for number, (_, paths) in enumerate(rules):
        written[f"{number:03}"] = _rule([_ordered(path, shared, sizes) for path in paths])
    return orjson.dumps(written).decode()


def _rule(alternatives: Sequence[Sequence[Predicate]]) -> dict[str, Any]:
    together = [{"$and": [_expression(predicate) for predicate in each]} for each in alternatives]
    return {"all": [{"m": together[0] if len(together) == 1 else {"$or": together}}]}


def _expression(predicate: Predicate) -> dict[str, Any]:
    if predicate.comparison == "is":
        return {predicate.column: predicate.code}
    return {_COMPARISONS[predicate.comparison]: {predicate.column: predicate.code}}


def cells_of(paths: Iterable[Path], sizes: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return what a fact says of each column for each code.

    A code that fulfils nothing is left out of the fact: what is absent fulfils nothing either.
    """
    alike: dict[str, set[Predicate]] = {name: set() for name in sizes}
    for predicate in (predicate for path in paths for predicate in path):
        alike[predicate.column].add(predicate)
    return {name: tuple(_cell(name, code, alike[name]) for code in range(size)) for name, size in sizes.items()}


def _cell(name: str, code: int, predicates: Iterable[Predicate]) -> str:
    return f',"{name}":{code}' if any(predicate.holds(code) for predicate in predicates) else ""


def _shared(paths: Iterable[Path]) -> Counter[Predicate]:
    return Counter(predicate for path in paths for predicate in path)


def _sequences(paths: Numbered, sizes: Mapping[str, int]) -> list[list[Predicate]]:
    shared = _shared(paths)
    return [_ordered(path, shared, sizes) for path in paths]


def _ordered(path: Path, shared: Counter[Predicate], sizes: Mapping[str, int]) -> list[Predicate]:
    return sorted(path, key=lambda predicate: _rank(predicate, shared, sizes))


def _rank(predicate: Predicate, shared: Counter[Predicate], sizes: Mapping[str, int]) -> tuple[float, Predicate]:
    """Predicates that many paths share first, and selective ones: what is not fulfilled spares all that follow it."""
    return (predicate.share(sizes[predicate.column]) + SHARING) / shared[predicate], predicate


def _chance(path: Path, sizes: Mapping[str, int]) -> float:
    # Sorted, so that rounding is the same in the trial's process.
    return prod(sorted(predicate.share(sizes[predicate.column]) for predicate in path))
