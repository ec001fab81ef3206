"""durable-rules behind its fence says what the closures say of every lead, in the same order."""

import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from threading import Event
from typing import Any as Anything

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.compile import Compiled, compile_playbook
from rules.conditions import All, Any, Condition, Not
from rules.conditions import Test as Check
from rules.engine import layouts_of, networks_of, with_networks
from rules.evaluate import evaluate
from rules.lower import folded
from rules.operands import SUITING
from rules.playbook import Effects, Rule
from scoring.attributes import Kind
from scoring.facts import Facts
from scoring.lead import Value
from tests.rules import strategies
from tests.rules.builders import NOW, playbook
from tests.rules.twins import rule, rules_of, twins, uncircled

POOLS: dict[Kind, tuple[Anything, ...]] = {
    "text": strategies.WORDS,
    "number": strategies.NUMBERS,
    "flag": (True, False),
    "time": strategies.TIMES,
    "list": strategies.WORDS,
}


def check(attribute: str, kind: Kind, operator: Anything, operand: Anything) -> Check:
    """One test of an attribute."""
    return Check(attribute=attribute, kind=kind, operator=operator, operand=operand, line=1, column=1)


def operands(kind: Kind, operator: str) -> list[Anything]:
    """Many operands for an operator, bad and odd ones among them."""
    pool = list(POOLS[kind])
    match operator:
        case "missing":
            return [True, False]
        case "matches":
            return ["a", "^a", "b$", r"\bA\b", "[^a]", "", "日", r"\x00"]
        case "within":
            return [timedelta(0), timedelta(days=4), timedelta(days=999_999)]
        case "in":
            return [(value,) for value in pool] + [tuple(pool[k : k + 5]) for k in range(0, len(pool), 5)]
        case "between":
            return [tuple(pair) for pair in pairwise(sorted(pool))]
        case _:
            return pool


@pytest.mark.parametrize("kind", SUITING)
def test_every_operator_with_every_value_agrees_also_when_negated(kind: Kind) -> None:
    """All tests of a kind are rules of one playbook, so hundreds of them hold for one lead."""
    checks = [check("a", kind, operator, operand) for operator in SUITING[kind] for operand in operands(kind, operator)]
    pair = twins(rules_of(*checks, *(Not(part=each) for each in checks)))
    values: list[Value | None] = [value for pool in POOLS.values() for value in pool]
    values += [
        None,
        (),
        float("nan"),
        float("inf"),
        float("-inf"),
        *((value,) for value in strategies.WORDS),
        strategies.WORDS,
        (1, 2.5, True),
    ]

    for value in values:
        pair.verdict(Facts(values={} if value is None else {"a": value}), NOW)


@given(
    st.lists(st.tuples(strategies.conditions(12), strategies.effects()), min_size=1, max_size=12),
    st.lists(strategies.facts(clean=False), min_size=1, max_size=6),
)
@settings(max_examples=80)
def test_any_playbook_says_the_same_of_any_lead(pairs: list[tuple[Condition, Effects]], leads: list[Facts]) -> None:
    """Conditions of any shape; rules that set what others test, over several strata; values of any kind anywhere."""
    pair = twins(uncircled([rule(number, when, then) for number, (when, then) in enumerate(pairs)]))

    for lead in leads:
        pair.verdict(lead, NOW)


def at_least(attribute: str, number: int) -> Check:
    """A test of a number."""
    return check(attribute, "number", "at_least", number)


def nested(depth: int) -> Condition:
    """A condition in which and, or and not alternate so deep."""
    part: Condition = at_least("n0", 1)
    for level in range(depth):
        other = at_least(f"n{level % 7}", level)
        part = Not(part=Any(parts=(part, All(parts=(other, Not(part=part if level < 5 else other))))))
    return part


