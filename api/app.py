"""The application: every door on one Flask app, with what they share."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from flask import Flask, Response, g, request
from structlog import get_logger
from structlog.contextvars import bind_contextvars, clear_contextvars

from api import problems
from api.desk import EXTENSION, Desk, desk
from api.doors.activities import activities
from api.doors.batches import batches
from api.doors.campaigns import campaigns
from api.doors.drafts import drafts
from api.doors.forms import forms
from api.doors.health import health
from api.doors.histories import histories
from api.doors.imports import imports
from api.doors.jobs import jobs
from api.doors.leads import leads
from api.doors.models import models
from api.doors.moves import moves
from api.doors.pages import pages
from api.doors.playbooks import playbooks
from api.doors.reports import reports
from api.doors.reps import reps
from api.doors.scores import scores
from api.doors.webhooks import webhooks
from api.keys import check_key
from api.metrics import Metrics
from api.serving import Serving
from api.settings import Settings
from api.worker.agreeing import AgreementFigures
from api.worker.backlog import Backlog
from api.worker.drifting import DriftFigures
from store.database import connect

DOORS = (
    *(forms, leads, histories, batches, scores, activities, moves, reps),
    *(playbooks, drafts, models, jobs, imports, webhooks, reports, campaigns, health, pages),
)
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'"


def create_app(settings: Settings, *, clock: Callable[[], datetime]) -> Flask:
    """The application at one set of settings; nothing is read from the database before the first request."""
    app = Flask("api")
    app.url_map.strict_slashes = False
    database = connect(settings.database_url)
    metrics = Metrics(Backlog(database), DriftFigures(database), AgreementFigures(database))
    serving = Serving(database, metrics)
    app.extensions[EXTENSION] = Desk(
        settings=settings, clock=clock, database=database, serving=serving, metrics=metrics
    )
    app.before_request(_begin)
    app.before_request(check_key)
    app.after_request(_end)
    problems.install(app)
    for door in DOORS:
        app.register_blueprint(door)
    return app


def _begin() -> None:
    """Starts the clock and the log of a request."""
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
    clear_contextvars()
    bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    """Counts and logs a request; the route is logged, not the address, which may name a person."""
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "(none)"
    labels = (request.method if request.url_rule else "(any)", route, str(response.status_code))
    desk().metrics.seconds.labels(*labels).observe(seconds)
    get_logger().info("request", method=labels[0], route=route, status=response.status_code, ms=round(seconds * 1e3, 2))
    response.headers["X-Request-Id"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
