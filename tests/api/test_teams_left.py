"""Teams that are taken out of the playbook while they still have leads, at the command line."""

from pathlib import Path

import pytest

from rules.sample import sample_playbook
from tests.api.builders import HOT, House, Run
from tests.api.test_diff import told

RENAMED = sample_playbook().replace("emea-enterprise", "emea-accounts")
WARNING = (
    "team {team} is not in this playbook and has 1 open lead, on which nobody works once it is in force; reassign them "
    "then: `leadline leads list --team {team}`, and POST /v1/leads/ID/reassign passes each on by its routes"
)
UNTESTED = ("--because", "test", "--without-cases")


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """The sample playbook with another name for a team."""
    (tmp_path / "renamed.yaml").write_text(RENAMED, encoding="utf-8")
    return tmp_path / "renamed.yaml"


def test_publishing_warns_of_a_team_that_goes_with_open_leads(run: Run, house: House, renamed: Path) -> None:
    house.post("/v1/leads", HOT)

    result = run("playbook", "publish", renamed, *UNTESTED)

    assert (result.exit_code, result.stdout) == (0, "Playbook 2 is in force.\n")
    assert result.stderr == f"Warning: {WARNING.format(team='emea-enterprise')}\n"


def test_a_team_that_goes_without_open_leads_is_nothing_to_warn_of(run: Run, house: House, renamed: Path) -> None:
    assert run("playbook", "publish", renamed, *UNTESTED).stderr == ""


def test_going_back_warns_too(run: Run, house: House, renamed: Path) -> None:
    run("playbook", "publish", renamed, *UNTESTED)
    run("playbook", "rollback", *UNTESTED)
    house.post("/v1/leads", HOT)

    result = run("playbook", "rollback", 2, *UNTESTED)

    assert result.stderr == f"Warning: {WARNING.format(team='emea-enterprise')}\n"


def test_a_comparison_with_what_is_in_force_notes_it_before_anything_is_published(
    run: Run, house: House, renamed: Path, playbook: Path
) -> None:
    house.post("/v1/leads", HOT)

    notes = [
        told(run("playbook", "diff", old, new, "--since", "500w", "--json"))["notes"]
        for old, new in (("active", renamed), ("active", playbook), (playbook, renamed))
    ]

    assert notes == [[WARNING.format(team="emea-enterprise")], [], []]
