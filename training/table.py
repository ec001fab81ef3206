"""Reads a file of leads into rows of text, and says plainly what is wrong with a file that is none."""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
# What exports write where nothing is known.
MISSING = frozenset({"", "select", "n/a", "na", "#n/a", "nan", "null", "none"})


class TrainingError(Exception):
    """The root of what can be wrong with training."""


class DataError(TrainingError):
    """A file or a choice of columns that cannot be trained on or scored; the message names the remedy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: the line it starts on, and its filled cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that has not as many cells as the header."""

    line: int
    cells: tuple[str, ...]
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A whole file: its columns in order, good and bad rows, the sha256 of its bytes, and what was noticed."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bad_rows: tuple[BadRow, ...]
    checksum: str
    warnings: tuple[str, ...]


def read_table(path: Path) -> Table:
    """Return the rows of a CSV file; its encoding and delimiter are found out.

    Raises: DataError when the file cannot be read, is empty or binary, or its header is not one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    text, warnings = _decoded(content, path.name)
    lines = _records(text, _delimiter(text), path.name)
    columns = _header(next(lines, (1, [])), path.name)
    rows, bad_rows = _rows(columns, lines)
    if not rows:
        raise DataError(f"{path.name}: holds a header and no rows")
    return Table(
        name=path.name,
        columns=columns,
        rows=rows,
        bad_rows=bad_rows,
        checksum=hashlib.sha256(content).hexdigest(),
        warnings=warnings,
    )


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if not content.strip():
        raise DataError(f"{name}: is empty")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16", name), ()
    if b"\0" in content:
        raise DataError(f"{name}: holds NUL bytes, so it is no CSV; export it as CSV in UTF-8")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        warning = f"not UTF-8 ({where}): read as Windows-1252; export it as UTF-8 where names look wrong"
        return _strictly(content, "cp1252", name), (warning,)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: byte {error.start} is neither UTF-8 nor {encoding}; export it as UTF-8") from error


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into most cells, and into as many as the header."""
    head = list(io.StringIO(text[:65_536]))[:50]

    def agreement(delimiter: str) -> tuple[float, int]:
        widths = [len(cells) for cells in csv.reader(head[:-1] or head, delimiter=delimiter)]
        same = sum(width == widths[0] for width in widths) / len(widths)
        return (same if widths[0] > 1 else 0.0, widths[0])

    return max(DELIMITERS, key=agreement)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name}:{reader.line_num}: is not CSV: {error}; is a quote left open before it?") from error


def _header(record: tuple[int, list[str]], name: str) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in record[1])
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise DataError(f"{name}:1: columns named twice: {', '.join(repr(column) for column in twice)}; rename one")
    if "" in columns:
        raise DataError(f"{name}:1: column {columns.index('') + 1} has no name; name or remove it")
    return columns


def _rows(
    columns: tuple[str, ...], lines: Iterator[tuple[int, list[str]]]
) -> tuple[tuple[Row, ...], tuple[BadRow, ...]]:
    rows: list[Row] = []
    bad: list[BadRow] = []
    for line, cells in lines:
        if len(cells) != len(columns):
            problem = f"has {len(cells)} cells where the header has {len(columns)}"
            bad.append(BadRow(line=line, cells=tuple(cells), problem=problem))
        else:
            rows.append(Row(line=line, cells=dict(zip(columns, cells, strict=True))))
    return tuple(rows), tuple(bad)
