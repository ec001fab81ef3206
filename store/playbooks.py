"""Published playbooks: every text, and every time one came into force, for ever."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from store.database import Transaction
from store.errors import ConflictError, UnknownVersionError
from store.ids import new_id
from store.revision import next_revision
from store.tables import in_force, playbook_versions, publications


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A version coming into force: when, by whom and why."""

    number: int
    at: datetime
    by: str
    because: str


def publish(tx: Transaction, text: str, *, by: str, because: str, now: datetime, edited: int | None = None) -> int:
    """Keeps a playbook's text as the next version, puts it into force and returns its number.

    `edited` is the version the author started from. Raises: ConflictError when another is in force by now.
    """
    next_revision(tx)
    _refuse_stale(tx, edited)
    number = (tx.execute(select(func.max(playbook_versions.c.number))).scalar() or 0) + 1
    tx.execute(insert(playbook_versions).values(number=number, text=text, created_at=now, author=by, because=because))
    put_into_force(tx, number, by=by, because=because, now=now)
    return number


def put_into_force(tx: Transaction, number: int, *, by: str, because: str, now: datetime) -> None:
    """Makes a kept version the active one. Raises: UnknownVersionError."""
    playbook_text(tx, number)
    next_revision(tx)
    tx.execute(update(in_force).values(playbook=number))
    tx.execute(insert(publications).values(id=new_id(now), number=number, at=now, author=by, because=because))


def active_playbook(tx: Transaction) -> tuple[int, str] | None:
    """Returns number and text of the playbook in force; None before the first is published."""
    row = tx.execute(
        select(playbook_versions.c.number, playbook_versions.c.text).join(
            in_force, in_force.c.playbook == playbook_versions.c.number
        )
    ).one_or_none()
    return None if row is None else (row.number, row.text)


def playbook_text(tx: Transaction, number: int) -> str:
    """Returns the text of a version. Raises: UnknownVersionError."""
    text: str | None = tx.execute(select(playbook_versions.c.text).where(playbook_versions.c.number == number)).scalar()
    if text is None:
        raise UnknownVersionError(f"playbook {number} is not kept; `leadline playbook history` lists those that are")
    return text


def playbook_history(tx: Transaction) -> tuple[Publication, ...]:
    """Returns every coming into force, newest first."""
    rows = tx.execute(select(publications).order_by(publications.c.at.desc(), publications.c.id.desc()))
    return tuple(Publication(number=row.number, at=row.at, by=row.author, because=row.because) for row in rows)


def _refuse_stale(tx: Transaction, edited: int | None) -> None:
    """Raises ConflictError when the version that was edited is no longer the one in force."""
    active = tx.execute(select(in_force.c.playbook)).scalar_one()
    if edited is not None and edited != active:
        raise ConflictError(f"playbook {edited} was edited, but {active} is in force now; read it and edit that")
