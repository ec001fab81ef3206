"""What PostgreSQL is told in one go: statements that it keeps prepared, sent together, and their answers.

psycopg's own pipeline sends each statement by itself and looks each time whether the socket takes it, which costs
Python several times what PostgreSQL needs for a plain insert. So libpq, which psycopg shows, gathers them here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import PQGen
from psycopg.abc import Transformer as Adapting
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq.abc import PGconn, PGresult

# A text with %s for each of its values, and these.
Statement = tuple[str, Sequence[Any]]
# What was answered to each message in its turn.
Answers = list[list[PGresult]]

BEGIN: Statement = ("BEGIN", ())
STILL_KEPT = "SELECT name FROM pg_prepared_statements"
TEXTS = 1_024


@dataclass(kw_only=True, slots=True)
class Names:
    """The names under which one connection's server keeps statements, by their texts.

    They are `doubtful` after a rollback: psycopg may then have told the server to forget all that it keeps. `given`
    counts them, for none is given twice.
    """

    of: dict[str, bytes] = field(default_factory=dict)
    doubtful: bool = False
    given: int = 0

    def give(self) -> bytes:
        """Returns a name that the server has never had from this connection."""
        self.given += 1
        return f"leadline_{self.given}".encode()


def converse(connection: psycopg.Connection[Any], names: Names, statements: Sequence[Statement]) -> list[Any]:
    """Has PostgreSQL execute statements in their order and returns the rows of the last.

    They begin a transaction where there is none. What follows one that is refused is not executed. Raises:
    psycopg.Error.
    """
    if names.doubtful:
        _look(connection, names)
    idle = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
    adapting = Transformer(connection)
    answers = _told(connection, adapting, names, [BEGIN, *statements] if idle else statements)
    for result in (result for results in answers for result in results):
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise error_from_result(result, encoding=connection.info.encoding)
    (last,) = answers[-2]  # behind it is that all were answered
    adapting.set_pgresult(last)
    return adapting.load_rows(0, last.ntuples, tuple)


def _look(connection: psycopg.Connection[Any], names: Names) -> None:
    """Learns what the server still keeps."""
    kept = {name.encode() for (name,) in connection.execute(STILL_KEPT)}
    names.of = {text: name for text, name in names.of.items() if name in kept}
    names.doubtful = False


def _told(
    connection: psycopg.Connection[Any], adapting: Adapting, names: Names, statements: Sequence[Statement]
) -> Answers:
    """Returns what PostgreSQL answers, once it keeps what is new to it; that it keeps it is remembered."""
    new = {text: names.give() for text, _ in statements if text not in names.of}
    executed = [
        (names.of.get(text) or new[text], adapting.dump_sequence(values, [PyFormat.TEXT] * len(values)))
        for text, values in statements
    ]
    with _gathering(connection) as pgconn:
        for text, name in new.items():
            pgconn.send_prepare(name, _numbered(text))
        for name, values in executed:
            pgconn.send_query_prepared(name, values)
        pgconn.pipeline_sync()
        answers = connection.wait(_answers(pgconn, len(new) + len(executed) + 1))
    for (text, name), (kept,) in zip(new.items(), answers, strict=False):
        if kept.status == pq.ExecStatus.COMMAND_OK:
            names.of[text] = name
    return answers


@contextmanager
def _gathering(connection: psycopg.Connection[Any]) -> Iterator[PGconn]:
    """Has libpq gather what the block sends. Whoever leaves answers behind leaves the connection unusable."""
    connection.pgconn.enter_pipeline_mode()
    try:
        yield connection.pgconn
    finally:
        try:
            connection.pgconn.exit_pipeline_mode()
        except psycopg.OperationalError:
            connection.close()


def _answers(pgconn: PGconn, count: int) -> PQGen[Answers]:
    """Sends what was gathered and returns so many answers."""
    yield from send(pgconn)
    answers = []
    for _ in range(count):
        answers.append((yield from fetch_many(pgconn)))
    return answers


@lru_cache(TEXTS)
def _numbered(text: str) -> bytes:
    """Returns a statement's text as the server takes it, with $1 for its first value."""
    first, *rest = text.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).replace("%%", "%").encode()
