"""What the server loads in each of its processes."""

import os
from datetime import UTC, datetime

from flask import Flask

from api import logs
from api.app import create_app
from api.settings import settings_from


def application() -> Flask:
    """The application at the settings of the environment, by the machine's clock."""
    # A terminal's Ctrl-C reaches every process of its group. With the parent's own signal after it, granian's worker
    # would hear of the end twice and, when busy, hang until it is killed; in its own group it hears the parent alone.
    os.setpgid(0, 0)
    settings = settings_from(os.environ)
    logs.configure(settings.log_threshold)
    return create_app(settings, clock=lambda: datetime.now(UTC))
