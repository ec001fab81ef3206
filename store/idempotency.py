"""Answers kept under the caller's idempotency key, so that a repeated request gets the first one again."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select

from store.database import Transaction
from store.errors import ConflictError
from store.locks import hold
from store.tables import answers


def first_answer(tx: Transaction, key_id: str, idempotency_key: str, request: bytes) -> bytes | None:
    """Returns the answer this request got before, None for a new one; a repetition meanwhile waits for this one.

    Call it first in a transaction, and `keep_answer` last. Raises: ConflictError when the key stood before
    another request.
    """
    hold(tx, f"answer {key_id} {idempotency_key}")
    row = tx.execute(
        select(answers.c.request_sha256, answers.c.body).where(
            answers.c.key_id == key_id, answers.c.idempotency_key == idempotency_key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != sha256(request).hexdigest():
        raise ConflictError(f"the idempotency key {idempotency_key} was used for another request; use a new one")
    return bytes(row.body)


def keep_answer(
    tx: Transaction, key_id: str, idempotency_key: str, request: bytes, answer: bytes, now: datetime
) -> None:
    """Keeps the answer that a repetition of the request will get."""
    tx.execute(
        insert(answers).values(
            key_id=key_id,
            idempotency_key=idempotency_key,
            request_sha256=sha256(request).hexdigest(),
            answered_at=now,
            body=answer,
        )
    )
