"""Statements as the driver takes them: the text is built once, values are put in without SQLAlchemy's way there.

For a plain insert that way takes several times what SQLite needs to do it.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from store.columns import Document, Instant

Write = Insert | Update | Delete
# What a driver is given for a value.
Bind = Callable[[Any], Any]
# What becomes of a value that a driver found.
Load = Callable[[Any], Any]
# More than all shapes of statements that one process makes; tests open very many databases.
KEPT = 1_024
# Drivers give everything else as it was given to them.
OURS = (Boolean, Document, Instant)
ROW = " VALUES "


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A statement's text, and how its values come about: those of `names`, `constants` among them, and what becomes of
    some for the driver.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    binds: tuple[tuple[int, Bind], ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Returns the values in the order in which the driver takes them. Raises: KeyError for a missing one."""
        known = {**self.constants, **given} if self.constants else given
        values = [known[name] for name in self.names]
        for place, bind in self.binds:
            values[place] = bind(values[place])
        return values


@dataclass(frozen=True, kw_only=True, slots=True)
class Loader:
    """Makes the rows of a query from those of the driver."""

    row: Callable[..., Any]
    loads: tuple[tuple[int, Load], ...]

    def loaded(self, found: Sequence[Any]) -> Any:
        """Returns a row of named columns."""
        values = list(found)
        for place, load in self.loads:
            values[place] = load(values[place])
        return self.row(*values)


@lru_cache(KEPT)
def prepared(dialect: Dialect, statement: Write | Select[Any], names: tuple[str, ...]) -> Prepared:
    """Returns a statement for values of these names, columns to set and parameters, as a database's driver takes it."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
        raise TypeError(f"{dialect.name} does not number its parameters; connect with paramstyle='format'")
    taken = [compiled.binds[name] for name in compiled.positiontup]
    binds = [_bind(parameter.type, dialect) for parameter in taken]
    return Prepared(
        text=compiled.string,
        names=tuple(parameter.key for parameter in taken),
        constants={each.key: each.value for each in taken if each.key not in names and not each.required},
        binds=tuple((place, bind) for place, bind in enumerate(binds) if bind is not None),
    )


@lru_cache(KEPT)
def loader(dialect: Dialect, query: Select[Any]) -> Loader:
    """Returns what makes a query's rows."""
    columns = list(query.selected_columns)
    loads = [_load(column.type, dialect) for column in columns]
    return Loader(
        row=namedtuple("Row", [str(column.key) for column in columns]),
        loads=tuple((place, load) for place, load in enumerate(loads) if load is not None),
    )


def _load(of: TypeEngine[Any], dialect: Dialect) -> Load | None:
    """Returns what becomes of what a driver finds in a column; None where it stays as it is."""
    load = of.dialect_impl(dialect).result_processor(dialect, None) if isinstance(of, OURS) else None
    # Nine counts of a team were last changed at three instants or so, and nobody is away.
    return lru_cache(64)(load) if load is not None and isinstance(of, Instant) else load


@lru_cache(KEPT)
def of_rows(insert: str, rows: int) -> str:
    """Returns the text of an insert of one row as one of so many rows."""
    if rows == 1:
        return insert
    into, row = insert.split(ROW)
    return into + ROW + ", ".join([row] * rows)


def _bind(of: TypeEngine[Any], dialect: Dialect) -> Bind | None:
    """Returns what a driver is given for a value of a type; None where it takes it as it is."""
    return _instants(dialect) if isinstance(of, Instant) else of.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(KEPT)
def _instants(dialect: Dialect) -> Bind | None:
    """Returns what makes instants what a driver is given, and remembers some: a lead has few for many rows."""
    bind = Instant().dialect_impl(dialect).bind_processor(dialect)
    return None if bind is None else lru_cache(64)(bind)
