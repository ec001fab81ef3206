from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.dataset import Column, Dataset, dataset
from training.table import DataError, read_table

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


def csv_of(folder: Path, columns: dict[str, list[str]]) -> Path:
    path = folder / "leads.csv"
    lines = [",".join(columns), *(",".join(cells) for cells in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return path


def two_hundred(**columns: list[str]) -> dict[str, list[str]]:
    """Two hundred leads, every second converted, employees 1 to 100, with further columns of two hundred cells."""
    return {
        "employees": [str(row // 2 + 1) for row in range(200)],
        "industry": ["software" if row % 3 else "Finance" for row in range(200)],
        "converted": [str(row % 2) for row in range(200)],
        **columns,
    }


def made(folder: Path, over: dict[str, list[str]] | None = None, **options: Any) -> Dataset:
    table = read_table(csv_of(folder, two_hundred(**(over or {}))))
    return dataset(table, **{"label": "converted", "now": NOW, **options})


def column(data: Dataset, name: str) -> Column:
    return next(each for each in data.columns if each.name == name)


def test_a_title_trains_what_is_read_off_it_and_not_itself(tmp_path: Path) -> None:
    data = made(tmp_path, {"title": ["CTO" if row % 2 else "Sales Manager" for row in range(200)]})

    assert {"seniority", "department"} <= {each.name for each in data.columns}
    assert data.left_out["title"] == "free text; what is read off it trains"


def test_the_hour_trains_only_where_the_file_says_when_the_lead_came(tmp_path: Path) -> None:
    days = {
        "country": ["DE"] * 200,
        "created_at": [f"2026-03-0{row % 9 + 1}T{row % 24:02}:00:00Z" for row in range(200)],
    }

    assert "local_hour" in {each.name for each in made(tmp_path, days).columns}
    assert "local_hour" not in {each.name for each in made(tmp_path, {"country": days["country"]}).columns}


def test_rare_levels_share_a_cell_and_keep_their_names(tmp_path: Path) -> None:
    cities = ["Rome"] * 120 + ["Oslo"] * 70 + [f"Village {row}" for row in range(10)]

    city = column(made(tmp_path, {"city": cities}), "city")

    assert (city.levels, len(city.grouped)) == (("oslo", "rome"), 10)
    assert city.values[0] == 1
    assert set(city.values[190:]) == {2.0}


def test_levels_that_differ_by_case_are_one(tmp_path: Path) -> None:
    cities = ["Rome", "ROME ", "oslo", " Oslo"] * 50

    assert column(made(tmp_path, {"city": cities}), "city").levels == ("oslo", "rome")


@pytest.mark.parametrize("blank", ["", "Select", "N/A", "NA", "null", "NaN", " "])
def test_what_exports_write_for_nothing_is_missing(tmp_path: Path, blank: str) -> None:
    visits = [blank] * 100 + [str(row) + ".5" for row in range(100)]

    assert int(np.isnan(column(made(tmp_path, {"visits": visits}), "visits").values).sum()) == 100


def test_equal_rows_are_one_group_also_when_their_identifiers_differ(tmp_path: Path) -> None:
    over = {"employees": ["7", "8"] * 100, "lead id": [f"L-{row}" for row in range(200)]}

    data = made(tmp_path, over)

    assert data.left_out["lead id"] == "an identifier"
    assert len(set(data.groups)) == 4


def test_a_named_group_and_a_time_column_rule_the_splits_and_do_not_train(tmp_path: Path) -> None:
    over = {"account": [str(row // 10) for row in range(200)], "day": [str(200 - row) for row in range(200)]}

    data = made(tmp_path, over, group="account", time="day")

    assert len(set(data.groups)) == 20
    assert data.order is not None
    assert list(data.order[:3]) == [199, 198, 197]
    assert {each.name for each in data.columns} == {"employees", "industry"}


@pytest.mark.parametrize(
    ("over", "options", "says"),
    [
        ({}, {"label": "Converted"}, "leads.csv: has no column 'Converted'; did you mean 'converted'?"),
        ({}, {"drop": ["zzz"]}, "leads.csv: has no column 'zzz'; it has employees, industry, converted"),
        (
            {"converted": ["1"] * 200},
            {},
            "'converted' has one value only: '1' (200); a label needs rows that converted and rows that did not",
        ),
        (
            {"converted": ["good", "bad"] * 100},
            {},
            (
                "'converted' does not say which of its values means converted: 'good' (100), 'bad' (100); "
                "name it with --positive"
            ),
        ),
        ({}, {"positive": "won"}, "'converted' is never 'won'; it has '0' (100), '1' (100)"),
        (
            {"converted": ["1"] * 10 + ["0"] * 190},
            {},
            (
                "'converted' has 10 positives in 200 rows; at least 50 of either side are needed to learn anything "
                "that lasts"
            ),
        ),
        (
            {"day": ["soon"] * 200},
            {"time": "day"},
            "line 2: 'day' is neither a number nor a time such as 2026-03-01T09:00:00Z in every row",
        ),
    ],
)
def test_a_choice_that_cannot_be_trained_on_names_its_remedy(
    tmp_path: Path, over: dict[str, list[str]], options: dict[str, Any], says: str
) -> None:
    with pytest.raises(DataError) as refused:
        made(tmp_path, over, **options)

    assert str(refused.value) == says


def test_rows_without_a_label_are_left_out_aloud(tmp_path: Path) -> None:
    data = made(tmp_path, {"converted": ["", ""] + ["1", "0"] * 99})

    assert len(data.label) == 198
    assert data.warnings == ("2 rows without a 'converted' were left out",)


def test_many_ragged_rows_put_the_file_in_doubt(tmp_path: Path) -> None:
    path = csv_of(tmp_path, two_hundred())
    path.write_text(path.read_text() + "1,2\n" * 5)

    with pytest.raises(DataError, match=r"leads\.csv:202: has 2 cells .*; so do 5 rows .*check the delimiter"):
        dataset(read_table(path), label="converted", now=NOW)
