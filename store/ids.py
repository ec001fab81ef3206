"""Ids that sort by the time of their making."""

import itertools
import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Three bytes of each id count, five are random: processes that share an instant cannot meet.
COUNTED = 1 << 24

_made = itertools.count()


def new_id(now: datetime) -> str:
    """Returns a fresh id; it sorts after those of earlier microseconds, and after this process's of the same one."""
    return sortable_id(now, (next(_made) % COUNTED).to_bytes(3, "big") + os.urandom(5))


def sortable_id(now: datetime, randomness: bytes) -> str:
    """Returns the UUID of version 7 made of an aware instant and eight random bytes.

    Source: RFC 9562, section 5.7; the twelve bits behind the version hold the microseconds (section 6.2, method 3).
    """
    low = f"{0b10 << 62 | int.from_bytes(randomness, 'big') >> 2:016x}"
    return f"{_time(now)}-{low[:4]}-{low[4:]}"


@lru_cache(64)
def _time(now: datetime) -> str:
    """Returns the first three groups of digits; the rows of one lead are made at one instant or two."""
    milliseconds, rest = divmod(now - EPOCH, timedelta(milliseconds=1))
    fraction = rest.microseconds * 4096 // 1000
    digits = f"{milliseconds << 16 | 7 << 12 | fraction:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:]}"


def earliest_id(at: datetime) -> str:
    """Returns the id before which no id of this instant or a later one sorts."""
    return sortable_id(at, bytes(8))


def made_at(made: str) -> datetime:
    """Returns when an id was made, to the millisecond."""
    return EPOCH + timedelta(milliseconds=UUID(made).int >> 80)
