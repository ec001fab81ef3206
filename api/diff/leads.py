"""A file of leads to compare playbooks on: CSV, Parquet or JSON Lines, as rows with the lines they stand on."""

from dataclasses import dataclass
from pathlib import Path

from api.diff.chunks import MODEL, Content
from api.files import read_bytes
from training.read import read_table
from training.table import DataError

JSON_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadFile:
    """The rows of a file; `notes` say what of it could not be read, `modelled` whether rows say what a model said.

    `columns` names what a table has; empty for lines of JSON, each of which names its own.
    """

    rows: tuple[tuple[int, Content], ...]
    notes: tuple[str, ...]
    modelled: bool
    columns: tuple[str, ...] = ()


def read_leads(path: Path) -> LeadFile:
    """The leads of a file. Lines of JSON are kept as they are: each may hold what its lead did.

    Raises: FileError, DataError.
    """
    return _lines(path) if path.suffix.lower() in JSON_LINES else _table(path)


def _table(path: Path) -> LeadFile:
    table = read_table(path)
    notes = (*table.warnings, *(f"line {bad.line} is left out: it {bad.problem}" for bad in table.bad_rows))
    return LeadFile(
        rows=tuple((row.line, row.cells) for row in table.rows),
        notes=notes,
        modelled=set(MODEL) <= set(table.columns),
        columns=tuple(table.columns),
    )


def _lines(path: Path) -> LeadFile:
    lines = read_bytes(path).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    rows = tuple((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    if not rows:
        raise DataError(f"{path.name}: holds no leads")
    return LeadFile(rows=rows, notes=(), modelled=all(f'"{name}"'.encode() in rows[0][1] for name in MODEL))
