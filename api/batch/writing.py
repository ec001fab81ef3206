"""Writes scored rows as CSV, JSON Lines or Parquet: a part at a time, and the parts as one."""

import csv
import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson

from api.batch.decide import Decided
from routing.document import value_document
from training.files.kinds import Chunk, Kind
from training.table import Cell, Stretch, text_of

SCORE_COLUMNS = ("probability", "fit", "score", "grade", "qualified", "reasons")


def write_part(path: Path, kind: Kind, chunk: Chunk, stretch: Stretch, decided: Decided) -> None:
    """Writes the rows of a chunk with their scores; columns named like a score column are replaced.

    For CSV the reasons come with their quotes doubled.
    """
    kept = {name: cells for name, cells in stretch.cells.items() if name not in SCORE_COLUMNS}
    _WRITERS[kind](path, chunk, kept, decided)


def join_parts(path: Path, kind: Kind, columns: Sequence[str], parts: Sequence[Path]) -> None:
    """Writes the parts of a file with these columns as one."""
    if kind == "parquet":
        _join_parquet(path, parts)
        return
    with path.open("wb") as file:
        if kind == "csv":
            heading = io.StringIO()
            kept = [name for name in columns if name not in SCORE_COLUMNS]
            csv.writer(heading, lineterminator="\n").writerow([*kept, *SCORE_COLUMNS])
            file.write(heading.getvalue().encode())
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, file, 1 << 20)


def _csv(path: Path, chunk: Chunk, kept: Mapping[str, Sequence[Cell]], decided: Decided) -> None:
    words = ["true" if each else "false" for each in decided.qualified]
    columns = [cells if set(map(type, cells)) <= {str} else list(map(_written, cells)) for cells in kept.values()]
    scores = (decided.probability, decided.fit, decided.score, decided.grade, words)
    lines = _Lines()
    csv.writer(lines, lineterminator=",").writerows(zip(*columns, *scores, strict=True))
    # Quoted already, part by part: the csv module takes ten times as long over so long a cell.
    rows = [f'{line}"{reasons}"\n' for line, reasons in zip(lines, decided.reasons, strict=True)]
    path.write_bytes("".join(rows).encode())


class _Lines(list[str]):
    """Takes what a csv writer writes, a line at a time."""

    def write(self, line: str) -> None:
        """Takes a line."""
        self.append(line)


def _json_lines(path: Path, chunk: Chunk, kept: Mapping[str, Sequence[Cell]], decided: Decided) -> None:
    names = (*kept, *SCORE_COLUMNS)
    columns = [list(map(value_document, cells)) for cells in kept.values()]
    reasons = map(orjson.Fragment, decided.reasons)
    scores = (decided.probability, decided.fit, decided.score, decided.grade, decided.qualified, reasons)
    with path.open("wb") as file:
        for row in zip(*columns, *scores, strict=True):
            known = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            file.write(orjson.dumps(known, option=orjson.OPT_APPEND_NEWLINE))


def _parquet(path: Path, chunk: Chunk, kept: Mapping[str, Sequence[Cell]], decided: Decided) -> None:
    """Columns of a Parquet file keep their types; those of any other file are text."""
    # Loaded here: it takes longer than scoring a small CSV.
    import pyarrow as pa
    import pyarrow.parquet as pq

    from training.files.parquet import ParquetChunk

    if isinstance(chunk, ParquetChunk):
        columns = {name: chunk.batch.column(name) for name in kept}
    else:
        columns = {name: pa.array(list(map(_text, cells)), pa.string()) for name, cells in kept.items()}
    types = (pa.float64(), pa.float64(), pa.float64(), pa.string(), pa.bool_(), pa.string())
    scores = {name: pa.array(getattr(decided, name), kind) for name, kind in zip(SCORE_COLUMNS, types, strict=True)}
    pq.write_table(pa.table({**columns, **scores}), path)


def _join_parquet(path: Path, parts: Sequence[Path]) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, pq.read_schema(parts[0])) as writer:
        for part in parts:
            writer.write_table(pq.read_table(part))


def _written(cell: Cell) -> str:
    """A cell as CSV has it: text as it came, a list as JSON."""
    if isinstance(cell, str):
        return cell
    return orjson.dumps(value_document(cell)).decode() if isinstance(cell, tuple) else text_of(cell)


def _text(cell: Cell) -> str | None:
    return None if cell is None else _written(cell)


_WRITERS: Mapping[Kind, Callable[[Path, Chunk, Mapping[str, Sequence[Cell]], Decided], None]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "parquet": _parquet,
}
