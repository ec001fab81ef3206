"""Waiting for the disk together: who commits while others write lets them go on at once, and one wait serves many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition


class Flushes:
    """The waits for the disk of one process's threads. What was committed before a wait began is on disk after it."""

    def __init__(self) -> None:
        """Begins with nobody at work."""
        self._changed = Condition()
        self._writers = self._begun = self._done = 0
        self._flushing = False

    @property
    def shared(self) -> bool:
        """Whether several write just now."""
        return self._writers > 1

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Counts one more who writes, for the block."""
        with self._changed:
            self._writers += 1
        try:
            yield
        finally:
            with self._changed:
                self._writers -= 1

    def wait(self, flush: Callable[[], object]) -> None:
        """Returns once a flush that began after this was called is done: another's, or this one where nobody's is.

        Raises: what the flush of its own raises; what another's raises, makes this one flush too.
        """
        with self._changed:
            wanted = self._begun + 1
            self._changed.wait_for(lambda: self._done >= wanted or not self._flushing)
            if self._done >= wanted:
                return
            self._flushing, self._begun = True, self._begun + 1
            mine = self._begun
        try:
            flush()
        except BaseException:
            self._end(self._done)
            raise
        self._end(mine)

    def _end(self, done: int) -> None:
        """Lets the others see that a wait is over."""
        with self._changed:
            self._flushing, self._done = False, done
            self._changed.notify_all()
