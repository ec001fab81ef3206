"""Leakage on real lead data, which stands beside the project for its developers and is never part of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from training.dataset import dataset
from training.leakage import Suspicion
from training.read import read_table

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


def found(file: str, label: str) -> dict[str, Suspicion]:
    """What looks like leakage in a file, by column."""
    path = DATA / file
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return {each.column: each for each in dataset(read_table(path), label=label, now=NOW).leakage}


def test_x_education_names_what_sales_filled_in_and_nothing_of_where_leads_came_from() -> None:
    doubted = found("x_education/Leads.csv", "Converted")

    assert {name: doubted[name].kind for name in ("Tags", "Lead Quality", "Lead Number", "Prospect ID")} == {
        "Tags": "alone",
        "Lead Quality": "filling",
        "Lead Number": "identifier",
        "Prospect ID": "identifier",
    }
    assert "14% convert when blank, 49% when filled" in doubted["What is your current occupation"].evidence
    assert {"Lead Profile", "Last Activity", "Last Notable Activity", "Asymmetrique Activity Score"} <= set(doubted)
    assert not doubted.keys() & {"Lead Origin", "Lead Source", "City", "Country", "Specialization"}


def test_online_shoppers_names_page_values_alone() -> None:
    assert [
        (each.column, each.kind) for each in found("online_shoppers/online_shoppers_intention.csv", "Revenue").values()
    ] == [("PageValues", "alone")]
