"""The command line on a furnished house."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import update

from api.cli import main
from store.database import Database, connect
from store.tables import model_versions
from tests.api.builders import HOT, NOW, House, Run, printed

HIDDEN = "*" * 3


def by_name(listed: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The one of this name."""
    return next(each for each in listed if each["name"] == name)


def walk(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    """The words of every verb below a command."""
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from walk((*words, name), inner)


def test_every_verb_has_help(run: Run) -> None:
    verbs = list(walk((), main))

    assert len(verbs) > 25
    assert [words for words in verbs if run(*words, "--help").exit_code != 0] == []


def test_an_unknown_verb_is_wrong_usage(run: Run) -> None:
    assert run("sing").exit_code == 2


def test_config_prints_settings_without_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_SECRET", "hush")

    assert printed(run("config", "--json"))["LEADLINE_SECRET"] == HIDDEN
    assert "hush" not in run("config").output


def test_a_wrong_setting_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_WORKERS", "many")

    result = run("config")

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: LEADLINE_WORKERS is 'many'; give a whole number from 1 to 64",
    )


def test_without_a_database_a_verb_says_so(run: Run, tmp_path: Path) -> None:
    result = run("leads", "list")

    assert result.exit_code == 1
    assert result.stderr == f"Error: there is no database at {tmp_path}/leadline.db yet; run `leadline init` first\n"
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leadline.db").touch()

    assert run("leads", "list").stderr == "Error: the database has no tables yet; run `leadline init` first\n"


def test_a_database_of_another_version_says_so(run: Run, home: Path) -> None:
    database = connect(f"sqlite:///{home / 'leadline.db'}")
    with database.begin() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    result = run("leads", "list")

    assert result.stderr == "Error: the database was made by another version of Leadline; run `leadline db upgrade`\n"


@pytest.mark.parametrize("words", [("init",), ("db", "upgrade"), ("leads", "list")])
def test_a_database_that_cannot_be_reached_is_a_clear_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LEADLINE_DATABASE_URL", "postgresql+psycopg://ann@127.0.0.1:1/leads")

    result = run(*words)

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("Error: the database cannot be used: connection ")


def test_init_makes_a_home_and_may_be_repeated(run: Run, tmp_path: Path) -> None:
    first, again = run("init"), run("init")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert printed(run("leads", "list", "--json")) == []


def test_init_publishes_a_playbook(run: Run, playbook: Path) -> None:
    run("init", "--playbook", playbook)

    assert printed(run("playbook", "history", "--json"))["active"] == 1


def test_db_upgrade_makes_the_tables(run: Run, tmp_path: Path) -> None:
    assert run("db", "upgrade").output == "The database is up to date.\n"
    assert printed(run("keys", "list", "--json")) == []


def test_a_key_is_printed_once_and_can_be_revoked(run: Run, home: Path) -> None:
    text = run("keys", "create", "--kind", "crm", "--name", "new crm").stdout.strip()
    key = by_name(printed(run("keys", "list", "--json")), "new crm")
    revoked = run("keys", "revoke", key["id"])

    assert text.startswith("crm_")
    assert (key["kind"], key["key"], key["revoked_at"]) == ("crm", None, None)
    assert revoked.output == f"Key {key['id']} is revoked.\n"
    assert by_name(printed(run("keys", "list", "--json")), "new crm")["revoked_at"] is not None


def test_a_key_is_revoked_once(run: Run, home: Path) -> None:
    result = run("keys", "revoke", "nothing")

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: no key nothing is in force; `leadline keys list` shows those that are\n",
    )


def test_a_key_for_an_unknown_form_is_made_with_a_warning(run: Run, home: Path) -> None:
    result = run("keys", "create", "--kind", "form", "--name", "pricing")

    assert result.stdout.startswith("form_")
    assert result.stderr == "Warning: the playbook in force has no form pricing; it has demo\n"


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb"])
def test_a_key_needs_a_name(run: Run, home: Path, name: str) -> None:
    assert run("keys", "create", "--kind", "crm", "--name", name).exit_code == 2


def test_leads_are_listed_and_shown(run: Run, house: House) -> None:
    decision = house.post("/v1/leads", HOT).json

    listed, shown = printed(run("leads", "list", "--json")), run("leads", "show", decision["lead_id"]).output

    assert [lead["decision"] for lead in listed] == [decision]
    assert "ann@big.example" in run("leads", "list").output
    assert "respond_by 2026-11-24 10:15:00Z" in " ".join(shown.split())
    assert all(reason["text"].split(":")[0] in shown for reason in decision["reasons"])


def test_a_lead_that_was_passed_on_is_shown_as_it_stands(run: Run, house: House) -> None:
    """By when its new rep is to respond, and why they have it, not what was decided when it came."""
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]
    house.clock.forward(timedelta(minutes=10))
    held = house.post(f"/v1/leads/{lead_id}/reassign", {}).json

    shown = " ".join(run("leads", "show", lead_id).output.split())

    assert "2026-11-24 10:25:00Z" in run("leads", "list").output
    assert f"rep {held['rep']} respond_by 2026-11-24 10:25:00Z" in shown
    assert held["assignment"]["why"] in shown


def test_a_lead_that_is_not_kept_is_a_clear_error(run: Run, home: Path) -> None:
    assert run("leads", "show", "nobody").stderr == (
        "Error: no lead nobody is kept; `leadline leads list` shows those that are\n"
    )


def test_a_tampered_model_is_listed_as_unreadable_and_a_clear_error_alone(run: Run, home: Path) -> None:
    database = connect(f"sqlite:///{home / 'leadline.db'}")
    _tamper(database)
    with database.begin() as tx:
        name = tx.execute(model_versions.select()).one().name
    database.close()

    listed, shown = run("models", "list"), run("models", "show", name)

    assert (listed.exit_code, "unreadable" in listed.stdout) == (0, True)
    assert (shown.exit_code, shown.stderr.startswith("Error: ")) == (1, True)


def _tamper(database: Database) -> None:
    with database.begin() as tx:
        document = tx.execute(model_versions.select()).one().document
        changed = {**document, "name": "2026-03-01.2"}
        tx.execute(update(model_versions).values(document=changed, created_at=NOW))
