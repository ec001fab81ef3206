"""Writes that are sent together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from
from sqlalchemy import Executable, Text, bindparam, cast, delete, func, literal, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from store.database import Database, Transaction, connect
from store.pipeline import Together, _flush, begin_together, sent_together
from store.rows import add
from store.tables import keys, webhooks
from tests.builders import NOW

STATEMENTS: list[Executable] = [keys.insert(), update(keys), delete(keys)]
RENAMED = update(keys).where(keys.c.id == bindparam("renamed"))
DELETED = delete(keys).where(keys.c.id == bindparam("gone"))
HUNG_UP = keys.insert().values(name=cast(func.pg_terminate_backend(func.pg_backend_pid()), Text))


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
    together = kept_back(pieces)

    sent = [(write.statement, row) for write in together.written for row in write.rows]
    of_each = [[statement for statement, row in sent if row["kind"] == str(number)] for number in range(len(pieces))]
    assert of_each == pieces


def test_what_several_pieces_write_alike_is_one_statement() -> None:
    """Also where one of them leaves something out."""
    first, second, third = STATEMENTS

    together = kept_back([[first, second, third], [first, third], [second, third]])

    assert [(write.statement, [row["kind"] for row in write.rows]) for write in together.written] == [
        (first, ["0", "1"]),
        (second, ["0", "2"]),
        (third, ["0", "1", "2"]),
    ]


def test_only_writes_are_kept_back() -> None:
    """What is read is wanted at once."""
    with pytest.raises(TypeError, match="is a write, not SELECT"):
        Together().execute(select(keys.c.id), {})


def test_what_is_sent_together_may_write_to_one_table_more_than_once(database: Database) -> None:
    """Each write sees what those before it did to its table."""
    with database.begin() as tx, sent_together(tx) as writes:
        add(writes, keys, key("a"), key("b"))
        writes.execute(RENAMED, {"renamed": "a", "name": "first"})
        add(writes, webhooks, webhook("w"))
        writes.execute(DELETED, {"gone": "b"})
        writes.execute(RENAMED, {"renamed": "a", "name": "second"})
        add(writes, keys, key("b"))

    with database.read() as tx:
        found = tx.execute(select(keys.c.id, keys.c.name).order_by(keys.c.id)).all()
    assert found == [("a", "second"), ("b", "test")]


def test_a_block_that_fails_sends_nothing(database: Database) -> None:
    """Also where the transaction goes on."""
    with database.begin() as tx:
        with suppress(KeyError), sent_together(tx) as writes:
            add(writes, keys, key("a"))
            raise KeyError
        with sent_together(tx) as writes:
            add(writes, keys, key("b"))

    assert kept(database) == ["b"]


def test_a_transaction_that_fails_before_its_writes_are_sent_keeps_nothing(database: Database) -> None:
    """Nor does it hold anything."""
    with suppress(KeyError), begin_together(database) as (_, writes):
        add(writes, keys, key("a"))
        raise KeyError
    commit_together(database, "b")

    assert kept(database) == ["b"]


@pytest.mark.parametrize("company", [False, True])
def test_what_is_committed_together_is_kept_and_on_disk(postgres: str, company: bool) -> None:
    """Once the block has ended, whether others write meanwhile or not."""
    with closing(connect(postgres)) as database, database.flushes.writing() if company else nullcontext():
        with begin_together(database) as (_, writes):
            add(writes, keys, *(key(f"{company} {number}") for number in range(100)))

        with database.read() as tx:
            behind = tx.execute(text("SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()")).scalar_one()
            assert len(tx.execute(select(keys.c.id).where(keys.c.id.startswith(f"{company} "))).all()) == 100
    assert behind < 1_000  # the server may note something of its own; a hundred keys take more


def test_of_many_that_commit_at_once_those_that_are_refused_harm_no_other(database: Database) -> None:
    """Each is its own transaction."""
    ids = [f"k{number}" for number in range(24)]
    with database.begin() as tx:
        add(tx, keys, *(key(key_id) for key_id in ids[::3]))

    raised = at_once([partial(commit_together, database, key_id) for key_id in ids])

    assert [type(error) for error in raised] == [IntegrityError, type(None), type(None)] * 8
    assert kept(database) == sorted(ids)


def test_who_waits_for_a_disk_with_someone_who_dies_is_not_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who died cannot say that the write is kept, though it is; the others wait anew."""
    dying = iter([True])
    monkeypatch.setattr("store.pipeline._flush", lambda tx: hang_up_on_itself(tx) if next(dying, False) else _flush(tx))
    with database.flushes.writing():
        raised = at_once([partial(commit_together, database, f"k{number}") for number in range(16)])

    on_postgres = database.engine.dialect.name == "postgresql"
    assert [type(error) for error in raised if error is not None] == [OperationalError] * on_postgres
    assert len(kept(database)) == 16


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


def kept_back(pieces: Sequence[Sequence[Executable]]) -> Together:
    """What pieces of work write, by their numbers."""
    together = Together()
    for number, piece in enumerate(pieces):
        together.next_piece()
        for statement in piece:
            together.execute(statement, {"kind": str(number)})
    return together


def test_nothing_is_sent_where_nothing_was_written(database: Database) -> None:
    with begin_together(database) as (tx, _):
        assert tx.execute(select(literal(1))).scalar_one() == 1


def send(database: Database, *ids: str) -> None:
    """Sends keys together, each by a statement of its own."""
    with database.begin() as tx, sent_together(tx) as writes:
        for key_id in ids:
            add(writes, keys, key(key_id))


def commit_together(database: Database, key_id: str) -> None:
    """Keeps a key by a transaction that is sent with its commit."""
    with begin_together(database) as (_, writes):
        add(writes, keys, key(key_id))


def at_once(works: Sequence[Callable[[], None]]) -> list[BaseException | None]:
    """What each of the works raised, done by eight threads."""
    with ThreadPoolExecutor(8) as pool:
        return [done.exception(60) for done in [pool.submit(work) for work in works]]


def kept(database: Database) -> list[str]:
    """The keys that are kept."""
    with database.read() as tx:
        return list(tx.execute(select(keys.c.id).order_by(keys.c.id)).scalars())


def hang_up_on_itself(tx: Transaction) -> None:
    """Has the server end the connection between two things sent together."""
    with sent_together(tx) as writes:
        writes.execute(HUNG_UP, {"id": "z", **{name: value for name, value in key("z").items() if name != "name"}})
        add(writes, keys, key("a"))


def key(key_id: str) -> dict[str, object]:
    """A key's row."""
    return {"id": key_id, "kind": "crm", "name": "test", "sha256": key_id, "created_at": NOW}


def webhook(webhook_id: str) -> dict[str, object]:
    """A webhook's row."""
    row = {"id": webhook_id, "url": "https://crm.example", "kinds": [], "shape": "standard"}
    return {**row, "secret": "s", "created_at": NOW}
