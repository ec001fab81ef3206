"""The clock that goes by the database's, on machines whose own is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from api.clock import SECONDS_BETWEEN_LOOKS, DatabaseClock
from store.database import Database, connect

MINUTES = timedelta(minutes=7)
NEARLY = timedelta(seconds=30)
MACHINE = datetime(2026, 3, 6, 12, tzinfo=UTC)


class Machine:
    """A machine whose clock is `off_by` so much, and which has run for some `seconds`."""

    def __init__(self, off_by: timedelta) -> None:
        self.off_by = off_by
        self.seconds = 0.0

    def time(self) -> datetime:
        """What its clock shows."""
        return datetime.now(UTC) + self.off_by

    def monotonic(self) -> float:
        """For how long it has run."""
        return self.seconds


@pytest.mark.parametrize("off_by", [MINUTES, -MINUTES, timedelta(0)])
def test_a_clock_that_is_minutes_off_is_corrected(database: Database, off_by: timedelta) -> None:
    clock = DatabaseClock(database, machine=Machine(off_by).time)

    assert abs(clock() - datetime.now(UTC)) < NEARLY


def test_a_clock_that_goes_wrong_is_corrected_at_the_next_look(database: Database) -> None:
    machine = Machine(timedelta(0))
    clock = DatabaseClock(database, machine=machine.time, monotonic=machine.monotonic)
    clock()

    machine.off_by = MINUTES
    wrong = clock() - datetime.now(UTC)
    machine.seconds = SECONDS_BETWEEN_LOOKS
    right = clock() - datetime.now(UTC)

    assert abs(wrong - MINUTES) < NEARLY
    assert abs(right) < NEARLY


def test_without_a_database_the_machine_tells_the_time() -> None:
    clock = DatabaseClock(connect("postgresql+psycopg://nobody@127.0.0.1:1/none"), machine=lambda: MACHINE)

    assert clock() == MACHINE


def test_a_difference_that_is_only_the_way_to_the_database_changes_nothing(database: Database) -> None:
    """Else time would run backwards at a look: this one finds the machine 20 ms ahead of where it was."""
    shown = iter([0, 0, 0, 20, 20, 0])
    seconds = iter([0.0, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS])
    clock = DatabaseClock(
        database, machine=lambda: MACHINE + timedelta(milliseconds=next(shown)), monotonic=lambda: next(seconds)
    )

    first, second = clock(), clock()

    assert second >= first
    assert list(shown) == []
