"""Columns: what a lead's values come down to before networks see them, a small integer for each of a few questions."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any as Anything

from rules.lower import Form, Holds, Row, as_flag, as_number
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranks:
    """A number or an instant as its rank: 0 missing, even equal to a threshold, odd below, between or above them."""

    attribute: str
    form: Form
    thresholds: tuple[Anything, ...]

    @property
    def size(self) -> int:
        """Return how many codes there are."""
        return 2 * len(self.thresholds) + 2


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


class Columns:
    """Named columns, read together: books of texts, books of flags, ranks of numbers, ranks of instants, and tests.

    `look_at_rows` tells whether there are such tests; without them no row is needed.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        books = {name: column for name, column in columns.items() if isinstance(column, Book)}
        texts = {name: book for name, book in books.items() if book.form is not as_flag}
        flags = {name: book for name, book in books.items() if book.form is as_flag}
        ranks = {name: column for name, column in columns.items() if isinstance(column, Ranks)}
        numbers = {name: rank for name, rank in ranks.items() if rank.form is as_number}
        times = {name: rank for name, rank in ranks.items() if rank.form is not as_number}
        tests = {name: column for name, column in columns.items() if isinstance(column, Flag)}
        self.sizes: Mapping[str, int] = {
            name: each.size for name, each in (texts | flags | numbers | times | tests).items()
        }
        self.look_at_rows = bool(tests)
        self._texts = tuple((each.attribute, each.codes.get, each.form) for each in texts.values())
        self._flags = tuple((each.attribute, each.codes.get, each.form) for each in flags.values())
        self._numbers = tuple((each.attribute, each.thresholds, each.form) for each in numbers.values())
        self._times = tuple((each.attribute, each.thresholds, each.form) for each in times.values())
        self._tests = tuple(each.holds for each in tests.values())

    def codes(self, values: Mapping[str, Value], row: Row, now: datetime) -> list[int]:
        """Return the codes of a lead's values, in the order of `sizes`; the row may be empty where none is needed.

        Most values are of the kind that is asked for, which is seen here: calling their form takes longer than all
        the rest.
        """
        given = values.get
        # A text that is in the book as it came needs no folding: folding it again would change nothing.
        codes: list[int] = [
            code
            if (code := known(value := given(attribute))) is not None
            else known(value.strip().casefold() if value.__class__ is str else form(value), 1)
            for attribute, known, form in self._texts
        ]
        # As it came, a flag could be taken for a number: True equals 1.
        codes += [
            known(value if (value := given(attribute)).__class__ is bool else form(value), 1)
            for attribute, known, form in self._flags
        ]
        codes += [
            1 + bisect_left(thresholds, value) + bisect_right(thresholds, value)
            if (value := given(attribute)).__class__ is int or (value := form(value)) is not None
            else 0
            for attribute, thresholds, form in self._numbers
        ]
        codes += [
            0
            if (value := form(given(attribute))) is None
            else 1 + bisect_left(thresholds, value) + bisect_right(thresholds, value)
            for attribute, thresholds, form in self._times
        ]
        codes += [holds(row, now) for holds in self._tests]
        return codes
