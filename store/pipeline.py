"""Writes that are sent together: a statement once for all who make it, and PostgreSQL is not waited for at each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Delete, Executable, Insert, Update

from store.conversation import Statement
from store.database import Database, Transaction, Values
from store.driver import COMMIT, ask, execute_alone
from store.flushes import Flushes
from store.statements import Write, of_rows, prepared

# Rows of one insert: so few make few texts, which PostgreSQL need not read anew each time.
AT_ONCE = 10
# A commit then lets go of its locks before what it wrote is on disk.
UNFLUSHED: Statement = ("SET LOCAL synchronous_commit = off", ())
# What is written here lies behind every earlier commit: once it is on disk, they are.
FLUSHED = "SELECT pg_logical_emit_message(true, 'leadline', '')"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A write that is made for each of some rows of values, which all have the same names."""

    statement: Write
    rows: list[Mapping[str, Any]] = field(default_factory=list)

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
    ask(tx, *_statements(tx, together.written))


def _commit(tx: Transaction, written: Sequence[Written], flushes: Flushes) -> None:
    """Sends writes and commits them; returns once they, or without any what was read here, are on disk."""
    statements = _statements(tx, written)
    if tx.dialect.name != "postgresql":
        ask(tx, *statements)
        return
    later = flushes.shared or not written
    ask(tx, *[UNFLUSHED] * later, *statements, COMMIT)
    if later:
        flushes.wait(partial(_flush, tx))


def _flush(tx: Transaction) -> None:
    """Waits until all that anybody committed before is on disk."""
    execute_alone(tx, FLUSHED)


def _statements(tx: Transaction, written: Sequence[Written]) -> Iterator[Statement]:
    """Yields the statements that make writes, in their order."""
    for part in (part for write in written for part in write.parts()):
        one = prepared(tx.dialect, part.statement, tuple(part.rows[0]))
        yield of_rows(one.text, len(part.rows)), [value for row in part.rows for value in one.values(row)]
