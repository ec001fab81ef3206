"""Column types that mean the same on SQLite and PostgreSQL: an instant and a JSON document."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC. Raises: ValueError for a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns the instant as the database takes it; SQLite keeps no offset, so it gets UTC without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; pass an aware datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns the kept instant in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Returns what makes the instant of what the database gives; SQLite gives text, and reports read many."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(value: str | None) -> datetime | None:
    """Returns the instant in SQLite's text, which is UTC and does not say so."""
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Document(TypeDecorator[Any]):
    """A JSON document kept as text, so that it comes back with its keys in order and its numbers as written.

    Dataclasses go in as objects, instants as RFC 3339. PostgreSQL's jsonb would reorder the keys and refuse the
    character U+0000.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Returns the document as JSON text."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Returns the document as plain values."""
        return None if value is None else orjson.loads(value)
