"""How long a lead takes to be taken in while a worker catches up on overdue clocks, beside the same without a worker.

`python -m bench.backlog [LEADS]`, on SQLite, where there is one writer at a time. So many leads came in long ago; all
that their clocks had to do is overdue when a real worker process starts. Leads come in at twenty a second, before and
meanwhile.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.intake import Sender, take_in
from api.serving import Served, read_served
from scoring.lead import Lead
from store.database import Database, connect, default_url, upgrade
from store.due import backlog
from tests.api.builders import furnish

LEADS = 3_000
ARRIVING = 200
RATE = 20
LONG_AGO = timedelta(days=14)


def main(count: int) -> None:
    """Say what intake takes alone and beside the worker, and how much the worker does meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = connect(default_url(home))
        upgrade(database)
        furnish(database)
        with database.read() as tx:
            served = read_served(tx)
        for number in range(count):
            _arrives(database, served, f"ann@old{number}.example", datetime.now(UTC) - LONG_AGO)
        alone = _arriving(database, served, "alone")
        with _worker(home):
            first, started = _wait_for_worker(database), time.perf_counter()
            beside = _arriving(database, served, "beside")
            done = (first - _due(database)) / (time.perf_counter() - started)
            left = _due(database)
        database.close()
    for name, took in (("alone", alone), ("beside the worker", beside)):
        sys.stdout.write(f"intake {name}: {_told(took)}\n")
    ratios = [two / one for one, two in zip(_points(alone), _points(beside), strict=True)]
    sys.stdout.write(f"beside / alone: p50 {ratios[0]:.1f}, p99 {ratios[1]:.1f}\n")
    sys.stdout.write(f"the worker did {done:,.0f} pieces a second meanwhile; {left:,} of {first:,} were left\n")


def _arrives(database: Database, served: Served, email: str, now: datetime) -> float:
    """How many seconds it takes to take a new person in."""
    sent = Lead(created_at=now, email=email, source="demo_request", title="VP", attributes={"employees": 4000})
    started = time.perf_counter()
    with database.begin() as tx:
        take_in(tx, sent, {"email": email}, Sender(key_id="bench"), served, now)
    return time.perf_counter() - started


def _arriving(database: Database, served: Served, name: str) -> list[float]:
    """How many seconds each of the leads takes that come in now."""
    took = []
    for number in range(ARRIVING):
        took.append(_arrives(database, served, f"ann@{name}{number}.example", datetime.now(UTC)))
        time.sleep(max(0.0, 1 / RATE - took[-1]))
    return took


@contextmanager
def _worker(home: Path) -> Iterator[None]:
    settings = {"LEADLINE_HOME": str(home), "LEADLINE_DATABASE_URL": default_url(home), "LEADLINE_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "api", "worker"]
    with subprocess.Popen(command, env={**os.environ, **settings}) as process:
        yield
        process.kill()


def _wait_for_worker(database: Database) -> int:
    """How much is due once the worker has begun to do it."""
    before = _due(database)
    while (now := _due(database)) >= before:
        time.sleep(0.05)
    return now


def _due(database: Database) -> int:
    with database.read() as tx:
        return backlog(tx, datetime.now(UTC))[0]


def _points(took: list[float]) -> tuple[float, float, float]:
    """The median, the 99th percentile and the longest."""
    return statistics.median(took), statistics.quantiles(took, n=100)[98], max(took)


def _told(took: list[float]) -> str:
    return "p50 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms".format(*(seconds * 1e3 for seconds in _points(took)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
