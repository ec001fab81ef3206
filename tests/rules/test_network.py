"""Networks are cut to what durable-rules can bear, and none is trusted before a child process has tried it out."""

import itertools
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path as File

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.network import (
    MOST_COLUMNS,
    MOST_PATHS,
    MOST_WAITING,
    Network,
    batches_of,
    cells_of,
    definition_of,
    most_waiting,
    rules_of,
)
from rules.predicates import Path, Predicate, column_names
from rules.trial import TrialError, try_out

SIZES = dict.fromkeys(itertools.islice(column_names(), 300), 40)

predicates = st.builds(
    Predicate,
    column=st.sampled_from(list(SIZES)[:12]),
    comparison=st.sampled_from(["is", "is_not", "at_least", "at_most"]),
    code=st.integers(0, 39),
)
paths = st.lists(st.frozensets(predicates, min_size=1, max_size=5), min_size=1, max_size=120, unique=True)


def numbered(some: list[Path]) -> dict[Path, tuple[int, ...]]:
    """Paths numbered in their order."""
    return {path: (number,) for number, path in enumerate(some)}


def waiting(sequences: list[tuple[Predicate, ...]], codes: dict[str, int]) -> int:
    """The most nodes that wait while the C module walks the tree of these sequences for one lead, counted out."""
    stack, most = [sequences], 1
    while stack:
        below: dict[Predicate, list[tuple[Predicate, ...]]] = {}
        for sequence in stack.pop():
            if sequence:
                below.setdefault(sequence[0], []).append(sequence[1:])
        stack += [rest for predicate, rest in below.items() if predicate.holds(codes[predicate.column])]
        most = max(most, len(stack))
    return most


@given(st.lists(st.lists(predicates, min_size=1, max_size=5, unique=True).map(tuple), max_size=40), st.data())
def test_never_more_nodes_wait_than_was_foreseen(sequences: list[tuple[Predicate, ...]], data: st.DataObject) -> None:
    codes = data.draw(st.fixed_dictionaries({name: st.integers(0, 39) for name in list(SIZES)[:12]}))

    assert waiting(sequences, codes) <= most_waiting(sequences)


@given(paths)
def test_every_path_is_in_one_batch_that_a_network_can_bear(some: list[Path]) -> None:
    batches = list(batches_of(numbered(some), SIZES))

    assert Counter(path for batch in batches for path in batch) == Counter(some)
    assert all(len(batch) <= MOST_PATHS for batch in batches)
    assert all(len({each.column for path in batch for each in path}) <= MOST_COLUMNS for batch in batches)


def test_paths_that_would_all_wait_are_cut_apart() -> None:
    some = [Path({Predicate("e", "at_least", code)}) for code in range(300)]
    batches = list(batches_of(numbered(some), {"e": 302}))

    assert max(most_waiting([tuple(path) for path in batch]) for batch in batches) <= MOST_WAITING
    assert sum(map(len, batches)) == 300


def test_durable_rules_knows_the_columns_apart() -> None:
    """By 32 bits of FNV-1a alone, of which its own words must not be any either."""

    def hashed(name: str) -> int:
        value = 0x811C9DC5
        for byte in name.encode():
            value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
        return value

    names = ["id", "sid", "m", "_p1", "all", "any", "pri", "count", "cap", *itertools.islice(column_names(), 60_000)]

    assert len({hashed(name) for name in names}) == len(set(names)) == len(names)


def test_a_network_s_definition_holds_nothing_but_comparisons_of_integers() -> None:
    sizes = {"e": 9, "u": 9, "i": 9}
    path = Path({Predicate("e", "is", 2), Predicate("u", "is_not", 3), Predicate("i", "at_least", 1)})

    assert definition_of(rules_of({path: (7,)}, sizes), sizes) == (
        '{"_p1":{"all":[{"m":{"$and":[{"_p1":1}]}}]},'
        '"000":{"all":[{"m":{"$and":[{"e":2},{"$gte":{"i":1}},{"$neq":{"u":3}}]}}]}}'
    )


