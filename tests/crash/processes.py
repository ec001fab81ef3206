"""Real processes of Leadline that are killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECONDS_TO_START = 60
LONGEST_LIFE = 1.0


@dataclass(kw_only=True, slots=True)
class Victim:
    """A verb of `leadline` that listens on a port once it is up; `environ` is its own, beside this process's."""

    words: tuple[str, ...]
    port: int
    environ: Mapping[str, str]
    kills: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Starts it, and waits until it is up. Raises: AssertionError when what was killed still listens."""
        if _listens(self.port):
            raise AssertionError(f"leadline {' '.join(self.words)} outlived its end")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api", *self.words],
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not _listens(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"leadline {' '.join(self.words)} does not start: {self.process.returncode}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kills it with all its processes, as a machine that loses power would."""
        if self.process is not None:
            # The server's own worker processes are in groups of their own, but all are of one session.
            while alive := _session(self.process.pid):
                for process_id in alive:
                    with suppress(ProcessLookupError):
                        os.kill(process_id, signal.SIGKILL)
                self.process.poll()
            self.process = None

    def live_and_die(self, times: int, chance: Random) -> None:
        """Starts it again as often as it is killed, each time after a life by chance; leaves it running."""
        self.start()
        for _ in range(times):
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            self.kill()
            self.kills += 1
            self.start()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _session(session_id: int) -> list[int]:
    """The ids of all processes of a session."""
    found = subprocess.run(["ps", "-s", str(session_id), "-o", "pid="], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
