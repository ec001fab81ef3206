"""Opens a file of leads, whatever kind it is of, and reads one whole."""

from collections.abc import Callable, Mapping
from pathlib import Path

from training.files.json_lines import open_json_lines
from training.files.kinds import Kind, LeadsFile, blocks_of
from training.files.separated import open_separated
from training.table import BadRow, DataError, Row, Table

ROWS_A_CHUNK = 10_000

ENDINGS: Mapping[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def open_leads(path: Path) -> LeadsFile:
    """Return the file, of the kind that its ending names, else of the kind that its first bytes look like.

    Raises: DataError when it cannot be read or is not of that kind.
    """
    return _OPENERS[ENDINGS.get(path.suffix.lower()) or _looks_like(path)](path)


def read_table(path: Path) -> Table:
    """Return the rows of a CSV, Parquet or JSON Lines file.

    Raises: DataError when the file cannot be read, is empty, or is not of its kind.
    """
    file = open_leads(path)
    rows: list[Row] = []
    bad_rows: list[BadRow] = []
    for chunk in file.chunks(ROWS_A_CHUNK):
        stretch = chunk.read()
        bad_rows += stretch.bad_rows
        turned = zip(*stretch.cells.values(), strict=True)
        rows += [
            Row(line=line, cells=dict(zip(stretch.cells, cells, strict=True)))
            for line, cells in zip(stretch.lines, turned, strict=True)
        ]
    if not rows:
        raise DataError(f"{path.name}: holds a header and no rows")
    return Table(
        name=path.name,
        columns=file.columns,
        rows=tuple(rows),
        bad_rows=tuple(bad_rows),
        checksum=file.checksum,
        warnings=file.warnings,
    )


def _looks_like(path: Path) -> Kind:
    start = next(blocks_of(path), b"")
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if start.lstrip()[:1] in (b"{", b"[") else "csv"


def _open_parquet(path: Path) -> LeadsFile:
    # Loading pyarrow takes longer than scoring a small CSV.
    from training.files.parquet import open_parquet

    return open_parquet(path)


_OPENERS: Mapping[Kind, Callable[[Path], LeadsFile]] = {
    "csv": open_separated,
    "parquet": _open_parquet,
    "jsonl": open_json_lines,
}
