"""Training on a file and scoring a file, as an analyst calls them."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from tests.api.builders import Run, printed
from training.sample import sample_csv, sample_rows

HEADER = "email,country,source,employees,note\n"
ROWS = "ann@big.example,Germany,demo_request,4000,x\nbob@small.example,NO,webinar,N/A,y\n"


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    """A file of two leads."""
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_scoring_gives_the_same_rows_with_score_columns(run: Run, home: Path, leads: Path) -> None:
    result = run("score", leads)
    scored = rows_of(home / "leads.scored.csv")

    assert result.stdout == f"2 leads scored with model 2026-03-01.1: {home}/leads.scored.csv\n"
    assert list(scored[0]) == [
        *HEADER.strip().split(","),
        "probability",
        "fit",
        "score",
        "grade",
        "qualified",
        "reasons",
    ]
    assert [(row["email"], row["employees"], row["qualified"]) for row in scored] == [
        ("ann@big.example", "4000", "true"),
        ("bob@small.example", "N/A", "false"),
    ]


def test_the_reasons_of_a_scored_row_add_up(run: Run, home: Path, leads: Path) -> None:
    run("score", leads)

    for row in rows_of(home / "leads.scored.csv"):
        points = [Decimal(str(reason["points"])) for reason in json.loads(row["reasons"])]
        assert sum(points, Decimal()) == Decimal(row["score"])


def test_score_columns_of_an_earlier_run_are_replaced(run: Run, home: Path, leads: Path) -> None:
    run("score", leads, "-o", home / "once.csv")
    run("score", home / "once.csv", "-o", home / "twice.csv")

    assert (home / "twice.csv").read_text() == (home / "once.csv").read_text()


def test_rows_that_cannot_be_read_go_to_the_rejects(run: Run, home: Path, leads: Path) -> None:
    leads.write_text(HEADER + ROWS + "too,short\n", encoding="utf-8")

    summary = printed(run("score", leads, "--json"))

    assert (summary["scored"], summary["rejected"]) == (2, 1)
    assert Path(summary["rejects"]).read_text(encoding="utf-8").splitlines() == [
        "line,problem,email,country,source,employees,note",
        "4,has 2 cells where the header has 5,too,short",
    ]


def test_values_that_make_no_sense_are_counted(run: Run, home: Path, leads: Path) -> None:
    leads.write_text(HEADER + "ann,Germany,demo_request,4000,x\n", encoding="utf-8")

    assert printed(run("score", leads, "--json"))["unread"] == 1


def test_a_column_that_the_model_knows_and_the_file_lacks_is_warned_of(run: Run, home: Path, leads: Path) -> None:
    leads.write_text("source,x\nwebinar,1\n", encoding="utf-8")

    stderr = run("score", leads).stderr.replace("\n", " ")

    assert stderr == "Warning: leads.csv lacks employees, email_kind, which the model knows; scored as missing "


def test_a_file_of_something_else_is_refused_and_nothing_is_written(run: Run, home: Path, leads: Path) -> None:
    leads.write_text("a^b\n1^2\n", encoding="utf-8")

    result = run("score", leads)

    assert result.exit_code == 1
    assert result.stderr == (
        "Error: leads.csv: has none of the columns that model 2026-03-01.1 learned from (employees, source, "
        "email_kind); is it the right file and delimiter?\n"
    )
    assert not (home / "leads.scored.csv").exists()


def test_a_file_is_not_written_over_itself(run: Run, home: Path, leads: Path) -> None:
    assert run("score", leads, "-o", leads).exit_code == 2
    assert leads.read_text(encoding="utf-8") == HEADER + ROWS


def test_a_folder_that_is_not_there_is_a_clear_error(run: Run, home: Path, leads: Path) -> None:
    result = run("score", leads, "-o", home / "nowhere" / "out.csv")

    assert result.stderr == f"Error: {home}/nowhere/out.csv: cannot be written: No such file or directory\n"


def test_an_unknown_model_is_refused(run: Run, home: Path, leads: Path) -> None:
    assert run("score", leads, "--model", "1.0").stderr.startswith("Error: model 1.0 is not kept")


def test_a_broken_playbook_is_refused_with_its_lines(run: Run, home: Path, leads: Path) -> None:
    (home / "playbook.yaml").write_text("versoin: 1\n", encoding="utf-8")

    result = run("score", leads, "--playbook", home / "playbook.yaml")

    assert result.exit_code == 1
    assert "playbook.yaml:1:1: 'versoin' is not a playbook key; did you mean 'version'?" in result.stderr


@pytest.mark.parametrize(
    ("content", "label", "message"),
    [
        (b"a,b\n1,2\n", "c", "has no column 'c'; it has a, b"),
        (b"", "c", "is empty"),
        (b"a,b\n", "b", "holds a header and no rows"),
        (b"\xff\xfe\x00", "b", ""),
        (b"a,b\n" + b"1,1\n" * 50, "b", "'b' has one value only: '1' (50)"),
    ],
)
def test_a_file_that_cannot_be_trained_on_is_a_clear_error(
    run: Run, home: Path, tmp_path: Path, content: bytes, label: str, message: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)

    result = run("train", tmp_path / "bad.csv", "--label", label)

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert message in result.stderr
    assert [each["version"] for each in printed(run("models", "list", "--json"))] == ["2026-03-01.1"]
    assert not (home / "models").exists()


def test_training_keeps_a_candidate_that_can_score(run: Run, home: Path, tmp_path: Path) -> None:
    rows = sample_rows(400, 1)
    (tmp_path / "train.csv").write_text(sample_csv(rows), encoding="utf-8")

    with threadpool_limits(1):  # threads that wait for each other cost more than so few rows
        report = printed(run("train", tmp_path / "train.csv", "--label", "converted", "--drop", "message", "--json"))
    scored = printed(run("score", tmp_path / "train.csv", "--model", report["version"], "--json"))

    assert (report["rows"], report["scorecard"]["max_difference"] < 1e-9) == (400, True)
    assert set(report["metrics"]) == {"served", "logistic", "additive", "unrestricted"}
    assert (scored["model"], scored["scored"]) == (report["version"], 400)
    assert {".joblib", ".sha256"} <= {path.suffix for path in (home / "models").iterdir()}
    assert by_state(run)[report["version"]] == "candidate"


def test_strict_training_stops_at_leakage_and_keeps_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    rows = [f"{row % 2},{'won' if row % 2 else 'open'},{row % 7}" for row in range(200)]
    (tmp_path / "train.csv").write_text("\n".join(["converted,Stage,visits", *rows]), encoding="utf-8")

    result = run("train", tmp_path / "train.csv", "--label", "converted", "--strict")

    assert result.exit_code == 1
    assert result.stderr.startswith(
        "Error: columns that look as if they knew the outcome:\n  Stage: alone it reaches a ROC-AUC of 1.00"
    )
    assert by_state(run) == {"2026-03-01.1": "champion"}


def by_state(run: Run) -> dict[str, str]:
    """The state of each version."""
    return {each["version"]: each["state"] for each in printed(run("models", "list", "--json"))}
