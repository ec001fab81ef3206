"""`python -m tests.crash --kills 30 --database sqlite|postgresql --seed 1`: kills as often, says what it came to.

It ends with 1 when something does not hold.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from store.database import connect, default_url, upgrade
from tests.crash.run import crash
from tests.databases import running_postgres


def main() -> None:
    """Runs it as asked."""
    asking = argparse.ArgumentParser(prog="python -m tests.crash")
    asking.add_argument("--kills", type=int, default=30)
    asking.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asking.add_argument("--seed", type=int, default=1)
    asked = asking.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        on_sqlite = asked.database == "sqlite"
        url = default_url(folder) if on_sqlite else stack.enter_context(running_postgres())
        database = connect(url)
        stack.callback(database.close)
        upgrade(database)
        outcome = crash(database, folder, kills=asked.kills, seed=asked.seed)
    how = ", ".join(f"{times} of {what}" for what, times in sorted(outcome.killed.items()))
    sys.stdout.write(
        f"{asked.database}, seed {asked.seed}: {sum(outcome.killed.values())} kills ({how}), "
        f"{outcome.keys} keys answered, {outcome.lost} requests lost and sent again, {outcome.told} events, "
        f"{outcome.repeated} deliveries repeated, {outcome.taken_over} taken over from a worker that died at it, "
        f"{outcome.mailed} mails, clocks {'minutes off' if outcome.skewed else 'together'}\n"
    )
    for wrong in outcome.broken:
        sys.stdout.write(f"BROKEN: {wrong}\n")
    sys.exit(bool(outcome.broken))


if __name__ == "__main__":
    main()
