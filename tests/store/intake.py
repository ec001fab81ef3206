"""Processes of their own that take leads in: `python -m tests.store.intake URL PROCESSES COUNT REP...`.

Says "ready", waits for a line, and lets COUNT people arrive in each of as many processes at once. With COUNT `half`
it writes one lead, says "written" and waits inside the transaction.
"""

import sys
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from rules.compile import Compiled
from store.database import connect
from tests.builders import lead
from tests.store.builders import arrive, playbook, write

SECONDS = 60


def main(url: str, processes: int, count: str, reps: list[str]) -> None:
    """Takes the leads in."""
    compiled = playbook(*reps)
    _say("ready")
    sys.stdin.readline()
    if count == "half":
        _write_half(url, compiled)
        return
    fork = get_context("fork")
    together = fork.Barrier(processes)
    started = [
        fork.Process(target=_take_in, args=(url, compiled, together, who, int(count))) for who in range(processes)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(SECONDS)
    sys.exit(any(process.exitcode != 0 for process in started))


def _take_in(url: str, compiled: Compiled, together: Barrier, who: int, count: int) -> None:
    """Lets people arrive by a connection of this process's own, once all are ready."""
    database = connect(url)
    with database.read():
        together.wait(SECONDS)
    for number in range(count):
        arrive(database, compiled, f"w{who}x{number}")
    database.close()


def _write_half(url: str, compiled: Compiled) -> None:
    """Writes a lead and waits to be killed."""
    database = connect(url)
    with database.begin() as tx:
        write(tx, compiled, lead(email="dead@big.example"))
        _say("written")
        sys.stdin.readline()


def _say(word: str) -> None:
    """Tells the test, at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
