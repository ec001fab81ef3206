"""Keys that open the doors: shown once, kept as a hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from store.database import Transaction
from store.ids import new_id
from store.revision import next_revision
from store.tables import keys

KeyKind = Literal["form", "crm", "analyst", "ops", "admin"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key without its secret. `text` is the key itself for kind `form`, which is public, and None for others."""

    id: str
    kind: KeyKind
    name: str
    text: str | None
    created_at: datetime
    revoked_at: datetime | None


def create_key(tx: Transaction, kind: KeyKind, name: str, now: datetime) -> str:
    """Makes a key and returns its text, which cannot be had again; a form's key bears the form's name."""
    text = f"{kind}_{secrets.token_urlsafe(24)}"
    shown = text if kind == "form" else None
    tx.execute(
        insert(keys).values(id=new_id(now), kind=kind, name=name, sha256=_hash(text), text=shown, created_at=now)
    )
    next_revision(tx)
    return text


def find_key(tx: Transaction, text: str) -> Key | None:
    """Returns the key with this text, revoked or not; None when there is none."""
    row = tx.execute(select(keys).where(keys.c.sha256 == _hash(text))).one_or_none()
    return None if row is None else _key(row)


def list_keys(tx: Transaction) -> tuple[Key, ...]:
    """Returns every key, oldest first."""
    return tuple(_key(row) for row in tx.execute(select(keys).order_by(keys.c.id)))


def revoke_key(tx: Transaction, key_id: str, now: datetime) -> bool:
    """Revokes a key and says whether there was such a key in force."""
    revoked = tx.execute(update(keys).where(keys.c.id == key_id, keys.c.revoked_at.is_(None)).values(revoked_at=now))
    next_revision(tx)
    return revoked.rowcount == 1


def _hash(text: str) -> str:
    """Returns what is kept of a key's text. The text is 192 random bits, so a quick hash is a safe one."""
    return sha256(text.encode()).hexdigest()


def _key(row: Row[Any]) -> Key:
    """Returns the key in a row."""
    return Key(
        id=row.id, kind=row.kind, name=row.name, text=row.text, created_at=row.created_at, revoked_at=row.revoked_at
    )