def test_paths_that_fulfil_the_same_conditions_are_one_rule_and_the_likely_rule_is_the_first() -> None:
    first, second, third = (Path({Predicate("e", "is", code)}) for code in (2, 3, 4))

    assert rules_of({second: (1, 7), first: (7,), third: (7,)}, {"e": 9}) == [
        ((7,), [first, third]),
        ((1, 7), [second]),
    ]


def test_a_rule_holds_no_more_alternatives_than_durable_rules_can_read() -> None:
    module = pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    longest = {Predicate(name, "at_least", 1) for name in list(SIZES)[:24]}
    some = [Path(longest | {Predicate("0e", "is", code)}) for code in range(5)]
    some += [Path({Predicate("e", "is", code)}) for code in range(40)]

    cells = cells_of(some, SIZES)
    network = Network(dict.fromkeys(some, (3,)), cells, module)

    assert network.matching([each[1] for each in cells.values()]) == [3, 3]


def test_a_network_is_told_of_its_own_columns_only() -> None:
    module = pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    cells = {name: ("", f',"{name}":1') for name in SIZES}
    network = Network({Path({Predicate("i", "is", 1)}): (5,)}, cells, module)

    assert network.matching([each[1] for each in cells.values()]) == [5]
    assert network.matching(["" if name == "i" else each[1] for name, each in cells.items()]) == []


def test_a_fact_leaves_out_the_codes_that_fulfil_nothing() -> None:
    some = [Path({Predicate("e", "at_least", 2), Predicate("i", "is_not", 1)}), Path({Predicate("e", "is", 0)})]

    assert cells_of(some, {"e": 4, "i": 2, "u": 2}) == {
        "e": (',"e":0', "", ',"e":2', ',"e":3'),
        "i": (',"i":0', ""),
        "u": ("", ""),
    }


TWO = {Path({Predicate("e", "is", 2)}): (0,), Path({Predicate("e", "at_least", 3)}): (1,)}
NETWORKS = [(TWO, cells_of(TWO, {"e": 5}))]


def fake_module(folder: File, assert_fact: str) -> None:
    """Puts a durable_rules_engine into a folder that answers facts with this statement."""
    folder.joinpath("durable_rules_engine.py").write_text(
        "error = Exception\n"
        "def create_ruleset(name, definition): return 1\n"
        "def delete_ruleset(handle): pass\n"
        "def delete_state(handle, sid): pass\n"
        f"def assert_fact(handle, fact):\n    {assert_fact}\n"
    )


TRIALS: list[tuple[str, str]] = [
    ("return 1, 0", r"ended its trial with 1: a wrong answer for \{'e': "),
    ("return 303, 0", r"ended its trial with 1: durable-rules failed on a fact: it answered 303$"),
    ("import os; os.abort()", r"ended its trial with -6: nothing said$"),
    ("raise RuntimeError('odd')", r"ended its trial with 1: durable-rules failed on a fact: odd$"),
    ("while True: pass", r"did not answer within 1 s$"),
]


@pytest.mark.parametrize(("answer", "said"), TRIALS)
def test_a_trial_tells_what_went_wrong(answer: str, said: str, tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_module(tmp_path, answer)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(TrialError, match=said):
        try_out(NETWORKS, 1.0 if answer.startswith("while") else 20.0)


def test_a_child_that_is_left_behind_while_it_hangs_ends_by_itself(tmp_path: File) -> None:
    fake_module(tmp_path, "while True: pass")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    written = (
        b'[{"paths": [[[{"column": "e", "comparison": "is", "code": 2}], 0]], "cells": {"e": ["", ",\\"e\\":1"]}}]'
    )

    command = [sys.executable, "-P", "-m", "rules.trial", "0"]
    ended = subprocess.run(command, input=written, env={**os.environ, "PYTHONPATH": path}, timeout=60, check=False)

    assert ended.returncode == -14


def test_what_has_passed_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    one = {Path({Predicate("e", "is", 3)}): (0,)}
    networks = [(one, cells_of(one, {"e": 7}))]
    try_out(networks, 20.0)
    monkeypatch.setattr(sys, "executable", "/bin/false")

    try_out(networks, 20.0)
