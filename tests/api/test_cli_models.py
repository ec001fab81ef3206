"""The verbs of the registry."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database, connect
from store.models import add_version
from tests.api.builders import Run, model, printed
from tests.api.test_models import age, reading

FIRST, SECOND = "2026-03-01.1", "2026-11-24.1"


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """The database at home, with a candidate."""
    opened = connect(f"sqlite:///{home / 'leadline.db'}")
    with opened.begin() as tx:
        add_version(tx, model(SECOND))
    yield opened
    opened.close()


def test_models_are_listed_shown_and_promoted(run: Run, database: Database) -> None:
    promoted = run("models", "promote", SECOND, "--because", "better")

    states = {each["version"]: each["state"] for each in printed(run("models", "list", "--json"))}
    assert promoted.output.splitlines()[-1] == f"Model {SECOND} serves."
    assert states == {SECOND: "champion", FIRST: "retired"}
    assert printed(run("models", "show", SECOND, "--json"))["rows"] == 1000


def test_a_version_that_another_leadline_kept_is_marked_in_the_list(run: Run, database: Database) -> None:
    age(database, SECOND)

    lines = run("models", "list").output.splitlines()

    assert [line.split()[0] for line in lines if line][:3] == ["version", SECOND, FIRST]
    assert ("candidate, unreadable" in lines[1], lines[-1][:58]) == (
        True,
        f"Unreadable: model {SECOND} was kept by another version",
    )


def test_rolling_back_brings_back_the_champion_before(run: Run, database: Database) -> None:
    run("models", "promote", SECOND)

    assert run("models", "rollback", "--because", "worse after all").output == f"Model {FIRST} serves again.\n"
    assert run("models", "rollback").exit_code == 1


def test_an_unknown_model_is_a_clear_error(run: Run, home: Path) -> None:
    assert run("models", "promote", "1.0").stderr == (
        "Error: model 1.0 is not kept; `leadline models list` lists those that are\n"
    )


def test_what_leads_cannot_bring_is_refused_unless_forced_with_a_reason(run: Run, database: Database) -> None:
    with database.begin() as tx:
        add_version(tx, reading("2026-11-24.2", "shoe_size"))

    refused = run("models", "promote", "2026-11-24.2")
    silent = run("models", "promote", "2026-11-24.2", "--force")
    forced = printed(run("models", "promote", "2026-11-24.2", "--force", "--because", "declared tomorrow", "--json"))

    assert (refused.exit_code, "does not declare 'shoe_size'" in refused.stderr, silent.exit_code) == (1, True, 2)
    assert (forced["before"], len(forced["overruled"])) == (FIRST, 1)


def test_a_version_goes_out_and_comes_back_under_another_name(run: Run, database: Database, tmp_path: Path) -> None:
    run("models", "export", SECOND, "-o", tmp_path / "model.json")
    text = (tmp_path / "model.json").read_bytes()

    twice = run("models", "import", tmp_path / "model.json")
    renamed = printed(run("models", "import", tmp_path / "model.json", "--as", "oslo.1", "--json"))

    assert run("models", "export", SECOND).stdout_bytes == text
    assert (twice.exit_code, "is kept already" in twice.stderr) == (1, True)
    assert (renamed["version"], renamed["state"]) == ("oslo.1", "candidate")


def test_a_tampered_file_is_refused_with_every_problem(run: Run, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    run("models", "export", SECOND, "-o", file)
    changed = json.loads(file.read_bytes())
    changed["scorecard"]["intercept"] = 9.0
    file.write_text(json.dumps(changed))

    result = run("models", "import", file, "--as", "oslo.1")

    assert result.stderr == (f"Error: {file}: sha256: does not match: the document was changed after it was exported\n")
    assert [each["version"] for each in printed(run("models", "list", "--json"))] == [SECOND, FIRST]
