"""Houses to knock at: on SQLite, and on both databases where it makes a difference."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api import logs
from api.cli import main
from rules.sample import sample_cases, sample_playbook
from store.database import Database, connect
from tests.api.builders import House, Run, furnish, house_on
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


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `leadline` with words, at home in a new folder."""
    monkeypatch.setenv("LEADLINE_HOME", str(tmp_path))
    monkeypatch.delenv("LEADLINE_DATABASE_URL", raising=False)

    def words(*given: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in given])

    return words


@pytest.fixture
def home(run: Run, furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    """A home with a furnished database."""
    shutil.copyfile(furnished[0], tmp_path / "leadline.db")
    return tmp_path


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    """The sample playbook as a file, its cases beside it."""
    (tmp_path / "playbook.yaml").write_text(sample_playbook(), encoding="utf-8")
    (tmp_path / "playbook.cases.yaml").write_text(sample_cases(), encoding="utf-8")
    return tmp_path / "playbook.yaml"


def _lived_in(found: House) -> Iterator[House]:
    yield found
    found.close()
