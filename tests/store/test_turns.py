"""Who waits to write on SQLite gets in before the writer writes again, and past one that is stopped."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy.exc import OperationalError

from store import database as databases
from store import turns
from store.database import connect, default_url

ROUNDS = 20
# A writer of its own process that has its turn, before it writes (`turn`) or while it does (`begin`).
WRITER = """
import sys
from store.database import connect
from store.turns import turn
database = connect(sys.argv[1])
with database.engine.connect() as connection, turn(connection) if sys.argv[2] == "turn" else database.begin():
    print("its turn", flush=True)
    sys.stdin.read()
"""


@contextmanager
def stopped(url: str, where: str) -> Iterator[None]:
    """A writer that is stopped for as long as the block lasts."""
    words = [sys.executable, "-c", WRITER, url, where]
    home = Path(__file__).parents[2]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"its turn\n"
        writer.send_signal(signal.SIGSTOP)
        os.waitpid(writer.pid, os.WUNTRACED)
        yield
        writer.kill()


def waited_for(queue: Path) -> bool:
    """Whether somebody stands in the queue."""
    with queue.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_waits_gets_in_before_the_writer_writes_again(tmp_path: Path) -> None:
    """However soon that is: a worker that catches up leaves next to no time between its transactions."""
    database, wrote = connect(default_url(tmp_path)), list[str]()

    def write_once() -> None:
        with database.begin():
            wrote.append("waited")

    for _ in range(ROUNDS):
        with database.begin():
            wrote.append("wrote")
            other = Thread(target=write_once)
            other.start()
            while other.is_alive() and not waited_for(tmp_path / "leadline.db.queue"):
                pass
        with database.begin():
            wrote.append("wrote again")
        other.join()
    database.close()

    assert wrote == ["wrote", "waited", "wrote again"] * ROUNDS


def test_who_waits_goes_past_a_writer_that_is_stopped_and_those_who_come_later_need_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, url = connect(default_url(tmp_path)), default_url(tmp_path)
    monkeypatch.setattr(turns, "SECONDS_AT_MOST", 0.1)

    with stopped(url, "turn"):
        with database.begin():
            pass
        monkeypatch.delattr(turns, "Thread")  # nothing could wait
        with database.begin() as tx:
            wrote = tx.exec_driver_sql("SELECT 1").scalar()
    database.close()

    assert wrote == 1


def test_who_waits_for_a_writer_that_is_stopped_while_it_writes_is_told_so_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No one can write beside it; an error that a client can act on is better than no answer."""
    url = default_url(tmp_path)
    monkeypatch.setattr(turns, "SECONDS_AT_MOST", 0.1)
    monkeypatch.setattr(databases, "WAIT_SECONDS", 0.1)
    database = connect(url)

    with stopped(url, "begin"), pytest.raises(OperationalError, match="database is locked"), database.begin():
        pass
    database.close()
