from pathlib import Path

import pytest

from training.read import read_table
from training.table import DataError


def written(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "leads.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    lines = [["name", "visits", "city"], ["Ann", "3", "Oslo"], ["Bo", "1", "Rome"]]

    table = read_table(written(tmp_path, "\n".join(map(delimiter.join, lines))))

    assert [list(row.cells.values()) for row in table.rows] == lines[1:]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_in_any_form_is_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    table = read_table(written(tmp_path, "name,city\nJürgen,Łódź\n", encoding))

    assert dict(table.rows[0].cells) == {"name": "Jürgen", "city": "Łódź"}
    assert table.warnings == ()


def test_an_old_windows_file_is_read_with_a_warning(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "name,city\nJürgen,Köln\n", "cp1252"))

    assert table.rows[0].cells["city"] == "Köln"
    assert table.warnings == ("not UTF-8 (byte 11): read as Windows-1252; export it as UTF-8 where names look wrong",)


def test_a_quoted_line_break_stays_in_its_cell_and_lines_count_on(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, 'a,b\n"one\ntwo",1\nthree,2\n'))

    assert [(row.line, row.cells["a"]) for row in table.rows] == [(2, "one\ntwo"), (4, "three")]


def test_rows_of_another_width_are_kept_apart_with_their_line(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n"))

    assert [(row.line, row.problem) for row in table.bad_rows] == [
        (3, "has 1 cells where the header has 2"),
        (4, "has 3 cells where the header has 2"),
    ]
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leads.csv: is empty"),
        (b"  \n \n", "leads.csv: is empty"),
        (b"a,b\n", "leads.csv: holds a header and no rows"),
        (b"a,b\n1,\0\n", "leads.csv: holds NUL bytes, so it is no CSV; export it as CSV in UTF-8"),
        (b"a,b,a\n1,2,3\n", "leads.csv:1: columns named twice: 'a'; rename one"),
        (b"a,,c\n1,2,3\n", "leads.csv:1: column 2 has no name; name or remove it"),
        (b"a,b\n\x81,2\n", "leads.csv: byte 4 is neither UTF-8 nor cp1252; export it as UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_remedy(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(DataError) as refused:
        read_table(written(tmp_path, content))

    assert str(refused.value) == says


def test_an_open_quote_over_half_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"leads\.csv:\d+: is not CSV: .*is a quote left open"):
        read_table(written(tmp_path, 'a,b\n"' + "x,1\n" * 60_000))


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: cannot be read: No such file or directory"):
        read_table(tmp_path / "none.csv")
