"""Waiting for the disk together."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Condition, Event

import pytest

from store.flushes import Flushes
from tests.api.waiting import until

SECONDS = 20


class Disk:
    """A disk that is done with a flush when it is let go, and counts them."""

    def __init__(self) -> None:
        """Begins with nothing to do."""
        self.begun: list[Event] = []
        self.at_work = Event()

    def flush(self) -> None:
        """Waits to be let go."""
        go = Event()
        self.begun.append(go)
        self.at_work.set()
        assert go.wait(SECONDS)

    def let_go(self) -> None:
        """Ends the flush that is under way, once one is."""
        assert self.at_work.wait(SECONDS)
        self.at_work.clear()
        self.begun[-1].set()


class Counting(Condition):
    """A condition that counts who waits for it."""

    count = 0

    def wait(self, timeout: float | None = None) -> bool:
        """Waits."""
        Counting.count += 1
        try:
            return super().wait(timeout)
        finally:
            Counting.count -= 1


@pytest.fixture
def flushes(monkeypatch: pytest.MonkeyPatch) -> Flushes:
    """Flushes of which is known who waits for them."""
    monkeypatch.setattr("store.flushes.Condition", Counting)
    return Flushes()


def test_who_waits_alone_flushes_alone(flushes: Flushes) -> None:
    """Once for each wait."""
    flushed: list[str] = []

    for name in "abc":
        flushes.wait(partial(flushed.append, name))

    assert flushed == ["a", "b", "c"]


def test_those_who_come_during_a_flush_share_the_next(flushes: Flushes) -> None:
    """That one began before they had committed, and may have left their commit out."""
    disk = Disk()
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(flushes.wait, disk.flush)
        assert disk.at_work.wait(SECONDS)
        others = [pool.submit(flushes.wait, disk.flush) for _ in range(7)]
        all_wait(7)

        disk.let_go()
        first.result(SECONDS)
        assert disk.at_work.wait(SECONDS)
        assert [other.done() for other in others] == [False] * 7

        disk.let_go()
        ended(others)
    assert len(disk.begun) == 2


def test_a_flush_that_fails_is_its_own_ones_failure(flushes: Flushes) -> None:
    """Whoever waited for it flushes anew."""
    disk, failing = Disk(), iter([True])
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(flushes.wait, disk.flush)
        assert disk.at_work.wait(SECONDS)
        others = [pool.submit(flushes.wait, partial(fail_once, disk, failing)) for _ in range(3)]
        all_wait(3)

        for _ in range(3):
            disk.let_go()
        first.result(SECONDS)
        raised = [str(other.exception(SECONDS)) for other in others]
    assert sorted(raised) == ["None", "None", "the disk is gone"]
    assert len(disk.begun) == 3


def test_writers_are_several_from_the_second_on(flushes: Flushes) -> None:
    """And no longer once they are done, however they end."""
    seen = []
    with flushes.writing():
        seen.append(flushes.shared)
        with suppress(KeyError), flushes.writing():
            seen.append(flushes.shared)
            raise KeyError
        seen.append(flushes.shared)

    assert seen == [False, True, False]


def fail_once(disk: Disk, failing: Iterator[bool]) -> None:
    """Flushes, the first time in vain."""
    disk.flush()
    if next(failing, False):
        raise OSError("the disk is gone")


def all_wait(count: int) -> None:
    """Returns once so many threads wait."""
    until(lambda: Counting.count == count)


def ended(futures: list[Future[None]]) -> None:
    """Returns once all have ended well."""
    for future in futures:
        future.result(SECONDS)
