"""The log: one JSON line an event on standard error, with stable names and never contact data."""

import logging
import sys
from typing import TextIO

import orjson
import structlog


def configure(threshold: int, stream: TextIO | None = None) -> None:
    """Sends every event at or above a threshold to a stream (standard error when left out) as JSON lines."""
    out = (stream or sys.stderr).buffer
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=stream or sys.stderr, force=True)
