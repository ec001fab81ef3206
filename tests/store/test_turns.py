"""Who waits to write on SQLite gets in before the writer writes again."""

import fcntl
from pathlib import Path
from threading import Thread

from store.database import connect, default_url

ROUNDS = 20


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
