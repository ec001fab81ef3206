"""Rows of leads as they come, from whatever kind of file: cells by column, and what was wrong with some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.attributes import coerce
from scoring.lead import Value

# What exports write where nothing is known.
MISSING = frozenset({"", "select", "n/a", "na", "#n/a", "nan", "null", "none"})

# Text where the file knows nothing but text; None where it says that there is nothing.
Cell = Value | None


class TrainingError(Exception):
    """The root of what can be wrong with training."""


class DataError(TrainingError):
    """A file or a choice of columns that cannot be trained on or scored; the message names the remedy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: the line it starts on, and its cells by column."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that cannot be read: the line it starts on, its cells as far as there are any, and what is wrong."""

    line: int
    cells: tuple[str, ...]
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Some rows that follow one another, column by column.

    `cells` has a sequence for each column, as long as `lines`, which says where each row starts.
    """

    lines: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]
    bad_rows: Sequence[BadRow]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A whole file: its columns in order, good and bad rows, the sha256 of its bytes, and what was noticed."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bad_rows: tuple[BadRow, ...]
    checksum: str
    warnings: tuple[str, ...]


def text_of(cell: Cell) -> str:
    """Return the cell as text without outer spaces, blank where there is nothing."""
    text = None if cell is None else coerce(cell, "text")
    return text.strip() if isinstance(text, str) else ""
