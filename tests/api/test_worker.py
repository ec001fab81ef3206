"""Real worker processes: they do what falls due, stop when told, and lose nothing when they are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from store.database import Database
from store.due import Due, add_due
from store.tables import clocks, due_work, events, leads
from tests.api.builders import HOT, House
from tests.api.waiting import until

SECONDS = 30


def url_of(house: House) -> str:
    """The URL of a house's database."""
    return house.database.engine.url.render_as_string(hide_password=False)


@contextmanager
def working(house: House, home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of a house, killed at the end of the block if it still runs."""
    settings = {"LEADLINE_DATABASE_URL": url_of(house), "LEADLINE_HOME": str(home), "LEADLINE_LOG_LEVEL": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "worker", *words],
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def pending(database: Database) -> int:
    """How much work is due by now."""
    with database.read() as tx:
        due = due_work.c.due_at <= datetime.now(UTC)
        return tx.execute(select(func.count()).select_from(due_work).where(due)).scalar_one()


def warned(database: Database) -> int:
    """How many warnings were told."""
    with database.read() as tx:
        told = select(func.count()).select_from(events).where(events.c.kind == "sla.warning")
        return tx.execute(told).scalar_one()


def let_warnings_fall_due(house: House, count: int) -> None:
    """Takes a lead in whose clock has so many warnings that are due now."""
    assert house.post("/v1/leads", HOT).status_code == 201
    now = datetime.now(UTC)
    with house.database.begin() as tx:
        lead_id = tx.execute(select(leads.c.id)).scalar_one()
        clock_id = tx.execute(select(clocks.c.id).where(clocks.c.kind == "attempts")).scalar_one()
        tx.execute(due_work.delete())
        for number in range(count):
            at = now - timedelta(milliseconds=number)
            add_due(tx, [Due(kind="warning", due_at=at, lead_id=lead_id, reference=clock_id)], now)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_does_what_is_due_and_stops_when_told(house: House, tmp_path: Path, how: signal.Signals) -> None:
    let_warnings_fall_due(house, 3)

    with working(house, tmp_path) as process:
        until(lambda: pending(house.database) == 0)
        process.send_signal(how)
        _, said = process.communicate(timeout=SECONDS)

    assert (process.returncode, said.decode()) == (0, "The worker has stopped.\n")
    assert warned(house.database) == 3


def test_a_tied_worker_ends_with_whoever_started_it(house: House, tmp_path: Path) -> None:
    let_warnings_fall_due(house, 1)

    with working(house, tmp_path, "--tied") as process:
        until(lambda: pending(house.database) == 0)
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(SECONDS) == 0


def test_workers_that_are_killed_lose_nothing_and_double_nothing(each_house: House, tmp_path: Path) -> None:
    """Two work at once; one is killed in the midst of it, and another takes its place."""
    let_warnings_fall_due(each_house, 400)

    with working(each_house, tmp_path), working(each_house, tmp_path) as killed:
        until(lambda: warned(each_house.database) > 0)
        killed.kill()
        killed.wait(SECONDS)
        with working(each_house, tmp_path):
            until(lambda: pending(each_house.database) == 0)

    assert warned(each_house.database) == 400
