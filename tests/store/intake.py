"""A process of its own that takes leads in: `python -m tests.store.intake URL WHO COUNT REP...`.

Says "ready", waits for a line, and lets COUNT people arrive. With COUNT `half` it writes one lead, says "written"
and waits inside the transaction.
"""

import sys

from store.database import connect
from tests.builders import lead
from tests.store.builders import arrive, playbook, write


def main(url: str, who: str, count: str, reps: list[str]) -> None:
    """Takes the leads in."""
    database, compiled = connect(url), playbook(*reps)
    _say("ready")
    sys.stdin.readline()
    if count == "half":
        with database.begin() as tx:
            write(tx, compiled, lead(email=f"{who}@big.example"))
            _say("written")
            sys.stdin.readline()
    else:
        for number in range(int(count)):
            arrive(database, compiled, f"{who}{number}")
    database.close()


def _say(word: str) -> None:
    """Tells the test, at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
