"""Writes that are sent together."""

from collections.abc import Mapping
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from
from sqlalchemy import Executable, bindparam, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from store.database import Database, Transaction, Values, connect
from store.pipeline import Together, sent_together
from store.rows import add
from store.tables import keys
from tests.builders import NOW

STATEMENTS = [text(f"SELECT {number}") for number in (1, 2, 3)]


def test_what_is_sent_together_is_kept_in_its_order(database: Database) -> None:
    """Rows of one statement as well as those of several."""
    with database.begin() as tx, sent_together(tx) as writes:
        add(writes, keys, key("a"), key("b"))
        add(writes, keys, key("c"))

    with database.read() as tx:
        assert tx.execute(select(keys.c.id).order_by(keys.c.id)).scalars().all() == ["a", "b", "c"]


@given(pieces=lists(lists(sampled_from(STATEMENTS), max_size=6), max_size=6))
def test_each_piece_of_work_keeps_its_order(pieces: list[list[Executable]]) -> None:
    """Whatever the others write, and nothing is left out or sent twice."""
    together, sent = Together(), Sent()
    for number, piece in enumerate(pieces):
        together.next_piece()
        for place, statement in enumerate(piece):
            together.execute(statement, {"piece": number, "place": place})

    together.send(sent)

    of_each = [
        [(name, row["place"]) for name, row in sent.rows if row["piece"] == number] for number in range(len(pieces))
    ]
    assert of_each == [[(str(name), place) for place, name in enumerate(piece)] for piece in pieces]


def test_what_several_pieces_write_alike_is_one_statement() -> None:
    """Also where one of them leaves something out."""
    first, second, third = STATEMENTS
    together, sent = Together(), Sent()
    for piece in ([first, second, third], [first, third], [second, third]):
        together.next_piece()
        for statement in piece:
            together.execute(statement, {"piece": 0})

    together.send(sent)

    assert [(name, row["piece"]) for name, row in sent.rows] == [
        *[("SELECT 1", 0)] * 2,
        *[("SELECT 2", 0)] * 2,
        *[("SELECT 3", 0)] * 3,
    ]
    assert sent.statements == 3


def test_what_the_database_refuses_is_raised_and_undone(database: Database) -> None:
    """As when it is waited for at each statement, and without the values, which may be contact data."""
    with pytest.raises(IntegrityError) as refused:
        send(database, "a", "a", "b")

    with database.read() as tx:
        assert tx.execute(select(keys.c.id)).scalars().all() == []
    assert "crm" not in str(refused.value)


def test_a_connection_that_breaks_meanwhile_is_the_databases_error(postgres: str) -> None:
    """Which the doors answer with 503."""
    with closing(connect(postgres)) as database, pytest.raises(OperationalError), database.begin() as tx:
        hang_up_on_itself(tx)


class Sent:
    """What was sent, row by row, in how many statements."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Mapping[str, object]]] = []
        self.statements = 0

    def execute(self, statement: Executable, parameters: Values, /) -> None:
        """Takes a statement."""
        assert not isinstance(parameters, Mapping)
        self.statements += 1
        self.rows += [(str(statement), row) for row in parameters]


def send(database: Database, *ids: str) -> None:
    """Sends keys together, each by a statement of its own."""
    with database.begin() as tx, sent_together(tx) as writes:
        for key_id in ids:
            add(writes, keys, key(key_id))


def hang_up_on_itself(tx: Transaction) -> None:
    """Has the server end the connection between two things sent together."""
    pid = tx.execute(select(func.pg_backend_pid())).scalar_one()
    with sent_together(tx) as writes:
        writes.execute(select(func.pg_terminate_backend(bindparam("pid"))), {"pid": pid})
        add(writes, keys, key("a"))


def key(key_id: str) -> dict[str, object]:
    """A key's row."""
    return {"id": key_id, "kind": "crm", "name": "test", "sha256": key_id, "created_at": NOW}
