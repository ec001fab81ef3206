"""Answers kept under the caller's idempotency key."""

from threading import Thread

import pytest
from sqlalchemy import func, select

from store.database import Database, Transaction
from store.errors import ConflictError
from store.idempotency import first_answer, keep_answer
from store.keys import create_key, find_key
from store.tables import answers
from tests.builders import NOW


def test_a_repeated_request_gets_the_first_answer(database: Database) -> None:
    """To the byte; each caller's keys are its own."""
    with database.begin() as tx:
        ours, theirs = caller(tx), caller(tx)
        assert first_answer(tx, ours, "abc", b"request") is None
        keep_answer(tx, ours, "abc", b"request", b"\x00answer", NOW)

        assert first_answer(tx, ours, "abc", b"request") == b"\x00answer"
        assert first_answer(tx, ours, "abd", b"request") is None
        assert first_answer(tx, theirs, "abc", b"request") is None


def test_a_key_that_stood_before_another_request_is_refused(database: Database) -> None:
    """Rather than answering what was not asked."""
    with database.begin() as tx:
        key_id = caller(tx)
        keep_answer(tx, key_id, "abc", b"request", b"answer", NOW)

        with pytest.raises(ConflictError) as refused:
            first_answer(tx, key_id, "abc", b"another")

    assert str(refused.value) == "the idempotency key abc was used for another request; use a new one"


def test_repetitions_at_the_same_time_do_the_work_once(database: Database) -> None:
    """The second waits for the first and gets its answer."""
    with database.begin() as tx:
        key_id = caller(tx)
    got: list[bytes] = []
    threads = [Thread(target=answered, args=(database, key_id, got)) for _ in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(answers)).scalar() == 1
    assert len(got) == 6
    assert len(set(got)) == 1


def answered(database: Database, key_id: str, got: list[bytes]) -> None:
    """Answers a request once, as a door does."""
    with database.begin() as tx:
        answer = first_answer(tx, key_id, "abc", b"request")
        if answer is None:
            answer = str(id(tx)).encode()
            keep_answer(tx, key_id, "abc", b"request", answer, NOW)
    got.append(answer)


def caller(tx: Transaction) -> str:
    """Makes a CRM's key and returns its id."""
    key = find_key(tx, create_key(tx, "crm", "main", NOW))
    assert key is not None
    return key.id
