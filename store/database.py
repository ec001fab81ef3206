"""The database: an engine, transactions that mean the same on SQLite and PostgreSQL, and its migrations."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SqliteConnection
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, Protocol

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, Executable, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from store.conversation import Names
from store.errors import DatabaseUrlError
from store.flushes import Flushes
from store.turns import turn

Transaction = Connection

# The values of a statement; of several, it is executed with each.
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Writes(Protocol):
    """What takes writes, of which nothing is read back: a transaction, or what sends them together later."""

    def execute(self, statement: Executable, parameters: Values, /) -> object:
        """Executes a statement, now or later."""


THREADS = 8
WAIT_SECONDS = 30
PAUSE_SECONDS = 0.05
MIGRATION_LOCK = 5_323_238
# What a connection's information has the names of kept statements under.
NAMES = "leadline_names"
# Parameters are contact data, which no error may carry into a log.
_POOL: Mapping[str, Any] = MappingProxyType({"pool_size": THREADS, "max_overflow": 0, "hide_parameters": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """Where everything is kept; safe to share between threads, not across a fork."""

    engine: Engine
    flushes: Flushes = field(default_factory=Flushes)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Opens a write transaction: committed when the block ends, rolled back when it raises.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so what it reads cannot change under it.
        """
        writing = self.engine.connect().execution_options(leadline_writes=True)
        with writing as connection, turn(connection), connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Opens a transaction that sees one state of the database, waits for no writer and refuses to write."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Closes every connection: those at work, also by threads that find out later, once they are done."""
        event.listen(self.engine, "checkin", _let_go)
        self.engine.dispose()


def connect(url: str) -> Database:
    """Returns the database at a URL (`sqlite:///path` or `postgresql+psycopg://…`); connects when first used.

    Raises: DatabaseUrlError for a URL of another kind.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(engine=_sqlite(parsed))
    return Database(engine=_postgres(parsed))


def names_of(tx: Transaction) -> Names:
    """Returns the names under which PostgreSQL keeps statements for a transaction's connection."""
    names: Names = tx.info.setdefault(NAMES, Names())
    return names


def default_url(home: Path) -> str:
    """Returns the URL of the SQLite file that is used when no other database is named."""
    return f"sqlite:///{home / 'leadline.db'}"


def upgrade(database: Database) -> None:
    """Brings the tables to the newest version; any number of processes may do it at once."""
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    if database.engine.dialect.name == "sqlite":
        _write_ahead(database.engine)
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _parsed(url: str) -> URL:
    """Returns the URL with the driver Leadline uses. Raises: DatabaseUrlError."""
    expected = "expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError(f"the database URL cannot be read; {expected}") from error
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    backend = parsed.get_backend_name()
    if backend not in drivers:
        raise DatabaseUrlError(f"the database URL names {backend}; {expected}")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUrlError(f"the database URL names no file, and memory keeps nothing; {expected}")
    return parsed.set(drivername=drivers[backend])


def _postgres(url: URL) -> Engine:
    """Returns an engine that doubts what PostgreSQL keeps after a rollback."""
    engine = create_engine(url, **_POOL, pool_pre_ping=True, paramstyle="format")
    for undone in ("rollback", "rollback_savepoint"):
        event.listen(engine, undone, _doubt)
    return engine


def _doubt(connection: Connection, *_: object) -> None:
    """Has what PostgreSQL keeps looked up before it is relied on: psycopg lets go of it when something is undone."""
    if not connection.invalidated:
        names_of(connection).doubtful = True


def _sqlite(url: URL) -> Engine:
    """Returns an engine whose transactions are begun by us: the sqlite3 module would begin them too late."""
    engine = create_engine(url, **_POOL, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("leadline_writes", False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _let_go(connection: object, entry: ConnectionPoolEntry) -> None:
    """Closes a connection that is given back."""
    entry.invalidate()


def _write_ahead(engine: Engine) -> None:
    """Lets readers and the writer of the SQLite file go on side by side, for good: the file remembers it.

    SQLite answers "locked" at once when another process does the same, so it is asked again.
    """
    deadline = monotonic() + WAIT_SECONDS
    with closing(engine.raw_connection()) as connection:
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except OperationalError as error:
                if error.sqlite_errorcode != SQLITE_BUSY or monotonic() > deadline:
                    raise
            sleep(PAUSE_SECONDS)
