"""Ids that sort by the time of their making."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(now: datetime) -> str:
    """Returns a fresh id; ids of later microseconds sort after those of earlier ones."""
    return sortable_id(now, os.urandom(8))


def new_ids(now: datetime, count: int) -> list[str]:
    """Returns fresh ids of one instant in their order, for rows whose order matters."""
    return sorted(new_id(now) for _ in range(count))


def sortable_id(now: datetime, randomness: bytes) -> str:
    """Returns the UUID of version 7 made of an aware instant and eight random bytes.

    Source: RFC 9562, section 5.7; the twelve bits behind the version hold the microseconds (section 6.2, method 3).
    """
    milliseconds, rest = divmod(now - EPOCH, timedelta(milliseconds=1))
    fraction = rest.microseconds * 4096 // 1000
    low = 0b10 << 62 | int.from_bytes(randomness, "big") >> 2
    return str(UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | low))
