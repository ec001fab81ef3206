"""Turns at writing: on SQLite one writer is at work at a time, and whoever waits gets in before it writes again.

SQLite itself lets a waiting writer look again only now and then. A worker that catches up leaves gaps of a millisecond
between its transactions: such looks miss them for seconds on end, and so, on a busy machine, does one that is woken.
So there are two locks. Who comes next holds the queue until it has its turn; who had one queues up behind it. The
kernel lets go of what a dead process held.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import FileIO

from sqlalchemy import Connection


@contextmanager
def turn(connection: Connection) -> Iterator[None]:
    """Waits until no other process or thread writes, and keeps the others waiting for the block."""
    if connection.dialect.name != "sqlite":
        yield
        return
    file = connection.engine.url.database
    with _held(f"{file}.queue") as queue, _held(f"{file}.turn"):
        queue.close()
        yield


def _held(path: str) -> closing[FileIO]:
    """Waits until nobody else holds a file's lock, and holds it until it is closed."""
    file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))
    fcntl.flock(file, fcntl.LOCK_EX)
    return closing(file)
