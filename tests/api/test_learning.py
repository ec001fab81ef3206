"""What `leadline train` learns from: files of every kind, the types found in them, the stored outcomes."""

from pathlib import Path

import pytest

from tests.api.builders import HOT, House, Run, printed

LINES = '{"size": 1, "signup": "2026-03-01", "won": true}\n{"size": 2, "signup": "2026-04-05", "won": false}\n'


def columns(run: Run, *words: object) -> dict[str, tuple[str | None, str]]:
    """Each column's type, and what becomes of it."""
    found = printed(run("train", *words, "--types", "--json"))["columns"]
    return {each["column"]: (each["type"], each["becomes"]) for each in found}


def test_types_are_shown_before_anything_is_trained(run: Run, home: Path) -> None:
    (home / "leads.jsonl").write_text(LINES, encoding="utf-8")

    found = columns(run, home / "leads.jsonl", "--label", "won", "--type", "size=category")

    assert found["size"] == ("category", "trains")
    assert found["signup"] == ("date", "a date; signup.month trains")
    assert found["won"] == (None, "the label")


def test_types_are_a_table_for_people(run: Run, home: Path) -> None:
    (home / "leads.jsonl").write_text(LINES, encoding="utf-8")

    lines = run("train", home / "leads.jsonl", "--types").stdout.splitlines()

    assert lines[0].split() == ["column", "type", "filled", "different", "what", "becomes", "of", "it"]
    assert lines[1].split() == ["size", "number", "100%", "2", "trains"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--type", "size=digit"], "'size=digit' is not COLUMN=TYPE with a type of number, category, date, text"),
        (["--mature", "soon"], "'soon' is no span such as 90d, 12w, 36h"),
        ([], "name the column that holds the outcome with --label"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(run: Run, home: Path, words: list[str], says: str) -> None:
    (home / "leads.jsonl").write_text(LINES, encoding="utf-8")

    result = run("train", home / "leads.jsonl", *words)

    assert (result.exit_code, says in result.stderr) == (2, True)


def test_options_of_files_do_not_go_with_stored_outcomes(run: Run, home: Path) -> None:
    result = run("train", "--label", "won", "--time", "created_at")

    assert result.exit_code == 2
    assert "--label, --time only with a FILE; stored outcomes have their own" in result.stderr


def test_stored_outcomes_are_learned_from_as_leads_were_when_decided(run: Run, house: House) -> None:
    ids = [house.post("/v1/leads", {**HOT, "email": f"{name}@big.example"}).json["lead_id"] for name in "ab"]
    house.post(f"/v1/leads/{ids[0]}/outcome", {"outcome": "won"})
    house.post("/v1/leads", {**HOT, "email": "a@big.example", "attributes": {"paid": 1}})

    found = columns(run, "--mature", "1s")

    assert found["employees"] == ("number", "always the same")
    assert "paid" not in found


def test_stored_leads_without_an_outcome_are_counted(run: Run, house: House) -> None:
    house.post("/v1/leads", HOT)

    assert run("train", "--mature", "1s").stderr == (
        "Error: no lead that sales got at least 1s ago has an outcome; left out: 0 leads too young to be judged, "
        "1 without an outcome from sales\n"
    )


def test_nothing_stored_is_said_plainly(run: Run, home: Path) -> None:
    assert run("train").stderr == (
        "Error: no lead that sales got at least 90d ago has an outcome; left out: 0 leads too young to be judged, "
        "0 without an outcome from sales\n"
    )


def test_a_column_that_is_trusted_must_be_there(run: Run, home: Path) -> None:
    rows = [f"{row % 2},{'won' if row % 2 else 'open'}" for row in range(200)]
    (home / "leads.csv").write_text("\n".join(["converted,Stage", *rows]), encoding="utf-8")

    result = run("train", home / "leads.csv", "--label", "converted", "--strict", "--trust", "stage")

    assert result.stderr == "Error: the data: has no column 'stage'; did you mean 'Stage'?\n"
