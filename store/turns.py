"""Turns at writing: on SQLite one writer is at work at a time, and whoever waits gets in before it writes again.

SQLite itself lets a waiting writer look again only now and then. A worker that catches up leaves gaps of a millisecond
between its transactions: such looks miss them for seconds on end, and so, on a busy machine, does one that is woken.
So there are two locks. Who comes next holds the queue until it has its turn; who had one queues up behind it. The
kernel lets go of what a dead process held. A process that is stopped (SIGSTOP, a debugger, a frozen container) lets go
of nothing: its lock is given up after a while, and a new file stands in its place. The locks only keep order; that two
never write at once SQLite sees to.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import FileIO
from pathlib import Path
from threading import Thread

from sqlalchemy import Connection

# Many times what all that may stand in the queue take together.
SECONDS_AT_MOST = 5.0


@contextmanager
def turn(connection: Connection) -> Iterator[None]:
    """Waits until no other process or thread writes, and keeps the others waiting for the block.

    Nobody is waited for longer than some seconds: SQLite's own waiting, which has an end, is all there is then.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    file = connection.engine.url.database
    with closing(_opened(f"{file}.queue")) as queue, closing(_opened(f"{file}.turn")):
        queue.close()
        yield


def _opened(path: str) -> FileIO:
    """Returns a file whose lock is held until it is closed, once nobody else holds it; in time, even if somebody does.

    Who was not let in by then takes the file away, so that only those wait who came before that.
    """
    file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not _waited(file):
            _take_away(path, file)
    return file


def _waited(file: FileIO) -> bool:
    """Returns whether a lock was had in time; the kernel has no limit for this wait, so a thread is left at it."""
    waiting = Thread(target=_lock, args=(FileIO(os.dup(file.fileno())),), daemon=True)
    waiting.start()
    waiting.join(SECONDS_AT_MOST)
    return not waiting.is_alive()


def _lock(same: FileIO) -> None:
    """Waits for a lock, which lasts until all files opened as one are closed: with ours it goes, if nobody wants it."""
    with closing(same):
        fcntl.flock(same, fcntl.LOCK_EX)


def _take_away(path: str, file: FileIO) -> None:
    """Has those who come from now on lock a new file, unless another did so before."""
    with suppress(FileNotFoundError):
        if os.path.samestat(Path(path).stat(), os.fstat(file.fileno())):
            Path(path).unlink()
