"""Ids that sort by the time of their making."""

import os
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> str:
    """Returns a fresh id; ids of later milliseconds sort after those of earlier ones."""
    return sortable_id(now, os.urandom(10))


def sortable_id(now: datetime, randomness: bytes) -> str:
    """Returns the UUID of version 7 made of an instant and ten random bytes. Source: RFC 9562, section 5.7."""
    milliseconds = int(now.timestamp() * 1000)
    number = milliseconds << 80 | int.from_bytes(randomness[:10], "big")
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=number))
