"""A file of leads to compare playbooks on: CSV, Parquet or JSON Lines, as rows with the lines they stand on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from api.diff.chunks import MODEL, Content
from api.errors import FileError
from training.table import DataError, read_table


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadFile:
    """The rows of a file; `notes` say what of it could not be read, `modelled` whether rows say what a model said."""

    rows: tuple[tuple[int, Content], ...]
    notes: tuple[str, ...]
    modelled: bool


def read_leads(path: Path) -> LeadFile:
    """The leads of a file, read by its ending. Raises: FileError, DataError."""
    reader = READERS.get(path.suffix.lower(), _csv)
    found = reader(path)
    if not found.rows:
        raise DataError(f"{path.name}: holds no leads")
    return found


def _csv(path: Path) -> LeadFile:
    table = read_table(path)
    notes = (*table.warnings, *(f"line {bad.line} is left out: it {bad.problem}" for bad in table.bad_rows))
    return LeadFile(
        rows=tuple((row.line, row.cells) for row in table.rows),
        notes=notes,
        modelled=set(MODEL) <= set(table.columns),
    )


def _json_lines(path: Path) -> LeadFile:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    rows = tuple((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    modelled = bool(rows) and all(f'"{name}"'.encode() in rows[0][1] for name in MODEL)
    return LeadFile(rows=rows, notes=(), modelled=modelled)


def _parquet(path: Path) -> LeadFile:
    # Loaded here: it takes a while, and most files are of other kinds.
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table as read_parquet

    try:
        table = read_parquet(path)
    except (ArrowException, OSError) as error:
        raise FileError(f"{path}: is no Parquet file: {error}") from None
    rows = tuple((number, _cells(row)) for number, row in enumerate(table.to_pylist(), start=1))
    return LeadFile(rows=rows, notes=(), modelled=set(MODEL) <= set(table.column_names))


def _cells(row: Mapping[str, object]) -> dict[str, str]:
    """The values of a row as the text that a CSV file would hold."""
    return {name: _text(value) for name, value in row.items() if value is not None}


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


Reader = Callable[[Path], LeadFile]
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        **dict.fromkeys((".jsonl", ".ndjson", ".jsonlines"), _json_lines),
        **dict.fromkeys((".parquet", ".pq"), _parquet),
    }
)
