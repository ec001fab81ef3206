"""Compares durable-rules with the closures on playbooks and leads by chance, for some minutes, and watches memory.

`python -m tests.rules.fuzz MINUTES` prints what it has compared; it ends with 1 and the lead at the first difference.
"""

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.compile import Compiled, compile_playbook
from rules.conditions import All, Any, Condition, Not, Operand, Operator
from rules.conditions import Test as Check
from rules.engine import layouts_of, networks_of
from rules.evaluate import evaluate
from rules.playbook import Effects
from scoring.attributes import Kind
from scoring.facts import Facts
from tests.rules import strategies
from tests.rules.builders import NOW, playbook
from tests.rules.twins import rule, rules_of, twins, uncircled

PLAYBOOKS_A_ROUND = 150
LEADS_A_BIG_PLAYBOOK = 60
SWAPS, EVALUATIONS = 1_000, 1_000_000
ATTRIBUTES = 28


class Compared:
    """How much has been compared so far."""

    playbooks = rules = leads = fired = 0

    def add(self, rules: int, leads: int, fired: int) -> None:
        """One more playbook."""
        self.playbooks, self.rules = self.playbooks + 1, self.rules + rules
        self.leads, self.fired = self.leads + leads, self.fired + fired

    def __str__(self) -> str:
        return (
            f"{self.playbooks:,} playbooks of {self.rules:,} rules and {self.leads:,} leads compared, "
            f"{self.fired:,} rules fired: no difference"
        )


def main(minutes: float) -> None:
    """Compare until the time is over, then watch memory."""
    compared, end = Compared(), time.monotonic() + minutes * 60
    while time.monotonic() < end:
        _small(compared)
        for size in (100, 1000):
            _big(size, random.Random(), compared)
        sys.stdout.write(f"{compared}\n")
        sys.stdout.flush()
    _watch_memory()


def _small(compared: Compared) -> None:
    """Playbooks of any conditions, effects over several strata, and leads with values of any kind anywhere."""

    @given(
        st.lists(st.tuples(strategies.conditions(16), strategies.effects()), min_size=1, max_size=20),
        st.lists(strategies.facts(clean=False), min_size=10, max_size=10),
    )
    @settings(
        max_examples=PLAYBOOKS_A_ROUND,
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def compare(pairs: list[tuple[Condition, Effects]], leads: list[Facts]) -> None:
        pair = twins(uncircled([rule(number, when, then) for number, (when, then) in enumerate(pairs)]))
        compared.add(len(pairs), len(leads), sum(len(pair.verdict(lead, NOW).fired) for lead in leads))

    compare()


def _big(size: int, chance: random.Random, compared: Compared) -> None:
    """Many rules of a few numbers and texts, so that networks are large and full."""
    pair = twins(rules_of(*(_condition(chance, 3) for _ in range(size))))
    leads = [lead_of(chance) for _ in range(LEADS_A_BIG_PLAYBOOK)]
    compared.add(size, len(leads), sum(len(pair.verdict(lead, NOW).fired) for lead in leads))


def _condition(chance: random.Random, depth: int) -> Condition:
    if depth == 0 or chance.random() < 0.3:
        return _check(chance)
    parts = tuple(_condition(chance, depth - 1) for _ in range(chance.randint(1, 3)))
    joined: tuple[Condition, ...] = (All(parts=parts), Any(parts=parts), Not(part=parts[0]))
    return chance.choice(joined)


def _check(chance: random.Random) -> Check:
    place, word = chance.randrange(ATTRIBUTES), chance.choice(strategies.WORDS)
    value = chance.choice([chance.randint(-20, 20), chance.choice(strategies.NUMBERS)])
    tests: tuple[tuple[Kind, Operator, Operand], ...] = (
        ("number", "at_least", value),
        ("number", "below", value),
        ("number", "is", value),
        ("number", "missing", True),
        ("text", "is", word),
        ("text", "in", tuple(chance.sample(strategies.WORDS, 4))),
        ("text", "contains", word),
        ("flag", "is", True),
    )
    kind, operator, operand = chance.choice(tests)
    return Check(attribute=f"{kind[0]}{place}", kind=kind, operator=operator, operand=operand, line=1, column=1)


def lead_of(chance: random.Random, words: Sequence[str] = strategies.WORDS) -> Facts:
    """Return a lead by chance."""
    spread = chance.choice([1, 5, 30])
    values = {
        **{f"n{k}": chance.choice([chance.randint(-spread, spread), *strategies.NUMBERS]) for k in range(ATTRIBUTES)},
        **{f"t{k}": chance.choice(words) for k in range(ATTRIBUTES)},
        **{f"f{k}": chance.choice([True, False, 1, None]) for k in range(ATTRIBUTES)},
    }
    return Facts(values={name: value for name, value in values.items() if chance.random() < 0.8 and value is not None})


def _watch_memory() -> None:
    """Print the resident memory before and after many swaps of playbooks and many evaluations."""
    chance = random.Random(1)
    books = [book_of(size, chance) for size in (20, 60, 120)]
    leads = [lead_of(chance, [word for word in strategies.WORDS if len(word) < 100]) for _ in range(1000)]
    swap(books, leads, 60)
    start = memory()
    swap(books, leads, SWAPS)
    swapped = memory()
    engine = with_own_networks(books[1])
    before = memory()
    for turn in range(EVALUATIONS):
        evaluate(engine, leads[turn % len(leads)], NOW)
    sys.stdout.write(
        f"{SWAPS:,} swaps: {start:,.1f} MB, then {swapped:,.1f} MB; "
        f"{EVALUATIONS:,} evaluations: {before:,.1f} MB, then {memory():,.1f} MB\n"
    )


def book_of(size: int, chance: random.Random) -> Compiled:
    """Return a playbook of so many rules by chance."""
    rules = rules_of(*(_condition(chance, 2) for _ in range(size)))
    return compile_playbook(replace(playbook(), rules=tuple(rules)))


def swap(books: list[Compiled], leads: list[Facts], times: int) -> None:
    """Let one playbook after another match some leads by networks of its own."""
    for turn in range(times):
        engine = with_own_networks(books[turn % len(books)])
        for lead in leads[:20]:
            evaluate(engine, lead, NOW)


def with_own_networks(book: Compiled) -> Compiled:
    """Return the playbook matched by networks made now."""
    import durable_rules_engine as module

    return replace(book, engine=networks_of(book, layouts_of(book), module, sys.exit))


def memory() -> float:
    """The resident memory of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(float(sys.argv[1]))
