"""The crew of one worker: loops side by side until a signal, or until one of them fails and ends them all."""

from collections.abc import Callable, Mapping
from threading import Event, Thread

SECONDS_TO_STOP = 20.0

# Runs until its event is set.
Loop = Callable[[Event], None]


class Crew:
    """Loops that run side by side. A bug in one is no reason to go on with half a crew: all of them end."""

    def __init__(self, loops: Mapping[str, Loop], stopping: Event) -> None:
        self._stopping = stopping
        self._failures: list[BaseException] = []
        self._threads = [Thread(target=self._run, args=(loop,), name=name, daemon=True) for name, loop in loops.items()]

    def work(self) -> None:
        """Runs the loops until the event is set. Raises: what ended a loop, once all have ended."""
        for thread in self._threads:
            thread.start()
        self._stopping.wait()
        for thread in self._threads:
            thread.join(SECONDS_TO_STOP)
        if self._failures:
            raise self._failures[0]

    def _run(self, loop: Loop) -> None:
        try:
            loop(self._stopping)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for the crew
            self._failures.append(error)
        finally:
            self._stopping.set()
