"""Writes that are sent together: a statement once for all who make it, and PostgreSQL is not waited for at each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Delete, Executable, Insert, Update

from store.database import Database, Transaction, Values
from store.driver import commit, execute, execute_alone, piped
from store.flushes import Flushes
from store.statements import Write, as_one, of_rows, prepared

# Rows of one insert: so few make few texts, which PostgreSQL need not read anew each time.
AT_ONCE = 10
# psycopg reads the text of a statement with more values anew each time, which takes longer than to send another one.
# Source: psycopg, MAX_CACHED_STATEMENT_PARAMS.
VALUES_AT_ONCE = 50
# A commit then lets go of its locks before what it wrote is on disk.
UNFLUSHED = "SET LOCAL synchronous_commit = off"
# What is written here lies behind every earlier commit: once it is on disk, they are.
FLUSHED = "SELECT pg_logical_emit_message(true, 'leadline', '')"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A write that is made for each of some rows of values, which all have the same names."""

    statement: Write
    rows: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.rows) * len(self.rows[0])

    def parts(self) -> Iterator["Written"]:
        """Yields the same writes as statements that can each be made at once: inserts of some rows, changes of one."""
        size = AT_ONCE if isinstance(self.statement, Insert) else 1
        for start in range(0, len(self.rows), size):
            yield Written(statement=self.statement, rows=self.rows[start : start + size])


class Together:
    """Writes that are kept back: those of one piece of work stay in their order, equal ones of several become one.

    So pieces must not depend on each other, nor on what another has written.
    """

    def __init__(self) -> None:
        self.written: list[Written] = []
        self._place = 0

    def next_piece(self) -> None:
        """Begins another piece of work."""
        self._place = 0

    def execute(self, statement: Executable, parameters: Values, /) -> None:
        """Keeps a write back, to be made behind the last one of this piece."""
        if not isinstance(statement, Insert | Update | Delete):
            raise TypeError(f"what is kept back is a write, not {statement}")
        rows = [parameters] if isinstance(parameters, Mapping) else list(parameters)
        self._place = self._behind(statement, rows)
        self.written[self._place].rows.extend(rows)

    def _behind(self, statement: Write, rows: list[Mapping[str, Any]]) -> int:
        """Returns the place, not before that of this piece's last write, at which such rows can be added."""
        for place in range(self._place, len(self.written)):
            other = self.written[place]
            if other.statement is statement and other.rows[0].keys() == rows[0].keys():
                return place
        self.written.append(Written(statement=statement))
        return len(self.written) - 1


@contextmanager
def begin_together(database: Database) -> Iterator[tuple[Transaction, Together]]:
    """Opens a write transaction and keeps back what is to be written with its commit.

    While several threads write, each lets go of its locks before its writes are on disk, and they wait for the disk
    together; once the block has ended, the writes are there.
    """
    with database.flushes.writing(), database.begin() as tx:
        together = Together()
        yield tx, together
        _commit(tx, together.written, database.flushes)


@contextmanager
def sent_together(tx: Transaction) -> Iterator[Together]:
    """Keeps back what the block writes, and sends it when it ends, without waiting for an answer to each.

    What the database refuses is raised at the end of the block.
    """
    together = Together()
    yield together
    if together.written:
        with piped(tx):
            _send(tx, together.written)


def _commit(tx: Transaction, written: Sequence[Written], flushes: Flushes) -> None:
    """Sends writes and commits them; returns once they, or without any what was read here, are on disk."""
    if tx.dialect.name != "postgresql":
        _send(tx, written)
        return
    later = flushes.shared or not written
    with piped(tx):
        if later:
            execute(tx, UNFLUSHED, ())
        _send(tx, written)
        commit(tx)
    if later:
        flushes.wait(partial(_flush, tx))


def _flush(tx: Transaction) -> None:
    """Waits until all that anybody committed before is on disk."""
    execute_alone(tx, FLUSHED)


def _send(tx: Transaction, written: Sequence[Written]) -> None:
    """Sends writes in their order: to SQLite one by one, to PostgreSQL as few statements."""
    parts = [part for write in written for part in write.parts()]
    for some in _joined(parts) if tx.dialect.name == "postgresql" else ([part] for part in parts):
        driven = [(prepared(tx.dialect, part.statement, tuple(part.rows[0])), part.rows) for part in some]
        text = as_one(*(of_rows(one.text, len(rows)) for one, rows in driven))
        execute(tx, text, tuple(chain.from_iterable(one.values(row) for one, rows in driven for row in rows)))


def _joined(parts: Sequence[Written]) -> list[list[Written]]:
    """Returns the parts, in their order, of few statements: each has few values and writes to a table once at most."""
    statements: list[list[Written]] = []
    for part in parts:
        if not statements or not _takes(statements[-1], part):
            statements.append([])
        statements[-1].append(part)
    return statements


def _takes(statement: Sequence[Written], part: Written) -> bool:
    """Whether a statement can take a part on."""
    other_table = all(other.statement.table is not part.statement.table for other in statement)
    return other_table and sum(other.size for other in (*statement, part)) <= VALUES_AT_ONCE
