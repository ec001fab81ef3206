"""What a sweep claims while somebody lets go of a lead in the middle of it; only PostgreSQL lets two go on at once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, func, select, text

from store import due
from store.database import Database
from store.tables import due_work, leads
from tests.store.builders import arrive, playbook
from tests.store.test_sweep import DUE, swept, told

SECONDS_AT_MOST = 60
GATE = 4_711
# Whoever comes to a breach waits until the gate is open.
PASSING = f"""
CREATE OR REPLACE FUNCTION passing(kind text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF kind = 'breach' THEN PERFORM pg_advisory_xact_lock_shared({GATE}); END IF;
    RETURN kind;
END $$
"""
WAITING = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_breach_is_never_claimed_ahead_of_a_warning_that_was_passed_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the lead when the sweep comes to its warnings, and nobody when it comes to its breach."""
    book = playbook("Ana")
    lead_id = arrive(database, book, "ann").lead_id
    monkeypatch.setattr(due, "CLAIMABLE", due.CLAIMABLE.add_columns(func.passing(due_work.c.kind)))

    with closed_gate(database) as gate, database.begin() as holder:
        holder.execute(select(leads.c.id).where(leads.c.id == lead_id).with_for_update())
        with ThreadPoolExecutor(1) as pool:
            sweeping = pool.submit(swept, database, book, DUE)
            wait_for_somebody_at(gate)
            holder.commit()
            gate.commit()
            claimed = sweeping.result(SECONDS_AT_MOST)

    assert claimed == ["warning", "warning", "breach"]
    assert told(database, lead_id) == ["sla.warning", "sla.warning", "sla.breached"]


@contextmanager
def closed_gate(database: Database) -> Iterator[Connection]:
    """A transaction that holds the gate until it ends."""
    with database.begin() as tx:
        tx.execute(text(PASSING))
    with database.engine.connect() as gate:
        gate.execute(text(f"SELECT pg_advisory_xact_lock({GATE})"))
        yield gate
    with database.begin() as tx:
        tx.execute(text("DROP FUNCTION passing"))


def wait_for_somebody_at(gate: Connection) -> None:
    """Waits until somebody waits at the gate."""
    deadline = time.monotonic() + SECONDS_AT_MOST
    while gate.execute(text(WAITING)).scalar_one() == 0:
        assert time.monotonic() < deadline, "nobody came to the gate"
        time.sleep(0.01)
