"""Real processes of Leadline that are killed, all or some of them, and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType

from tests.crash.family import Process, alive, descendants

SECONDS_TO_START = 60
SECONDS_TO_END = 60
LONGEST_LIFE = 2.5
# What is killed: all of a victim's processes at once, as when a machine loses power, only the one that was started, or
# only that child of it which was started with these words.
EVERYTHING, PARENT, ANSWERING, WORKER_INSIDE = "everything", "the parent", "what answers", "the worker inside"
CALLED: Mapping[str, str] = MappingProxyType({ANSWERING: "spawn_main", WORKER_INSIDE: "worker --tied"})
OF_A_SERVER = (EVERYTHING, PARENT, ANSWERING, WORKER_INSIDE)
OF_A_WORKER = (EVERYTHING,)


@dataclass(kw_only=True, slots=True)
class Victim:
    """A verb of `leadline` that listens on a port once it is up; `environ` is its own, beside this process's.

    It is killed in these `ways`, all of them about as often; `killed` counts, `orphans` are what a dead parent left.
    """

    words: tuple[str, ...]
    port: int
    environ: Mapping[str, str]
    ways: Sequence[str]
    killed: Counter[str] = field(default_factory=Counter)
    orphans: list[Process] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Starts it, and waits until it is up. Raises: AssertionError when what was killed still listens."""
        self._until(lambda: not _listens(self.port), "still listens after its end")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.hasty", *self.words],
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self._until(lambda: _listens(self.port) or self._has_ended(), "does not start")
        if self._has_ended():
            raise AssertionError(f"leadline {' '.join(self.words)} ended with {self.process.returncode} as it started")

    def live_and_die(self, times: int, chance: Random) -> None:
        """Is killed so often, each time after a life by chance, and started again; leaves it running."""
        self.start()
        ways = [self.ways[place % len(self.ways)] for place in range(times)]
        chance.shuffle(ways)
        for way in ways:
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            self.kill(way)

    def kill(self, way: str) -> None:
        """Kills what the way says, and starts it again unless it does that by itself."""
        self.killed[way] += 1
        if way == WORKER_INSIDE:
            self._kill_child(CALLED[way])
            return
        if way == ANSWERING:
            self._lose_children()
            self._kill_child(CALLED[way])
            self._until(self._has_ended, "goes on though nothing answers any more")
            self.process = None
        elif way == PARENT:
            self._kill_parent()
        else:
            self.end()
        self.start()

    def end(self) -> None:
        """Kills it with all its processes, once and for all."""
        if self.process is not None:
            # The parent first: it starts no other then.
            doomed = descendants(self.process.pid)
            _kill([self.process.pid, *(each.id for each in doomed)])
            self.process.wait()
            self.process = None
            self._until(lambda: not alive(doomed), "survived SIGKILL")

    def has_left(self) -> list[Process]:
        """Which processes of dead parents are still there some time later; they are to end by themselves."""
        with suppress(AssertionError):
            self._until(lambda: not alive(self.orphans), "")
        return alive(self.orphans)

    def _kill_parent(self) -> None:
        self._lose_children()
        assert self.process is not None
        _kill([self.process.pid])
        self.process.wait()
        self.process = None

    def _lose_children(self) -> None:
        """Keeps in mind which processes are to end without anybody ending them."""
        if self.process is not None:
            self.orphans += descendants(self.process.pid)

    def _kill_child(self, words: str) -> None:
        """Kills the first of the processes that were called with these words, once it is there."""
        assert self.process is not None
        root, found = self.process.pid, list[int]()

        def there() -> bool:
            found[:] = [each.id for each in descendants(root) if words in each.words]
            return bool(found) or self._has_ended()

        self._until(there, f"has no {words}")
        _kill(found[:1])

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _until(self, said: Callable[[], bool], otherwise: str) -> None:
        """Waits for something to become true. Raises: AssertionError when it does not."""
        deadline = time.monotonic() + max(SECONDS_TO_START, SECONDS_TO_END)
        while not said():
            if time.monotonic() > deadline:
                raise AssertionError(f"leadline {' '.join(self.words)} {otherwise}")
            time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _kill(process_ids: Sequence[int]) -> None:
    for process_id in process_ids:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
