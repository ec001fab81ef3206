"""The worker inside a server: a process of its own beside the server's, started again when it dies."""

import subprocess
import sys
from threading import Event

from structlog import get_logger

SECONDS_BETWEEN_LIVES = 1.0
SECONDS_TO_STOP = 15.0
SECONDS_BETWEEN_LOOKS = 0.1
COMMAND = (sys.executable, "-m", "api", "worker", "--tied")


def keep_working(stopping: Event) -> None:
    """Keeps a worker process running until the event is set, and then ends it."""
    while not stopping.is_set():
        # Its standard input is a pipe that only this process holds: it closes when this process ends, even by SIGKILL.
        # In a session of its own it hears no Ctrl-C of the terminal, only this process.
        with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True) as process:
            while process.poll() is None and not stopping.wait(SECONDS_BETWEEN_LOOKS):
                pass
            if process.poll() is None:
                _end(process)
                return
        get_logger().error("worker ended", status=process.returncode)
        stopping.wait(SECONDS_BETWEEN_LIVES)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
