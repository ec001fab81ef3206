"""What PostgreSQL is told in one go."""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from store.conversation import Statement, _numbered
from store.database import Database, Transaction, connect
from store.driver import ask

SUM: Statement = ("SELECT %s::INTEGER + %s::INTEGER", (1, 2))
DIFFERENCE: Statement = ("SELECT %s::INTEGER - %s::INTEGER", (1, 2))
IMPOSSIBLE: Statement = ("SELECT %s::TEXT", ("a\0b",))
WRONG: Statement = ("SELECT %s::INTEGER", ("x",))
NONSENSE: Statement = ("SELEKT 1", ())
KEPT = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::INTEGER _ $2::INTEGER'")
# psycopg has a statement prepared that it executes more often than this.
OFTEN = 8
MANY = 20_000_000


@pytest.fixture
def one(postgres: str) -> Iterator[Database]:
    """A database on PostgreSQL, of which a test that does one thing after the other has one connection."""
    with closing(connect(postgres)) as database:
        yield database


def test_statements_are_executed_in_their_order_and_the_last_answers(one: Database) -> None:
    with one.begin() as tx:
        rows = ask(tx, ("CREATE TEMPORARY TABLE t (n INTEGER)", ()))
        rows += ask(tx, *(("INSERT INTO t VALUES (%s::INTEGER)", (n,)) for n in range(3)), ("SELECT n FROM t", ()))
        tx.rollback()

    assert rows == [(0,), (1,), (2,)]


@pytest.mark.parametrize("prepared_by_psycopg", [False, True])
def test_what_was_kept_before_a_rollback_is_known_or_kept_anew(one: Database, prepared_by_psycopg: bool) -> None:
    """psycopg then tells the server to forget all that it keeps, if anything of its own is among it."""
    for _ in range(3):
        with suppress(KeyError), one.begin() as tx:
            executed(tx, OFTEN * prepared_by_psycopg)
            assert (ask(tx, SUM), ask(tx, DIFFERENCE)) == ([(3,)], [(-1,)])
            raise KeyError

    with one.begin() as tx:
        assert (ask(tx, SUM), ask(tx, DIFFERENCE)) == ([(3,)], [(-1,)])
        assert tx.execute(KEPT).scalar_one() == 2  # and not once more for each time


def test_what_was_kept_before_a_savepoint_was_undone_is_known_or_kept_anew(one: Database) -> None:
    with one.begin() as tx:
        ask(tx, SUM)
        with suppress(KeyError), tx.begin_nested():
            executed(tx, OFTEN)
            ask(tx, DIFFERENCE)
            raise KeyError

        assert (ask(tx, SUM), ask(tx, DIFFERENCE)) == ([(3,)], [(-1,)])


@pytest.mark.parametrize(
    ("refused", "error"), [(WRONG, DataError), (NONSENSE, ProgrammingError), (IMPOSSIBLE, DataError)]
)
def test_what_follows_a_statement_that_is_refused_is_not_executed(
    one: Database, refused: Statement, error: type[Exception]
) -> None:
    """What comes before it is undone with it; later everything goes on."""
    for _ in range(2):
        with pytest.raises(error), one.begin() as tx:
            ask(tx, ("CREATE TEMPORARY TABLE u (n INTEGER)", ()), refused, SUM)

    with one.begin() as tx:
        assert ask(tx, SUM) == [(3,)]
        assert ask(tx, ("SELECT to_regclass('u')", ())) == [(None,)]


def test_much_is_sent_while_much_comes_back(one: Database) -> None:
    """More than the sockets take: who only sends, or only reads, would wait for ever."""
    with one.begin() as tx:
        rows = ask(
            tx,
            ("SELECT repeat('x', %s::INTEGER)", (MANY,)),
            ("SELECT length(%s::TEXT)", ("y" * MANY,)),
        )

    assert rows == [(MANY,)]


def test_a_connection_whose_answers_nobody_waited_for_is_not_used_again(
    one: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next to have it would take them for its own."""
    with suppress(KeyboardInterrupt, OperationalError):  # who rolls back finds it closed
        ask_interrupted(one, monkeypatch)

    with one.begin() as tx:
        assert ask(tx, DIFFERENCE) == [(-1,)]


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("SELECT 1", b"SELECT 1"),
        ("SELECT %s, %s", b"SELECT $1, $2"),
        ("SELECT 7 %% 4 WHERE n = %s", b"SELECT 7 % 4 WHERE n = $1"),
    ],
)
def test_values_have_numbers(written: str, taken: bytes) -> None:
    assert _numbered(written) == taken


def executed(tx: Transaction, times: int) -> None:
    """Has psycopg execute a statement so many times."""
    for _ in range(times):
        tx.execute(text("SELECT 1"))


def ask_interrupted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks, and is interrupted before there is an answer."""
    with database.begin() as tx, monkeypatch.context() as patched:
        patched.setattr(psycopg.Connection, "wait", interrupt)
        ask(tx, SUM)


def interrupt(connection: psycopg.Connection[Any], waiting: object) -> None:
    """Somebody pressed Ctrl-C."""
    raise KeyboardInterrupt
