"""What the server loads in each of its processes."""

import os
from datetime import UTC, datetime

from flask import Flask

from api import logs
from api.app import create_app
from api.settings import settings_from


def application() -> Flask:
    """The application at the settings of the environment, by the machine's clock."""
    settings = settings_from(os.environ)
    logs.configure(settings.log_threshold)
    return create_app(settings, clock=lambda: datetime.now(UTC))
