"""One worker: its loops, its signals, and what ties it to the server it belongs to."""

import os
import signal
import sys
from collections.abc import Mapping
from functools import partial
from random import Random
from threading import Event, Thread

from prometheus_client import start_http_server

from api.metrics import Metrics
from api.serving import Serving
from api.settings import Settings
from api.worker.agreeing import agree_forever
from api.worker.crew import Crew, Loop
from api.worker.drifting import drift_forever
from api.worker.figures import WorkFigures
from api.worker.handing import hand_on_once
from api.worker.jobs import JobKeeper
from api.worker.loop import after, repeat
from api.worker.mailing import mail_once, sender
from api.worker.posting import Postman
from api.worker.shadowing import shadow_forever
from api.worker.sweeping import Pace, sweep_once
from api.worker.telling import Teller
from api.worker.templates import Templates
from store.database import Database

SECONDS_OF_A_TURN = 0.0005


def work(settings: Settings, database: Database, *, metrics_port: int | None, tied: bool) -> None:
    """Works until SIGTERM or Ctrl-C. A tied worker also ends when whoever started it does, by its standard input."""
    # Threads give way to each other sooner than after Python's 5 ms: a sweep waits for its turn at each statement.
    sys.setswitchinterval(SECONDS_OF_A_TURN)
    stopping = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    if tied:
        Thread(target=_end_with_parent, args=(stopping,), daemon=True).start()
    metrics = Metrics()
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1", registry=metrics.registry)
    Crew(_loops(settings, database, metrics), stopping).work()


def _loops(settings: Settings, database: Database, metrics: Metrics) -> Mapping[str, Loop]:
    """What a worker does, side by side."""
    serving, figures = Serving(database, metrics), WorkFigures(metrics.registry)
    templates = Templates(settings.home)
    templates.tell_broken()
    teller = Teller(database=database, serving=serving, templates=templates)
    private = settings.webhook_private
    idle = Event()
    hand_on = partial(hand_on_once, database, serving, figures, settings.admin_email)
    mail = partial(mail_once, database, sender(settings), teller.to_one, settings.mail_from, figures, Random())
    postman = Postman(
        database=database, private=private, words=teller.to_many, figures=figures, chance=Random(), idle=idle
    )

    return {
        "sweep": partial(repeat, partial(sweep_once, database, serving, figures, Pace(), idle)),
        "hand on": partial(repeat, after(idle, hand_on)),
        "mail": partial(repeat, after(idle, mail)),
        "webhooks": postman.work,
        "jobs": JobKeeper(database, serving, settings.scratch).work,
        "shadow": partial(shadow_forever, database, figures),
        "drift": partial(drift_forever, database),
        "agreement": partial(agree_forever, database),
    }


def _end_with_parent(stopping: Event) -> None:
    """Waits for the end of standard input, which comes when the parent is gone, however it went."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    stopping.set()
