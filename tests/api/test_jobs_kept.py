"""What a worker sees to when it starts: jobs whose turn is over, a night that passed, and what DBOS keeps too long."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dbos import DBOSClient
from sqlalchemy import create_engine, text

from api.worker.durable import Json, Telling, config
from store.jobs import add_job, list_jobs
from tests.api.builders import NOW, House
from tests.api.test_jobs import seen
from tests.api.test_worker import working
from tests.api.waiting import until

AGED = text("UPDATE workflow_status SET created_at = created_at - :ms, completed_at = completed_at - :ms")
MILLISECONDS_OF_A_DAY = 24 * 3_600 * 1_000


@contextmanager
def dbos_of(house: House) -> Iterator[DBOSClient]:
    """What DBOS keeps of a house on SQLite."""
    kept = config(house.database, 1)
    engine = create_engine(str(kept["system_database_url"]), **(kept["db_engine_kwargs"] or {}))
    client = DBOSClient(system_database_engine=engine, serializer=Json(), application_name="leadline")
    yield client
    client.destroy()
    engine.dispose()


def asked(house: House) -> str:
    """The id of a job that was asked for."""
    with house.database.begin() as tx:
        return add_job(tx, "rescore", asked_by="test", now=NOW).id


def age(house: House, days: int) -> None:
    """Makes what DBOS keeps so many days older."""
    engine = create_engine(str(config(house.database, 1)["system_database_url"]))
    with engine.begin() as tx:
        tx.execute(AGED, {"ms": days * MILLISECONDS_OF_A_DAY})
    engine.dispose()


def end_its_turn(client: DBOSClient, job_id: str) -> None:
    """Ends the turn of a job before the job is begun, as a worker may that is told to stop just then."""
    client.enqueue({"queue_name": "jobs-rescore", "workflow_name": "turn", "workflow_id": f"{job_id}-1"}, job_id)
    client.cancel_workflow(f"{job_id}-1")


def states(client: DBOSClient) -> dict[str, str]:
    """How each workflow stands."""
    return {each.workflow_id: each.status for each in client.list_workflows()}


def test_what_was_left_is_done_and_what_is_over_is_forgotten(house: House, tmp_path: Path) -> None:
    old = asked(house)
    with working(house, tmp_path):
        until(lambda: seen(house, old)["ended_at"] is not None)
        with dbos_of(house) as client:
            until(lambda: states(client)[f"{old}-1"] == "SUCCESS")
    age(house, days=31)
    left = asked(house)
    with dbos_of(house) as client:
        end_its_turn(client, left)

        with working(house, tmp_path):
            until(lambda: seen(house, left)["ended_at"] is not None)

        found = states(client)
    with house.database.read() as tx:
        nightly = [job.key for job in list_jobs(tx, limit=10) if job.asked_by == "schedule"]
    assert [seen(house, job)["state"] for job in (old, left)] == ["done", "done"]
    assert (f"{old}-1" in found, found[f"{left}-1"], len(nightly)) == (False, "CANCELLED", 1)


def test_the_time_is_told_to_the_millisecond_whatever_sqlite_there_is() -> None:
    """As DBOS asks for it from Python 3.12 on, also where a table's rows begin with it."""
    before = time.time()
    with closing(sqlite3.connect(":memory:", factory=Telling)) as connection:
        connection.execute("CREATE TABLE t (n INTEGER, ms BIGINT NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        connection.execute("INSERT INTO t (n) VALUES (1)")
        ((told,),) = connection.execute("SELECT ms FROM t")

    assert before - 1 < told / 1_000 < time.time() + 1
