"""The log: one JSON line an event on standard error, with stable names and never contact data."""

import logging
import sys
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure(threshold: int, stream: TextIO | None = None) -> None:
    """Sends every event at or above a threshold to a stream (standard error when left out) as JSON lines.

    What libraries say comes in the same shape, from warnings up.
    """
    out = stream or sys.stderr
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer(serializer=_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[_as_json]))
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler], force=True)


def _as_json(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """A library's record as a line."""
    kept = structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, name, event)
    return _dumps(kept)


def _dumps(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()
