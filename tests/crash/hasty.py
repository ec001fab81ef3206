"""`leadline` in a hurry: what a dead worker was delivering comes due again after seconds, within the crash test's run.

`python -m tests.crash.hasty` takes what `leadline` takes. Nothing but these spans is other than in the real command.
"""

import sys
from datetime import timedelta

from api.cli import main
from api.worker import inside, posting
from store import deliveries

LEASE = timedelta(seconds=5)
SECONDS_TO_ANSWER = 3.0
FIRST_PAUSE = timedelta(seconds=0.2)
LONGEST_PAUSE = timedelta(seconds=3)


def hurry() -> None:
    """Shortens the spans, also those of the worker inside a server."""
    deliveries.LEASE = LEASE
    deliveries.FIRST_PAUSE = FIRST_PAUSE
    deliveries.LONGEST_PAUSE = LONGEST_PAUSE
    posting.SECONDS_TO_ANSWER = SECONDS_TO_ANSWER
    inside.COMMAND = (sys.executable, "-m", "tests.crash.hasty", "worker", "--tied")


if __name__ == "__main__":
    hurry()
    main(prog_name="leadline")
