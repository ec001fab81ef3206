"""JSON Lines files: a lead a line, flat or with its further names in `attributes` as the HTTP door takes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from training.files.kinds import LeadsFile, checksum_of
from training.table import BadRow, Cell, DataError, Stretch

LINES_A_LOOK = 1_000


class _LineError(ValueError):
    """A line that is no lead; the message says what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonLinesChunk:
    """Some lines of a JSON Lines file, and how many stand before them."""

    columns: tuple[str, ...]
    first_line: int
    text: bytes

    @property
    def weight(self) -> int:
        """How many bytes of the file these are."""
        return len(self.text)

    def read(self) -> Stretch:
        """Return the leads; a line that is no JSON object of values and lists of values is a bad row."""
        lines: list[int] = []
        rows: list[Mapping[str, Cell]] = []
        bad: list[BadRow] = []
        for number, line in enumerate(self.text.splitlines(), start=self.first_line + 1):
            if not line.strip():
                continue
            try:
                rows.append(_cells(line))
                lines.append(number)
            except _LineError as error:
                bad.append(BadRow(line=number, cells=(line.decode("utf-8", "replace"),), problem=str(error)))
        cells = {name: [row.get(name) for row in rows] for name in self.columns}
        return Stretch(lines=lines, cells=cells, bad_rows=bad)


def open_json_lines(path: Path) -> LeadsFile:
    """Return a JSON Lines file, looked through once: its columns are all the names that any line has.

    Its size counts bytes. Raises: DataError when it cannot be read, is empty, or none of its lines is a lead.
    """
    checksum = checksum_of(path)
    names: dict[str, None] = {}
    wrong: BadRow | None = None
    for chunk in _chunks(path, (), LINES_A_LOOK):
        found, bad = _names(chunk)
        names |= found
        wrong = wrong or bad
    if not names:
        raise DataError(f"{path.name}:{wrong.line}: {wrong.problem}" if wrong else f"{path.name}: is empty")
    columns = tuple(names)
    chunks, size = partial(_chunks, path, columns), path.stat().st_size
    return LeadsFile(kind="jsonl", path=path, columns=columns, checksum=checksum, size=size, chunks=chunks)


def _chunks(path: Path, columns: tuple[str, ...], rows: int) -> Iterator[JsonLinesChunk]:
    first = 0
    with path.open("rb") as file:
        while lines := list(islice(file, rows)):
            yield JsonLinesChunk(columns=columns, first_line=first, text=b"".join(lines))
            first += len(lines)


def _names(chunk: JsonLinesChunk) -> tuple[dict[str, None], BadRow | None]:
    """Return the names that the leads of a chunk have, and the first line that is no lead."""
    names: dict[str, None] = {}
    for line in chunk.text.splitlines():
        try:
            names |= dict.fromkeys(_cells(line) if line.strip() else ())
        except _LineError:
            continue
    return names, next(iter(chunk.read().bad_rows), None) if not names else None


def _cells(line: bytes) -> dict[str, Cell]:
    """Return the cells of a line, `attributes` spread out. Raises: _LineError."""
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _LineError(f"is not JSON: {error}") from error
    if not isinstance(document, dict):
        hint = "; write one object a line, not one list" if isinstance(document, list) else ""
        raise _LineError(f"is no JSON object{hint}")
    spread = document.pop("attributes", None)
    cells = {name: _cell(name, value) for name, value in document.items()}
    if isinstance(spread, dict):
        return {name: _cell(name, value) for name, value in spread.items()} | cells
    return cells if spread is None else {**cells, "attributes": _cell("attributes", spread)}


def _cell(name: str, value: Any) -> Cell:
    """Return a value as a lead has it. Raises: _LineError for what no attribute can be."""
    if name == "consent" and isinstance(value, dict):
        value = value.get("marketing")
    if isinstance(value, list):
        if any(isinstance(item, dict | list) or item is None for item in value):
            raise _LineError(f"{name!r} is a list of more than plain values")
        return tuple(value)
    if isinstance(value, dict):
        raise _LineError(f"{name!r} is an object; only 'attributes' may hold further names")
    cell: Cell = value
    return cell
