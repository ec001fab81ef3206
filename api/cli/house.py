"""What the verbs share: the settings, the database, and how people are told things."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from api.settings import Settings, settings_from
from rules.compile import Compiled, compile_playbook
from rules.problems import PlaybookError, render
from rules.read import read_playbook
from store.database import Database, connect
from store.sweep import database_time

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

F = TypeVar("F", bound=Callable[..., Any])

EMPTY_DATABASE = "the database has no tables yet; run `leadline init` first"
NO_DATABASE = "there is no database at {url} yet; run `leadline init` first"
OLD_DATABASE = "the database was made by another version of Leadline; run `leadline db upgrade`"

json_option: Callable[[F], F] = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


class RefusedError(click.ClickException):
    """The verb cannot be done; one clear line on standard error, exit code 1."""


def refused_playbook(what: str, error: PlaybookError, text: str) -> RefusedError:
    """The refusal of a broken playbook or cases file: every problem with its line and a caret."""
    count = len(error.problems)
    shown = "\n\n".join(render(problem, text) for problem in error.problems)
    return RefusedError(f"{what}: {count} problem{'' if count == 1 else 's'}\n\n{shown}")


def checked(text: str, file: str, number: int = 0) -> Compiled:
    """The compiled playbook. Raises: RefusedError that shows every problem."""
    try:
        return compile_playbook(read_playbook(text, file=file, number=number))
    except PlaybookError as error:
        raise refused_playbook(f"{file} is broken", error, text) from None


def now() -> datetime:
    """The machine's time; what is kept in a database goes by the database's."""
    return datetime.now(UTC)


def time_of(database: Database) -> datetime:
    """The time of a database, by which all goes that is kept in it, however wrong the machine's clock is."""
    with database.read() as tx:
        return database_time(tx)


def settings() -> Settings:
    """The settings of the environment."""
    return settings_from(os.environ)


def errors() -> Console:
    """The console of standard error, where progress and tables of progress go."""
    return Console(stderr=True, highlight=False)


@contextmanager
def opened() -> Iterator[Database]:
    """The database in force, for one verb. Raises: RefusedError when it is not there or not of this version."""
    url = settings().database_url
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        raise RefusedError(NO_DATABASE.format(url=parsed.database))
    database = connect(url)
    with reaching(database):
        refuse_old(database)
        yield database


@contextmanager
def reaching(database: Database) -> Iterator[None]:
    """Closes the database when the block ends. Raises: RefusedError when it could not be reached or used."""
    try:
        yield
    except OperationalError as error:
        said = " ".join(str(error.orig).split())
        raise RefusedError(f"the database cannot be used: {said}") from None
    finally:
        database.close()


def refuse_old(database: Database) -> None:
    """Raises RefusedError when the database's tables are missing, or of another version than this Leadline."""
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    newest = set(ScriptDirectory.from_config(config).get_heads())
    with database.read() as tx:
        current = set(MigrationContext.configure(tx).get_current_heads())
    if not current:
        raise RefusedError(EMPTY_DATABASE)
    if current != newest:
        raise RefusedError(OLD_DATABASE)


def json_text(document: object) -> str:
    """A JSON document as text that people can read."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode()


def say_json(document: object) -> None:
    """Prints a JSON document on standard output."""
    click.echo(json_text(document))


def say_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a table on standard output."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, markup=False, width=width).print(table)


def written_time(instant: datetime | None) -> str:
    """An instant as tables show it."""
    return "" if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def written_span(span: timedelta) -> str:
    """A span as tables show it: 0.4 s, 12 min, 3.5 h, 2.1 d."""
    seconds = span.total_seconds()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} s"
