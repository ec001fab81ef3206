"""DBOS as workers use it: what it keeps and where, and for how long."""

import sqlite3
import time
from datetime import datetime
from typing import Any

import orjson
from dbos import DBOS, DBOSConfig, Serializer
from sqlalchemy import create_engine, text

from store.database import Database

UNENDED = ("PENDING", "ENQUEUED", "DELAYED")
MOST_FORGOTTEN = 1_000


class Json(Serializer):
    """What DBOS keeps is JSON: nothing is ever unpickled."""

    def serialize(self, data: Any) -> str:
        """The text of a value; instants become text."""
        return orjson.dumps(data, default=str).decode()

    def deserialize(self, serialized_data: str) -> Any:
        """The value of a text."""
        return orjson.loads(serialized_data)

    def name(self) -> str:
        """What DBOS keeps beside each text."""
        return "leadline_json"


class Telling(sqlite3.Connection):
    """A connection that tells the time to the millisecond, which SQLite itself does from 3.42 on.

    From Python 3.12 on DBOS counts on that, yet Debian 12 has an older one: there no worker would start.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        """Opens the file as sqlite3 does."""
        super().__init__(*given, **more)
        self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(modifier: str) -> float:
    """The seconds since 1970, as `unixepoch('subsec')` has them."""
    if modifier != "subsec":
        raise ValueError(f"DBOS asks for unixepoch('subsec'), not for '{modifier}'")
    return round(time.time(), 3)


def config(database: Database, number: int) -> DBOSConfig:
    """DBOS on its own SQLite file beside the database, or in a schema of its own on PostgreSQL; it calls nobody."""
    url, more = database.engine.url, {}
    if url.get_backend_name() == "sqlite":
        more = {"connect_args": {"factory": Telling}}
        url = url.set(database=f"{url.database}.jobs")
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode = WAL"))
        engine.dispose()
    return DBOSConfig(
        name="leadline",
        system_database_url=url.render_as_string(hide_password=False),
        db_engine_kwargs=more,
        executor_id=f"worker-{number}",
        # Whatever version of Leadline began a turn, this one ends it.
        application_version="1",
        serializer=Json(),
        enable_otlp=False,
        log_level="ERROR",
        notification_listener_polling_interval_sec=1.0,
    )


def unended(name: str) -> list[str]:
    """The ids of all workflows of a name that have not ended."""
    found = DBOS.list_workflows(name=name, status=[*UNENDED], load_input=False, load_output=False)
    return [each.workflow_id for each in found]


def was_at_work(before: datetime) -> bool:
    """Whether a worker had anything to do before an instant; each looks after the digests every quarter of an hour."""
    return bool(DBOS.list_workflows(end_time=before.isoformat(), limit=1, load_input=False, load_output=False))


def forget_ended(before: datetime) -> None:
    """Lets go what DBOS keeps of workflows that ended before an instant, of a thousand at most."""
    old = DBOS.list_workflows(
        completed_before=before.isoformat(), limit=MOST_FORGOTTEN, load_input=False, load_output=False
    )
    if old:
        DBOS.delete_workflows([each.workflow_id for each in old])
