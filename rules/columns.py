"""Columns: what a lead's row comes down to before networks see it, a small integer for each of a few questions."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any as Anything

from rules.lower import Holds, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranks:
    """A number or an instant as its rank: 0 missing, even equal to a threshold, odd below, between or above them."""

    place: int
    thresholds: tuple[Anything, ...]

    @property
    def size(self) -> int:
        """Return how many codes there are."""
        return 2 * len(self.thresholds) + 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A text or a flag as its code in a book: 0 missing, 1 named by no condition, from 2 on those that are named."""

    place: int
    codes: Mapping[Anything, int]

    @property
    def size(self) -> int:
        """Return how many codes there are."""
        return len(self.codes) + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """One test worked out in Python: 1 where it holds, 0 where not."""

    holds: Holds
    size: int = 2


Column = Ranks | Book | Flag


class Columns:
    """Named columns, read together: books first, then ranks, then flags."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        books = {name: column for name, column in columns.items() if isinstance(column, Book)}
        ranks = {name: column for name, column in columns.items() if isinstance(column, Ranks)}
        flags = {name: column for name, column in columns.items() if isinstance(column, Flag)}
        self.sizes: Mapping[str, int] = {name: each.size for name, each in (books | ranks | flags).items()}
        self._books = tuple((book.place, book.codes.get) for book in books.values())
        self._ranks = tuple((each.place, each.thresholds) for each in ranks.values())
        self._flags = tuple(flag.holds for flag in flags.values())

    def codes(self, row: Row, now: datetime) -> list[int]:
        """Return the codes of a row, in the order of `sizes`."""
        codes: list[int] = [code(row[place], 1) for place, code in self._books]
        codes += [
            0 if (value := row[place]) is None else 1 + bisect_left(thresholds, value) + bisect_right(thresholds, value)
            for place, thresholds in self._ranks
        ]
        codes += [holds(row, now) for holds in self._flags]
        return codes
