"""The desk that every door shares: the settings, the clock, the database, what is served, the figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from api.metrics import Metrics
from api.serving import Serving
from api.settings import Settings
from store.database import Database

EXTENSION = "leadline"


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a door needs to answer a request."""

    settings: Settings
    clock: Callable[[], datetime]
    database: Database
    serving: Serving
    metrics: Metrics


def desk() -> Desk:
    """The desk of the app that is answering."""
    found: Desk = current_app.extensions[EXTENSION]
    return found
