"""The HTTP server: granian, with the processes and threads that the database bears best."""

import multiprocessing
import os
import socket
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from api.errors import PortError
from api.scratch import scratch
from api.settings import Settings

TARGET = "api.wsgi:application"
THREADS_ON_POSTGRESQL = 8
ATTEMPTS_TO_REACH = 1_200
SECONDS_BETWEEN_ATTEMPTS = 0.05
SECONDS_TO_STOP = 10
SECONDS_TO_STOP_WORKER = 20

# Runs beside the server until its event is set.
Beside = Callable[[Event], None]


def refuse_taken(host: str, port: int) -> None:
    """Raises PortError when a port cannot be listened on; granian alone would share it with another server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from None


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    when_up: Callable[[Event], None],
    worker: Callable[[Event], None] | None,
) -> None:
    """Serves until a signal ends it.

    Once it answers, `when_up` runs beside it, and so does a worker where one is wanted; both are to end when their
    event is set.
    """
    # Processes are started afresh, not forked: a fork of a process that has trained inherits its threads' locks.
    multiprocessing.set_start_method("spawn", force=True)
    stopping = Event()
    once_up = [when_up] if worker is None else [when_up, worker]
    beside = [Thread(target=_once_up, args=(host, port, stopping, then), daemon=True) for then in once_up]
    with scratch(settings.scratch) as figures:
        if processes(settings) > 1 or worker:  # each process writes its figures there, so that any can add them up
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures.absolute())
        for thread in beside:
            thread.start()
        try:
            _granian(settings, host, port).serve()
        finally:
            stopping.set()
            for thread in beside:
                thread.join(SECONDS_TO_STOP_WORKER)


def processes(settings: Settings) -> int:
    """How many processes serve: as many as the settings say, and one on SQLite, where more only wait for each other."""
    return 1 if settings.on_sqlite else settings.workers


def _granian(settings: Settings, host: str, port: int) -> MPServer:
    return MPServer(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=processes(settings),
        blocking_threads=1 if settings.on_sqlite else THREADS_ON_POSTGRESQL,
        workers_kill_timeout=SECONDS_TO_STOP,
        websockets=False,
        log_level=LogLevels.error,
    )


def _once_up(host: str, port: int, stopping: Event, then: Beside) -> None:
    for _ in range(ATTEMPTS_TO_REACH):
        if stopping.wait(SECONDS_BETWEEN_ATTEMPTS):
            return
        if _answers(host, port):
            then(stopping)
            return


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """The address by which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not listened on
