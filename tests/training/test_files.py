"""Parquet and JSON Lines give what CSV gives, typed; chunks give what the whole gives."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.read import open_leads, read_table
from training.rows import lead_of_row
from training.table import DataError

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


def parquet(folder: Path, name: str = "leads.parquet", **columns: object) -> Path:
    path = folder / name
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def lines(folder: Path, text: str, name: str = "leads.jsonl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        source=pa.array(["web", None, "ad"]).dictionary_encode(),
        employees=[1, None, 3],
        rate=[0.5, float("nan"), None],
        agreed=[True, False, None],
        signup=[date(2026, 3, 1), None, date(2026, 3, 2)],
        seen=pa.array([datetime(2026, 3, 1, 9, tzinfo=UTC), None, None], pa.timestamp("ns", "UTC")),
        price=[Decimal("1.50"), None, None],
        tags=[["a", "b"], [], None],
        nested=[{"a": 1}, None, None],
    )
    table = read_table(path)

    assert dict(table.rows[0].cells) == {
        "source": "web",
        "employees": 1,
        "rate": 0.5,
        "agreed": True,
        "signup": datetime(2026, 3, 1, tzinfo=UTC),
        "seen": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "price": 1.5,
        "tags": ("a", "b"),
        "nested": None,
    }
    assert set(table.rows[1].cells.values()) == {None, False, ()}
    assert [row.line for row in table.rows] == [1, 2, 3]
    assert table.warnings == ("of a type that no lead has, so missing: nested (struct<a: int64>)",)


def test_a_json_line_is_a_lead_as_the_http_door_takes_it(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        '{"email": "Ann@Big.example", "consent": {"marketing": true}, "attributes": {"employees": 40, "plan": "pro"}}\n'
        '\n{"email": null, "employees": 7, "tags": ["a", 1]}\n',
    )
    table = read_table(path)
    lead = lead_of_row(table.rows[0].cells, NOW).lead

    assert table.columns == ("employees", "plan", "email", "consent", "tags")
    assert (lead.email, lead.consent and lead.consent.marketing) == ("ann@big.example", True)
    assert lead.attributes == {"employees": 40, "plan": "pro"}
    assert (table.rows[1].line, table.rows[1].cells["tags"]) == (3, ("a", 1))


def test_lines_that_are_no_leads_are_kept_apart_with_their_reason(tmp_path: Path) -> None:
    path = lines(tmp_path, '{"a": 1}\n{"a": \n[1]\n{"a": {"b": 1}}\n{"a": [[1]]}\n')

    assert [(row.line, row.problem.split(":")[0]) for row in read_table(path).bad_rows] == [
        (2, "is not JSON"),
        (3, "is no JSON object; write one object a line, not one list"),
        (4, "'a' is an object; only 'attributes' may hold further names"),
        (5, "'a' is a list of more than plain values"),
    ]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_chunks_of_any_size_give_the_same_rows(tmp_path: Path, rows: int) -> None:
    texts = [f'{number},"line {number}\nand more"\n' if number % 2 else f"{number},plain\n" for number in range(7)]
    path = lines(tmp_path, "\nn,text\n" + "".join(texts) + "8\n\n9,last", "leads.csv")
    stretches = [chunk.read() for chunk in open_leads(path).chunks(rows)]
    whole = read_table(path)

    assert [line for each in stretches for line in each.lines] == [row.line for row in whole.rows]
    assert [cell for each in stretches for cell in each.cells["text"]] == [row.cells["text"] for row in whole.rows]
    assert [bad for each in stretches for bad in each.bad_rows] == list(whole.bad_rows)
    assert [(row.line, row.cells["n"]) for row in whole.rows][-1] == (15, "9")


def test_the_kind_is_found_out_where_the_ending_says_nothing(tmp_path: Path) -> None:
    found = [
        open_leads(parquet(tmp_path, "a", x=[1])).kind,
        open_leads(lines(tmp_path, '{"x": 1}', "b.json")).kind,
        open_leads(lines(tmp_path, "x,y\n1,2\n", "c")).kind,
    ]

    assert found == ["parquet", "jsonl", "csv"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.parquet", "x,y\n1,2\n", r"^a\.parquet: is no Parquet file: "),
        ("a.jsonl", "", r"^a\.jsonl: is empty$"),
        ("a.jsonl", "x,y\n1,2\n", r"^a\.jsonl:1: is not JSON: "),
        ("a.json", '[{"x": 1}]', r"^a\.json:1: is no JSON object; write one object a line, not one list$"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_table(lines(tmp_path, content, name))


def test_a_parquet_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^leads\.parquet: holds no rows$"):
        read_table(parquet(tmp_path, x=[]))


def test_a_parquet_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path, x=list(range(100)))
    path.write_bytes(path.read_bytes()[:-50])

    with pytest.raises(DataError, match="is no Parquet file"):
        read_table(path)
