from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.attributes import Attribute
from scoring.parts import Part
from training.columns import Asked
from training.dataset import Column, Dataset, dataset, matrix
from training.read import read_table
from training.table import DataError

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


def test_many_equal_rows_stay_one_group_and_are_told(tmp_path: Path) -> None:
    """Half of the leads, all alike."""
    over = {"employees": [str(max(row - 99, 0)) for row in range(200)], "industry": ["Finance"] * 200}

    data = made(tmp_path, over)

    assert len(set(data.groups[:100])) == 1
    assert data.warnings[-1].startswith("100 rows (50%) are equal or of one group and so held out together")


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

    with pytest.raises(DataError, match=r"leads\.csv:202: has 2 cells .*; 5 rows cannot be read .*check the delimiter"):
        dataset(read_table(path), label="converted", now=NOW)


def types(folder: Path, over: dict[str, list[str]], **asked: Any) -> dict[str, str]:
    return dict(made(folder, over, asked=Asked(**asked)).types)


def test_types_are_found(tmp_path: Path) -> None:
    over = {
        "visits": [str(row % 9) if row % 5 else "N/A" for row in range(200)],
        "signup": [f"{row % 28 + 1:02}.{row % 12 + 1:02}.2026" for row in range(200)],
        "note": [f"word {row} and another" for row in range(200)],
        "agreed": ["yes", "no"] * 100,
    }

    assert (
        types(tmp_path, over).items()
        >= {
            "visits": "number",
            "signup": "date",
            "note": "text",
            "agreed": "category",
            "industry": "category",
        }.items()
    )


def test_a_date_trains_by_its_year_free_parts_as_it_is_written(tmp_path: Path) -> None:
    data = made(tmp_path, {"signup": [f"{row % 28 + 1:02}.{row % 12 + 1:02}.2025" for row in range(200)]})

    assert data.left_out["signup"] == "a date; signup.month, signup.weekday train"
    assert list(column(data, "signup.month").values[:3]) == [1.0, 2.0, 3.0]
    assert column(data, "signup.month").part == Part(name="signup.month", of="signup", kind="month", written="%d.%m.%Y")
    assert data.facts[2].values["signup.month"] == 3


def test_the_age_of_a_date_trains_where_it_is_known_when_leads_came(tmp_path: Path) -> None:
    over = {
        "signup": [f"2026-01-{row % 28 + 1:02}" for row in range(200)],
        "received": [f"2026-02-{row % 14 + 1:02}T{row % 24:02}:00:00Z" for row in range(200)],
    }

    data = made(tmp_path, over, time="received")

    assert list(column(data, "signup.age_days").values[13:15]) == [31.0, 17.0]
    assert data.facts[14].values["signup.age_days"] == 17
    assert "signup.age_days" not in {each.name for each in made(tmp_path, over, drop=["received"]).columns}


def test_a_date_after_the_lead_came_is_named(tmp_path: Path) -> None:
    over = {
        "closed": [f"2026-04-{row % 28 + 1:02}" for row in range(200)],
        "created_at": ["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"] * 100,
    }

    found = {each.column: each for each in made(tmp_path, over).leakage}

    assert found["closed"].kind == "values"
    assert found["closed"].evidence.startswith("100% of its dates lie after the lead came in; its name speaks of")


def test_types_that_are_asked_for_replace_those_found(tmp_path: Path) -> None:
    over = {"browser": ["1", "2", "3", "4"] * 50, "size": [f"{row}" if row % 10 else "many" for row in range(200)]}

    data = made(tmp_path, over, asked=Asked(types={"browser": "category", "size": "number"}))

    assert (column(data, "browser").kind, column(data, "browser").levels) == ("category", ("1", "2", "3", "4"))
    assert int(np.isnan(column(data, "size").values).sum()) == 20
    assert data.warnings == ("20 values of 'size' are no numbers, so they count as missing",)


def test_free_text_trains_only_where_asked_for(tmp_path: Path) -> None:
    over = {"note": [f"word {'x' * row}" for row in range(200)]}

    assert "note" in made(tmp_path, over).left_out
    assert column(made(tmp_path, over, asked=Asked(text=["note"])), "note.length").values[7] == 12


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(types={"industri": "number"}), "there is no column 'industri' to learn from; did you mean 'industry'?"),
        (Asked(types={"email": "category"}), "'email' never trains: identifies the person"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(tmp_path: Path, asked: Asked, says: str) -> None:
    with pytest.raises(DataError) as refused:
        made(tmp_path, {"email": [f"a{row}@b.example" for row in range(200)]}, asked=asked)

    assert str(refused.value) == says


def test_typed_cells_train_as_their_texts_do(tmp_path: Path) -> None:
    columns = two_hundred(agreed=["true", "false"] * 100)
    typed = {
        "employees": [int(cell) for cell in columns["employees"]],
        "industry": columns["industry"],
        "converted": [int(cell) for cell in columns["converted"]],
        "agreed": [cell == "true" for cell in columns["agreed"]],
    }
    pq.write_table(pa.table(typed), tmp_path / "leads.parquet")

    data = dataset(read_table(tmp_path / "leads.parquet"), label="converted", now=NOW)

    assert np.array_equal(matrix(data), matrix(made(tmp_path, columns)), equal_nan=True)


def test_attributes_are_as_the_playbook_declares_them(tmp_path: Path) -> None:
    flag = {"agreed": Attribute(kind="flag", about="")}

    data = made(tmp_path, {"agreed": ["yes", "no", "maybe", "yes"] * 50}, declared=flag)

    assert column(data, "agreed").levels == ("false", "true")
