"""Waiting for what real processes do."""

import time
from collections.abc import Callable

# However long it takes on a busy machine, it ends some time.
SECONDS_AT_MOST = 120


def until(said: Callable[[], bool]) -> None:
    """Waits for something to become true."""
    deadline = time.monotonic() + SECONDS_AT_MOST
    while not said():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
