"""What the server loads in each of its processes."""

import os
from multiprocessing import parent_process
from threading import Thread

from flask import Flask

from api import logs
from api.app import create_app
from api.clock import DatabaseClock
from api.settings import settings_from
from store.database import connect


def application() -> Flask:
    """The application at the settings of the environment, by the database's clock."""
    # A terminal's Ctrl-C reaches every process of its group. With the parent's own signal after it, granian's worker
    # would hear of the end twice and, when busy, hang until it is killed; in its own group it hears the parent alone.
    os.setpgid(0, 0)
    Thread(target=_end_with_parent, daemon=True).start()
    settings = settings_from(os.environ)
    logs.configure(settings.log_threshold)
    return create_app(settings, clock=DatabaseClock(connect(settings.database_url)))


def _end_with_parent() -> None:
    """Ends this process, and frees its port, as soon as the server that started it is gone without having ended it.

    Whoever is not answered asks again, as after any crash; to answer first would keep the next server from the port.
    """
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
