"""Published playbooks: every text, and every time one came into force, for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from store.database import Transaction
from store.errors import ConflictError, StaleEditError, UnknownVersionError
from store.events import add_events
from store.ids import new_id
from store.revision import next_revision
from store.tables import in_force, playbook_versions, publications


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A version coming into force: when, by whom and why, and whether cases are kept with it that it passed."""

    number: int
    at: datetime
    by: str
    because: str
    tested: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookVersion:
    """A kept version without its text and its cases; `tested` says whether cases are kept with it.

    `publications` has every time it came into force, oldest first.
    """

    number: int
    created_at: datetime
    by: str
    because: str
    tested: bool
    active: bool
    publications: tuple[Publication, ...]


def publish(
    tx: Transaction,
    text: str,
    *,
    cases: str | None = None,
    by: str,
    because: str,
    now: datetime,
    edited: int | None = None,
) -> int:
    """Keeps a playbook's text as the next version, puts it into force and returns its number.

    `cases` are those it was tested by, kept with it. `edited` is the version the author started from, 0 for none.
    Raises: StaleEditError when another is in force by now.
    """
    next_revision(tx)
    refuse_stale(tx, edited)
    number = (tx.execute(select(func.max(playbook_versions.c.number))).scalar() or 0) + 1
    kept = {"number": number, "text": text, "created_at": now, "author": by, "because": because, "cases": cases}
    tx.execute(insert(playbook_versions).values(**kept))
    _put_into_force(tx, number, by=by, because=because, now=now)
    return number


def put_into_force(tx: Transaction, number: int, *, by: str, because: str, now: datetime) -> None:
    """Makes a kept version the active one. Raises: UnknownVersionError, ConflictError when it is that already."""
    playbook_text(tx, number)
    next_revision(tx)
    if number == active_number(tx):
        raise ConflictError(f"playbook {number} is in force already")
    _put_into_force(tx, number, by=by, because=because, now=now)


def active_playbook(tx: Transaction) -> tuple[int, str] | None:
    """Returns number and text of the playbook in force; None before the first is published."""
    row = tx.execute(
        select(playbook_versions.c.number, playbook_versions.c.text).join(
            in_force, in_force.c.playbook == playbook_versions.c.number
        )
    ).one_or_none()
    return None if row is None else (row.number, row.text)


def active_number(tx: Transaction) -> int:
    """Returns the number of the playbook in force; 0 before the first is published."""
    number: int | None = tx.execute(select(in_force.c.playbook)).scalar_one()
    return number or 0


def playbook_text(tx: Transaction, number: int) -> str:
    """Returns the text of a version. Raises: UnknownVersionError."""
    text: str | None = tx.execute(select(playbook_versions.c.text).where(playbook_versions.c.number == number)).scalar()
    if text is None:
        raise UnknownVersionError(f"playbook {number} is not kept; `leadline playbook history` lists those that are")
    return text


def playbook_cases(tx: Transaction, number: int) -> str | None:
    """Returns the cases kept with a version; None where it came into force untested. Raises: UnknownVersionError."""
    playbook_text(tx, number)
    cases: str | None = tx.execute(
        select(playbook_versions.c.cases).where(playbook_versions.c.number == number)
    ).scalar_one()
    return cases


def playbook_history(tx: Transaction) -> tuple[Publication, ...]:
    """Returns every coming into force, newest first."""
    return tuple(map(_publication, tx.execute(_newest_first())))


def playbook_versions_below(tx: Transaction, number: int | None, *, limit: int) -> tuple[PlaybookVersion, ...]:
    """Returns at most so many versions with numbers below one (None: from the newest on), newest first."""
    versions = select(playbook_versions).order_by(playbook_versions.c.number.desc()).limit(limit)
    if number is not None:
        versions = versions.where(playbook_versions.c.number < number)
    rows, active = tx.execute(versions).all(), active_number(tx)
    shown = publications.c.number.in_([row.number for row in rows])
    published = [_publication(row) for row in tx.execute(_newest_first().where(shown))][::-1]
    return tuple(_version(row, row.number == active, published) for row in rows)


def published_before(tx: Transaction) -> int | None:
    """Returns what was in force before the active playbook first was; None when nothing was.

    So going back twice leads two versions back, and not to where it started.
    """
    active, before = active_number(tx), None
    for publication in reversed(playbook_history(tx)):
        if publication.number == active:
            return before
        before = publication.number
    return None


def refuse_stale(tx: Transaction, edited: int | None) -> None:
    """Raises StaleEditError when the version that was edited is no longer the one in force."""
    active = active_number(tx)
    if edited is None or edited == active:
        return
    was = f"playbook {edited} was edited" if edited else "a first playbook was written"
    now_is = f"but {active} is in force now; read it and edit that" if active else "but none is in force"
    raise StaleEditError(f"{was}, {now_is}")


def _put_into_force(tx: Transaction, number: int, *, by: str, because: str, now: datetime) -> None:
    """Makes a kept version the active one, and tells the outside."""
    replaced = active_number(tx) or None
    tx.execute(update(in_force).values(playbook=number))
    tx.execute(insert(publications).values(id=new_id(now), number=number, at=now, author=by, because=because))
    told = {"playbook": number, "replaces": replaced, "at": now.isoformat(), "by": by, "because": because}
    add_events(tx, None, ["playbook.published"], told, now)


def _newest_first() -> Select[Any]:
    """Returns the query of every coming into force."""
    return (
        select(publications, playbook_versions.c.cases.is_not(None).label("tested"))
        .join(playbook_versions, playbook_versions.c.number == publications.c.number)
        .order_by(publications.c.at.desc(), publications.c.id.desc())
    )


def _publication(row: Row[Any]) -> Publication:
    """Returns the coming into force in a row."""
    return Publication(number=row.number, at=row.at, by=row.author, because=row.because, tested=row.tested)


def _version(row: Row[Any], active: bool, published: Sequence[Publication]) -> PlaybookVersion:
    """Returns the version in a row with those of the publications that are its own."""
    return PlaybookVersion(
        number=row.number,
        created_at=row.created_at,
        by=row.author,
        because=row.because,
        tested=row.cases is not None,
        active=active,
        publications=tuple(one for one in published if one.number == row.number),
    )
