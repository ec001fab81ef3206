"""Columns: what a lead's values come down to before networks see them, a small integer for each of a few questions."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any as Anything

from rules.lower import Form, Holds, Row, as_flag, as_number
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranks:
    """A number or an instant as its rank: 0 missing, then 1 and one more for each cut that lies before it.

    A value is past each of `starts` from the very value on, past each of `ends` only after it. Both ascend.
    """

    attribute: str
    form: Form
    starts: tuple[Anything, ...]
    ends: tuple[Anything, ...]

    @property
    def size(self) -> int:
        """Return how many codes there are."""
        return len(self.starts) + len(self.ends) + 2

    @property
    def one_sided(self) -> bool:
        """Return whether one search finds the code."""
        return not (self.starts and self.ends)

    def code(self, value: Anything) -> int:
        """Return the code of a value that is not missing."""
        return 1 + bisect_right(self.starts, value) + bisect_left(self.ends, value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A text or a flag as its code in a book: 0 missing, 1 named by no condition, from 2 on those that are named."""

    attribute: str
    form: Form
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
# What a fact says of each column, by code.
Cells = Mapping[str, Sequence[str]]


class Columns:
    """Named columns by the way in which they are read: texts, flags, numbers with cuts of one kind, ranks, and tests.

    `sizes` tells in this order how many codes each has.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        books = {name: column for name, column in columns.items() if isinstance(column, Book)}
        ranks = {name: column for name, column in columns.items() if isinstance(column, Ranks)}
        self.flags = {name: book for name, book in books.items() if book.form is as_flag}
        self.texts = {name: book for name, book in books.items() if name not in self.flags}
        self.numbers = {name: rank for name, rank in ranks.items() if rank.form is as_number and rank.one_sided}
        self.ranks = {name: rank for name, rank in ranks.items() if name not in self.numbers}
        self.tests = {name: column for name, column in columns.items() if isinstance(column, Flag)}
        every = self.texts | self.flags | self.numbers | self.ranks | self.tests
        self.sizes: Mapping[str, int] = {name: each.size for name, each in every.items()}


class Reader:
    """Reads what a fact is to say of each column off the values of a lead.

    `looks_at_rows` tells whether there are tests; without them no row is needed.
    """

    def __init__(self, columns: Columns, cells: Cells) -> None:
        self.looks_at_rows = bool(columns.tests)
        self._texts, self._flags = (
            tuple((each.attribute, _told(each, cells[name]).get, cells[name][1], each.form) for name, each in books)
            for books in (columns.texts.items(), columns.flags.items())
        )
        self._numbers = tuple(_searched(each, cells[name]) for name, each in columns.numbers.items())
        self._ranks = tuple((each.attribute, each.code, cells[name], each.form) for name, each in columns.ranks.items())
        self._tests = tuple((each.holds, cells[name]) for name, each in columns.tests.items())

    def read(self, values: Mapping[str, Value], row: Row, now: datetime) -> list[str]:
        """Return a lead's cells, in the order of the columns' `sizes`; the row may be empty where none is needed.

        Most values are of the kind that is asked for, which is seen here: calling their form takes longer than all
        the rest.
        """
        given = values.get
        # A text that is in the book as it came needs no folding: folding it again would change nothing.
        told: list[str] = [
            cell
            if (cell := known(value := given(attribute))) is not None
            else known(value.strip().casefold() if value.__class__ is str else form(value), unknown)
            for attribute, known, unknown, form in self._texts
        ]
        # As it came, a flag could be taken for a number: True equals 1.
        told += [
            known(value if (value := given(attribute)).__class__ is bool else form(value), unknown)
            for attribute, known, unknown, form in self._flags
        ]
        told += [
            cells[passed(cuts, value)]
            if (value := given(attribute)).__class__ is int or (value := form(value)) is not None
            else missing
            for attribute, passed, cuts, cells, missing, form in self._numbers
        ]
        if self._ranks:
            told += [
                cells[0 if (value := form(given(attribute))) is None else code(value)]
                for attribute, code, cells, form in self._ranks
            ]
        if self._tests:
            told += [cells[holds(row, now)] for holds, cells in self._tests]
        return told


def _told(book: Book, cells: Sequence[str]) -> dict[Anything, str]:
    return {value: cells[code] for value, code in book.codes.items()}


def _searched(rank: Ranks, cells: Sequence[str]) -> tuple[Anything, ...]:
    """Return how the one search for a rank goes, the cells by how many cuts it finds passed, and that of none."""
    cuts, passed = (rank.ends, bisect_left) if rank.ends else (rank.starts, bisect_right)
    return rank.attribute, passed, cuts, cells[1:], cells[0], rank.form
