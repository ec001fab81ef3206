"""Memory stays flat over swaps of playbooks and over evaluations; `make fuzz` watches it a hundred times as long."""

import subprocess
import sys
from pathlib import Path

import pytest

# What a process may grow by, in MB. One network of these playbooks takes 1 to 5 MB; a kilobyte lost in each evaluation
# would come to 5.
MARGIN = 4

WATCHED = """
import random
from rules.evaluate import evaluate
from tests.rules import strategies
from tests.rules.builders import NOW
from tests.rules.fuzz import book_of, lead_of, memory, swap, with_own_networks

chance = random.Random(1)
books = [book_of(size, chance) for size in (20, 60, 120)]
leads = [lead_of(chance, [word for word in strategies.WORDS if len(word) < 100]) for _ in range(200)]

swap(books, leads, 60)
start = memory()
swap(books, leads, 60)
engine = with_own_networks(books[1])
for turn in range(5_000):
    evaluate(engine, leads[turn % len(leads)], NOW)
grown = memory() - start
held = [with_own_networks(book) for book in books * 5]
leaked = memory() - start - grown
print(grown, leaked)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from Linux's /proc")
def test_sixty_swaps_and_five_thousand_evaluations_add_no_memory() -> None:
    """And fifteen networks that are kept do add some, so that the measure would see them leak."""
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    root = Path(__file__).parents[2]

    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=root, capture_output=True, text=True, timeout=120, check=True
    )

    grown, leaked = map(float, done.stdout.split())
    assert (grown < MARGIN, leaked > MARGIN) == (True, True), f"{grown:.1f} MB more, {leaked:.1f} MB for what was kept"
