"""The facts of many leads, column by column: what `lead_of_row` and `facts_of` say of each row, read when needed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from scoring.attributes import BUILT_IN, SCORED, STANDARD, Attribute, coerce
from scoring.derived import DERIVATIONS
from scoring.facts import blank
from scoring.lead import Value
from scoring.parts import Part, read_part
from training.appraise import memo_of
from training.rows import NOTHING_READ, READ_FIELDS, ReadField, known_value, read_field
from training.table import Cell, Stretch, text_of

Values = Sequence[Value | None]


class LeadColumns:
    """The facts of a stretch of rows by name; each column is made once, when it is first asked for."""

    def __init__(self, stretch: Stretch, declared: Mapping[str, Attribute], now: datetime) -> None:
        self.leads = len(stretch.lines)
        self._cells = stretch.cells
        self._declared = declared
        self._now = now
        self._made: dict[str, Values] = {}
        self._fields: dict[str, Sequence[ReadField]] = {}

    def of(self, name: str) -> Values:
        """The facts of this name, None where missing."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def of_part(self, part: Part) -> Values:
        """What a part reads off each lead's facts, else the fact of its name."""
        pairs = zip(self.of(part.of), self.of("created_at"), strict=True)
        aged = part.kind == "age_days"
        read = (
            [read_part(part, _known({part.of: value, "created_at": at})) for value, at in pairs]
            if aged
            else memo_of(lambda value: read_part(part, _known({part.of: value})), self.of(part.of))
        )
        own = self.of(part.name)
        return [other if value is None else value for value, other in zip(read, own, strict=True)]

    def unread(self) -> int:
        """How many rows have a value that makes no sense."""
        there = [self._read(name) for name in READ_FIELDS if name in self._cells]
        return sum(any(read.problem for read in row) for row in zip(*there, strict=True))

    def _make(self, name: str) -> Values:
        if name in STANDARD:
            return self._field(name)
        if name in SCORED:
            return self._nothing()
        own = self._attribute(name)
        if name not in DERIVATIONS:
            return own
        return [given if value is None else value for value, given in zip(self._derived(name), own, strict=True)]

    def _derived(self, name: str) -> Values:
        fields, read = DERIVATIONS[name]
        columns = [self._field(field) for field in fields]
        if len(columns) == 1:
            return memo_of(read, columns[0])
        return [read(*values) for values in zip(*columns, strict=True)]

    def _attribute(self, name: str) -> Values:
        if name not in self._cells:
            return self._nothing()
        attribute = BUILT_IN.get(name) or self._declared.get(name)
        return memo_of(_reader(name, attribute), self._cells[name])

    def _field(self, name: str) -> Values:
        """A lead's own field, as `lead_of_row` reads it."""
        if name in READ_FIELDS:
            values = [read.value for read in self._read(name)]
            return [self._now if value is None else value for value in values] if name == "created_at" else values
        if name not in self._cells:
            return self._nothing()
        return memo_of(lambda cell: text_of(known_value(name, cell)) or None, self._cells[name])

    def _read(self, name: str) -> Sequence[ReadField]:
        if name not in self._fields:
            self._fields[name] = self._read_anew(name)
        return self._fields[name]

    def _read_anew(self, name: str) -> Sequence[ReadField]:
        if name not in self._cells:
            return [NOTHING_READ] * self.leads
        if name != "phone":
            return memo_of(lambda cell: _read_cell(name, cell, None), self._cells[name])
        pairs = zip(self._cells[name], self._field("country"), strict=True)
        return [_read_cell(name, cell, country) for cell, country in pairs]

    def _nothing(self) -> Values:
        return [None] * self.leads


def _reader(name: str, attribute: Attribute | None) -> Callable[[Cell], Value | None]:
    """What makes the fact of a cell that is no field of a lead."""

    def read(cell: Cell) -> Value | None:
        given = known_value(name, cell)
        if given is None or blank(given):
            return None
        return coerce(given, attribute.kind) if attribute else given

    return read


def _read_cell(name: str, cell: Cell, country: Any) -> ReadField:
    given = known_value(name, cell)
    return NOTHING_READ if given is None else read_field(name, given, country)


def _known(values: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
