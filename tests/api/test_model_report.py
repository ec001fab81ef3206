"""`leadline models show`: the report as text, JSON and a page, and what it answers when asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.heldout import HeldOutRow, keep_held_out
from scoring.facts import Facts
from store.database import Database, connect
from store.models import add_version
from tests.api.builders import Run, printed
from tests.models.builders import version

NAME = "2026-11-24.1"


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """The database at home, with a candidate."""
    opened = connect(f"sqlite:///{home / 'leadline.db'}")
    with opened.begin() as tx:
        add_version(tx, version(NAME))
    yield opened
    opened.close()


def keep_rows(home: Path) -> None:
    """Keeps held-out rows of both sides and of two branches beside the version."""
    rows = [
        HeldOutRow(
            row=row,
            facts=Facts(values={"branch": "east" if row % 3 else "west"}),
            label=row % 2 == 0,
            group=row,
            order=None,
            tested=row < 60,
            log_odds=0.1 * row if row < 60 else None,
            probability=0.5 if row < 60 else None,
        )
        for row in range(80)
    ]
    keep_held_out(home / "models", NAME, rows)


def test_the_report_is_printed_with_the_fairness_it_was_trained_for(run: Run, database: Database) -> None:
    shown = run("models", "show", NAME)

    assert shown.exit_code == 0
    assert [
        words
        for words in (f"Version {NAME} (candidate)", "Tenth, best first", "region, selected from a fit of 80")
        if words not in shown.output
    ] == []


def test_lines_are_suggested_for_a_capacity_and_a_precision(run: Run, database: Database) -> None:
    found = printed(run("models", "show", NAME, "--capacity", "100 a month", "--precision", "0.25", "--json"))

    assert [(each["asked"], each["fit"]) for each in found["thresholds"]] == [
        ("for 100 a month", 60),
        ("for a precision of 0.25", 66),
    ]
    assert found["fairness"]["region"]["fit"] == 60
    assert found["card"]["leads_a_month"] == 250.0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(("--capacity", "many"), 2, "write '200 per month', '50 per week' or '10 per day'", id="no rate"),
        pytest.param(("--precision", "0.99"), 1, "no line reaches a precision of 0.99; the best is", id="precise"),
        pytest.param(("--fairness", "shoe size"), 1, "the held-out rows of 2026-11-24.1 are not in", id="no rows"),
    ],
)
def test_what_cannot_be_answered_says_why(
    words: tuple[str, str], code: int, says: str, run: Run, database: Database
) -> None:
    refused = run("models", "show", NAME, *words)

    assert (refused.exit_code, says in refused.stderr) == (code, True)


def test_fairness_of_an_attribute_is_told_from_the_held_out_rows(run: Run, database: Database, home: Path) -> None:
    keep_rows(home)

    found = printed(run("models", "show", NAME, "--fairness", "branch", "--json"))["fairness"]["branch"]["groups"]

    assert [(each["group"], each["leads"], each["converted"]) for each in found] == [("east", 40, 20), ("west", 20, 10)]


def test_a_column_that_nobody_has_is_refused_with_the_remedy(run: Run, database: Database, home: Path) -> None:
    keep_rows(home)

    refused = run("models", "show", NAME, "--fairness", "gender")

    assert refused.stderr == (
        f"Error: no held-out lead of {NAME} has 'gender'; train with --fairness 'gender' to keep its groups\n"
    )


def test_the_page_is_written_with_the_lines_that_were_asked_for(run: Run, database: Database, home: Path) -> None:
    page = home / "report.html"

    said = run("models", "show", NAME, "--html", page, "--capacity", "50 per week")

    assert said.output == f"The report of {NAME} is in {page}.\n"
    assert "for 217 a month" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("--monotone", "employees"), "'employees' is no column with a sign", id="no sign"),
        pytest.param(("--monotone", "a:+", "--monotone", "a:-"), "'a' is named twice", id="twice"),
        pytest.param(("--half-life", "soon"), "'soon' is no span; write 180d", id="no span"),
        pytest.param(("--half-life", "0d"), "'0d' is no span", id="nothing"),
        pytest.param(("--search", "long"), "'long' is not one of", id="no search"),
    ],
)
def test_a_fit_that_cannot_be_asked_for_is_wrong_usage(words: tuple[str, ...], says: str, run: Run, home: Path) -> None:
    leads = home / "leads.csv"
    leads.write_text("a,won\n1,1\n")

    refused = run("train", leads, "--label", "won", *words)

    assert (refused.exit_code, says in refused.stderr) == (2, True)
