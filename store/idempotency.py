"""Answers kept under the caller's idempotency key, so that a repeated request gets the first one again."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, select

from store.database import Transaction, Writes
from store.errors import ConflictError
from store.rows import add, find
from store.tables import answers

KEPT = select(answers.c.request_sha256, answers.c.body).where(
    answers.c.key_id == bindparam("key_id"), answers.c.idempotency_key == bindparam("idempotency_key")
)


def first_answer(tx: Transaction, key_id: str, idempotency_key: str, request: bytes) -> bytes | None:
    """Returns the answer this request got before, None for a new one; a repetition meanwhile waits for this one.

    Call it first in a transaction, and `keep_answer` last. Raises: ConflictError when the key stood before
    another request.
    """
    lock = f"answer {key_id} {idempotency_key}"
    found = find(tx, KEPT, holding=[lock], key_id=key_id, idempotency_key=idempotency_key)
    if not found:
        return None
    (row,) = found
    if row.request_sha256 != sha256(request).hexdigest():
        raise ConflictError(f"the idempotency key {idempotency_key} was used for another request; use a new one")
    return bytes(row.body)


def keep_answer(tx: Writes, key_id: str, idempotency_key: str, request: bytes, answer: bytes, now: datetime) -> None:
    """Keeps the answer that a repetition of the request will get."""
    row = {
        "key_id": key_id,
        "idempotency_key": idempotency_key,
        "request_sha256": sha256(request).hexdigest(),
        "answered_at": now,
        "body": answer,
    }
    add(tx, answers, row)