HARD: dict[str, list[Rule]] = {
    "a thousand rules": rules_of(*(at_least(f"n{k % 28}", k % 50) for k in range(1000))),
    "hundreds of identical rules": rules_of(*[at_least("n1", 3)] * 700),
    "rules that always hold": rules_of(None, at_least("n1", 3), None),
    "a rule that never holds": rules_of(All(parts=(at_least("n1", 3), Not(part=at_least("n1", 3))))),
    "no rules": [],
    "deep nesting": rules_of(*map(nested, range(1, 31))),
    "more alternatives than a path may have": rules_of(
        All(parts=tuple(Any(parts=(at_least(f"n{k}", 1), at_least(f"n{k + 1}", 30))) for k in range(0, 12, 2)))
    ),
    "more tests than a path may have": rules_of(All(parts=tuple(at_least(f"n{k}", 10) for k in range(28)))),
    "more attributes than a fact may have": rules_of(
        *(All(parts=(at_least(f"n{k}", 1), at_least(f"n{k + 1}", 20))) for k in range(700))
    ),
    "hundreds of thresholds that hold together": rules_of(*(at_least("n1", k) for k in range(-600, 0))),
    "hundreds of texts": rules_of(*(check("t", "text", "is", f"word {k}") for k in range(900))),
    "long lists of texts": rules_of(
        *(check("t", "text", "in", tuple(f"word {k * j % 97}" for k in range(40))) for j in range(50))
    ),
    "hundreds of patterns": rules_of(*(check("t", "text", "matches", f"word {k}$") for k in range(300))),
    "thousands of pairs": rules_of(
        *(All(parts=(at_least(f"n{k % 20}", k % 9), at_least(f"n{k % 19}", k % 11))) for k in range(1500))
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_playbooks_beyond_what_a_network_can_bear_agree(name: str) -> None:
    pair = twins(HARD[name])
    chance = random.Random(1)

    for spread in (0, 2, 20, 60):
        for _ in range(4):
            numbers: dict[str, Value] = {f"n{k}": chance.randint(-spread, spread) for k in range(701)}
            pair.verdict(Facts(values={**numbers, "t": f"Word {chance.randrange(2 + spread)}"}), NOW)
    pair.verdict(Facts(values={}), NOW)


def test_folding_what_is_folded_changes_nothing() -> None:
    """So a text that is in a code book as it came needs no folding; it goes character by character."""
    characters = map(chr, range(sys.maxunicode + 1))

    assert [each for each in characters if folded(folded(each)) != folded(each)] == []


def sized(size: int) -> Compiled:
    """A playbook of a shape of its own for each size."""
    rules = [
        rule(k, All(parts=(at_least(f"n{k % 9}", k % 30), check("t1", "text", "is", f"{k % 7}")))) for k in range(size)
    ]
    return compile_playbook(replace(playbook(), rules=tuple(rules)))


def leads(count: int) -> list[Facts]:
    """Leads by chance."""
    chance = random.Random(count)
    return [
        Facts(values={**{f"n{k}": chance.randrange(40) for k in range(9)}, "t1": str(chance.randrange(8))})
        for _ in range(count)
    ]


def c_module() -> Anything:
    """The C module; skips the test where it cannot be imported."""
    return pytest.importorskip("durable_rules_engine", exc_type=ImportError)


def networks(compiled: Compiled, told: Callable[[str], None] = pytest.fail) -> Compiled:
    """The playbook on networks of its own; skips the test where durable-rules cannot be imported."""
    module = c_module()
    return replace(compiled, engine=networks_of(compiled, layouts_of(compiled), module, told))


def test_eight_threads_get_right_answers_while_playbooks_are_swapped_under_them() -> None:
    asked = leads(40)
    books = [sized(size) for size in (5, 40, 150)]
    right = {len(book.strata[0]): [evaluate(book, lead, NOW) for lead in asked] for book in books}
    in_force = [networks(books[0])]
    over = Event()

    def ask() -> tuple[int, int]:
        count = wrong = 0
        while not over.is_set():
            book = in_force[0]
            expected = right[len(book.strata[0])]
            wrong += sum(evaluate(book, lead, NOW) != expected[k] for k, lead in enumerate(asked))
            count += len(asked)
        return count, wrong

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(ask) for _ in range(8)]
        for swap in range(40):
            in_force[0] = networks(books[swap % 3])
        over.set()
    counted = [answer.result() for answer in answers]

    assert sum(count for count, _ in counted) > 1000
    assert [wrong for _, wrong in counted] == [0] * 8


def test_a_thread_never_waits_for_another_to_be_answered() -> None:
    """A fork may have taken the lock with it; closures answer then."""
    module = c_module()
    book = sized(20)
    engine = networks_of(book, layouts_of(book), module, pytest.fail)
    lead = leads(1)[0]
    matcher = engine._strata[0]  # type: ignore[index]  # nothing has been given up
    with matcher._lock:
        assert engine.matching(0, lead.values, NOW) is None
        assert evaluate(replace(book, engine=engine), lead, NOW) == evaluate(book, lead, NOW)
    assert engine.matching(0, lead.values, NOW) is not None


def test_networks_that_fail_are_given_up_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    book = sized(60)
    failing = networks(book, said.append)
    monkeypatch.setattr("durable_rules_engine.assert_fact", lambda handle, fact: (303, 0))
    first = [evaluate(failing, lead, NOW) for lead in leads(20)]
    monkeypatch.undo()

    assert first == [evaluate(book, lead, NOW) for lead in leads(20)]
    assert (said, failing.matched_by) == (["durable-rules failed on a fact: it answered 303"], "python")


def test_an_error_of_the_c_module_is_no_error_of_the_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    durable_rules_engine = c_module()

    def fail(handle: int, fact: str) -> None:
        raise durable_rules_engine.error("Could not assert fact, error code: 302")

    said: list[str] = []
    book = sized(60)
    failing = networks(book, said.append)
    monkeypatch.setattr(durable_rules_engine, "assert_fact", fail)

    assert [evaluate(failing, lead, NOW) for lead in leads(20)] == [evaluate(book, lead, NOW) for lead in leads(20)]
    assert said == ["durable-rules failed on a fact: Could not assert fact, error code: 302"]


def test_a_network_that_is_refused_leaves_the_closures(monkeypatch: pytest.MonkeyPatch) -> None:
    durable_rules_engine = c_module()

    def refuse(name: str, definition: str) -> None:
        raise durable_rules_engine.error("Could not create ruleset, error code: 106")

    said: list[str] = []
    monkeypatch.setattr(durable_rules_engine, "create_ruleset", refuse)

    assert with_networks(sized(3), told=said.append).matched_by == "python"
    assert said == ["durable-rules refused a network: Could not create ruleset, error code: 106"]


def test_without_durable_rules_the_closures_match(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    book = sized(3)

    assert with_networks(book, told=pytest.fail) is book
