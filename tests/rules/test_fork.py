"""A process that forks while its threads are matching leaves its children networks, or at least right answers."""

import subprocess
import sys
from pathlib import Path

import pytest

FORKING = """
import os, threading
from rules.evaluate import evaluate
from tests.rules.builders import NOW
from tests.rules.test_engine import leads, networks, sized

book, asked = sized(80), leads(60)
right = [evaluate(book, lead, NOW) for lead in asked]
matched = networks(book)
over = threading.Event()

def ask():
    while not over.is_set():
        for lead in asked:
            evaluate(matched, lead, NOW)

threads = [threading.Thread(target=ask) for _ in range(3)]
for thread in threads:
    thread.start()
children = []
for _ in range(20):
    child = os.fork()
    if child == 0:
        wrong = sum(evaluate(matched, lead, NOW) != answer for lead, answer in zip(asked, right))
        os._exit(min(wrong, 99) if matched.matched_by == "durable-rules" else 100)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
over.set()
for thread in threads:
    thread.join()
wrong = sum(evaluate(matched, lead, NOW) != answer for lead, answer in zip(asked, right))
print(codes == [0] * 20, wrong)
"""


def test_twenty_forks_out_of_the_middle_of_matching_answer_rightly() -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    root = Path(__file__).parents[2]

    # Python 3.12 warns of forks beside threads, which is what is tried here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)

    assert (done.stdout, done.stderr) == ("True 0\n", "")
