"""What time it is: the database's time, as it is one for all machines that share it, whatever their own clocks say."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from store.database import Database
from store.sweep import database_time

SECONDS_BETWEEN_LOOKS = 10.0
SECONDS_WITHOUT_DATABASE = 1.0
# As much may be the way to the database and back: to go along with it would turn time back now and then.
LEAST = timedelta(milliseconds=50)


def machine_time() -> datetime:
    """Returns what time it is by this machine's clock."""
    return datetime.now(UTC)


class DatabaseClock:
    """Tells the database's time without asking each time: by this machine's clock, corrected by how far it is off.

    That is looked at every ten seconds; while the database is away, the last look holds. Safe to share between threads,
    but not the connections that the threads work with: whoever asks may hold one already, and locks with it.
    """

    def __init__(
        self,
        database: Database,
        *,
        machine: Callable[[], datetime] = machine_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._machine = machine
        self._monotonic = monotonic
        self._off_by = timedelta(0)
        self._look_at: float | None = None
        self._looking = Lock()

    def __call__(self) -> datetime:
        """Returns what time it is."""
        first = self._look_at is None
        if (self._look_at is None or self._monotonic() >= self._look_at) and self._looking.acquire(blocking=first):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._machine() + self._off_by

    def _look(self) -> None:
        try:
            with self._database.read() as tx:
                before, at, after = self._machine(), database_time(tx), self._machine()
        except SQLAlchemyError as error:
            get_logger().error("clock not compared", what=type(error).__name__)
            self._look_at = self._monotonic() + SECONDS_WITHOUT_DATABASE
            return
        self._look_at = self._monotonic() + SECONDS_BETWEEN_LOOKS
        off_by = at - (before + (after - before) / 2)
        if abs(off_by - self._off_by) >= LEAST:
            self._off_by = off_by
