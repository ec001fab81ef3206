"""One worker: its loops, its signals, and what ties it to the server it belongs to."""

import os
import signal
import sys
from functools import partial
from threading import Event, Thread

from prometheus_client import start_http_server

from api.metrics import Metrics
from api.serving import Serving
from api.worker.crew import Crew
from api.worker.figures import WorkFigures
from api.worker.shadowing import shadow_forever
from api.worker.sweeping import sweep_forever
from store.database import Database


def work(database: Database, *, metrics_port: int | None, tied: bool) -> None:
    """Works until SIGTERM or Ctrl-C. A tied worker also ends when whoever started it does, by its standard input."""
    stopping = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    if tied:
        Thread(target=_end_with_parent, args=(stopping,), daemon=True).start()
    metrics = Metrics()
    figures = WorkFigures(metrics.registry)
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1", registry=metrics.registry)
    serving = Serving(database, metrics)
    loops = {
        "sweep": partial(sweep_forever, database, serving, figures),
        "shadow": partial(shadow_forever, database, figures),
    }
    Crew(loops, stopping).work()


def _end_with_parent(stopping: Event) -> None:
    """Waits for the end of standard input, which comes when the parent is gone, however it went."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    stopping.set()
