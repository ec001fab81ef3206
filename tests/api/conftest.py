"""Houses to knock at: on SQLite, and on both databases where it makes a difference."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import logs
from store.database import Database, connect
from tests.api.builders import House, furnish, house_on
from tests.databases import database, postgres, sqlite_template

__all__ = ["database", "postgres", "sqlite_template"]


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Logs errors alone, so that a test that fails shows what matters."""
    logs.configure(40)


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A SQLite file with a model, a playbook and keys, and the keys."""
    path = tmp_path_factory.mktemp("furnished") / "leadline.db"
    shutil.copyfile(sqlite_template, path)
    opened = connect(f"sqlite:///{path}")
    keys = furnish(opened)
    opened.close()
    return path, keys


@pytest.fixture
def house(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[House]:
    """A house on SQLite."""
    shutil.copyfile(furnished[0], tmp_path / "leadline.db")
    opened = connect(f"sqlite:///{tmp_path / 'leadline.db'}")
    yield from _lived_in(house_on(opened, furnished[1], tmp_path))


@pytest.fixture
def each_house(database: Database, tmp_path: Path) -> Iterator[House]:
    """A house on SQLite, and one on PostgreSQL."""
    yield from _lived_in(house_on(database, furnish(database), tmp_path))


def _lived_in(found: House) -> Iterator[House]:
    yield found
    found.close()
