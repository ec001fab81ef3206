"""CSV files: encoding and delimiter are found out, and what is no CSV is said plainly."""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from training.files.kinds import Chunk, LeadsFile, blocks_of
from training.table import BadRow, DataError, Stretch

DELIMITERS = (",", ";", "\t", "|")
HEAD_CHARACTERS = 65_536
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeparatedChunk:
    """Some rows of a CSV file as they are written, and the line they start on."""

    columns: tuple[str, ...]
    delimiter: str
    first_line: int
    text: str

    @property
    def weight(self) -> int:
        """About how many bytes of the file these are."""
        return len(self.text)

    def read(self) -> Stretch:
        """Return the rows; those of another width than the header are bad ones."""
        lines: list[int] = []
        rows: list[list[str]] = []
        bad: list[BadRow] = []
        width = len(self.columns)
        for line, cells in _records(io.StringIO(self.text, newline=""), self.delimiter):
            if len(cells) == width:
                lines.append(self.first_line + line)
                rows.append(cells)
            elif any(cell.strip() for cell in cells):
                problem = f"has {len(cells)} cells where the header has {width}"
                bad.append(BadRow(line=self.first_line + line, cells=tuple(cells), problem=problem))
        return _stretch(self.columns, lines, rows, bad)


def open_separated(path: Path) -> LeadsFile:
    """Return a CSV file, looked through once for its encoding; its size counts bytes.

    Raises: DataError when it cannot be read, is empty or binary, or its header is not one.
    """
    encoding, checksum, warnings = _looked_through(path)
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(HEAD_CHARACTERS)
    delimiter = _delimiter(head)
    columns = _header(head, delimiter, path.name)
    return LeadsFile(
        kind="csv",
        path=path,
        columns=columns,
        checksum=checksum,
        warnings=warnings,
        size=path.stat().st_size,
        chunks=partial(_chunks, path, encoding, delimiter, columns),
    )


def _chunks(path: Path, encoding: str, delimiter: str, columns: tuple[str, ...], rows: int) -> Iterator[Chunk]:
    for first, text in _pieces(path, encoding, delimiter, rows):
        yield SeparatedChunk(columns=columns, delimiter=delimiter, first_line=first, text=text)


def _looked_through(path: Path) -> tuple[str, str, tuple[str, ...]]:
    """Return the encoding of a file, its sha256, and what is to be said of the encoding."""
    digest, blank, nul = hashlib.sha256(), True, False
    first = b""
    for block in blocks_of(path):
        digest.update(block)
        first = first or block
        blank, nul = blank and not block.strip(), nul or b"\0" in block
    if blank:
        raise DataError(f"{path.name}: is empty")
    if first.startswith(UTF16):
        _decodes(path, "utf-16", "UTF-8 nor utf-16")
        return "utf-16", digest.hexdigest(), ()
    if nul:
        raise DataError(f"{path.name}: holds NUL bytes, so it is no CSV; export it as CSV in UTF-8")
    odd = _first_odd_byte(path, "utf-8")
    if odd is None:
        return "utf-8-sig", digest.hexdigest(), ()
    _decodes(path, "cp1252", "UTF-8 nor cp1252")
    warning = f"not UTF-8 (byte {odd}): read as Windows-1252; export it as UTF-8 where names look wrong"
    return "cp1252", digest.hexdigest(), (warning,)


def _decodes(path: Path, encoding: str, neither: str) -> None:
    odd = _first_odd_byte(path, encoding)
    if odd is not None:
        raise DataError(f"{path.name}: byte {odd} is neither {neither}; export it as UTF-8")


def _first_odd_byte(path: Path, encoding: str) -> int | None:
    """Return where the first byte stands that is not of the encoding, if there is one."""
    decoder, before = codecs.getincrementaldecoder(encoding)(), 0
    for block in chain(blocks_of(path), (b"",)):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return before - pending + error.start
        before += len(block)
    return None


def _delimiter(head: str) -> str:
    """Return the delimiter that cuts the first lines into most cells, and into as many as the header."""
    lines = list(io.StringIO(head))[:50]

    def agreement(delimiter: str) -> tuple[float, int]:
        widths = [len(cells) for cells in csv.reader(lines[:-1] or lines, delimiter=delimiter)]
        same = sum(width == widths[0] for width in widths) / len(widths)
        return (same if widths[0] > 1 else 0.0, widths[0])

    return max(DELIMITERS, key=agreement)


def _header(head: str, delimiter: str, name: str) -> tuple[str, ...]:
    records = (cells for _, cells in _records(io.StringIO(head, newline=""), delimiter))
    columns = tuple(cell.strip() for cell in next((cells for cells in records if any(map(str.strip, cells))), []))
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise DataError(f"{name}:1: columns named twice: {', '.join(repr(column) for column in twice)}; rename one")
    if "" in columns:
        raise DataError(f"{name}:1: column {columns.index('') + 1} has no name; name or remove it")
    return columns


def _pieces(path: Path, encoding: str, delimiter: str, rows: int) -> Iterator[tuple[int, str]]:
    """Yield the line that each chunk starts behind, and the chunk's text; the header is no part of any."""
    with path.open(encoding=encoding, newline="") as lines:
        taken: list[str] = []
        reader = csv.reader(_taking(lines, taken), delimiter=delimiter)
        first, count, headed, empty = 0, 0, False, True
        try:
            for cells in reader:
                filled = any(map(str.strip, cells))
                if not headed:
                    headed = filled
                    first = reader.line_num
                    taken.clear()
                    continue
                empty, count = empty and not filled, count + 1
                if count == rows:
                    yield first, "".join(taken)
                    first, count = reader.line_num, 0
                    taken.clear()
        except csv.Error as error:
            where = f"{path.name}:{reader.line_num}"
            raise DataError(f"{where}: is not CSV: {error}; is a quote left open before it?") from error
        if empty:
            raise DataError(f"{path.name}: holds a header and no rows")
        if taken:
            yield first, "".join(taken)


def _taking(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line it starts on."""
    reader = csv.reader(lines, delimiter=delimiter)
    start = 1
    for cells in reader:
        if cells:
            yield start, cells
        start = reader.line_num + 1


def _stretch(columns: tuple[str, ...], lines: list[int], rows: list[list[str]], bad: list[BadRow]) -> Stretch:
    """Return the rows turned into columns, without those that hold nothing at all."""
    kept = [index for index, cells in enumerate(rows) if any(map(str.strip, cells))]
    if len(kept) < len(rows):
        lines, rows = [lines[index] for index in kept], [rows[index] for index in kept]
    turned = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return Stretch(lines=lines, cells=dict(zip(columns, turned, strict=True)), bad_rows=bad)
