"""Model versions: every one that was trained, which of them serves, and every time that changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from models.version import NAME, ModelError, ModelVersion, State, version_from_json, version_to_json
from store.database import Transaction
from store.errors import ConflictError, UnknownVersionError
from store.events import add_events
from store.ids import new_id
from store.revision import next_revision
from store.rows import add
from store.shadow import end_shadow, running_shadow
from store.tables import model_versions, promotions

NEWEST_FIRST = (model_versions.c.created_at.desc(), model_versions.c.name.desc())


@dataclass(frozen=True, kw_only=True, slots=True)
class Promotion:
    """A version coming into force: when, by whom and why; `rolled_back` where it came back."""

    name: str
    at: datetime
    by: str
    because: str
    rolled_back: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadableVersion:
    """A version that is kept and cannot be read: `problem` says why, and what to do."""

    name: str
    state: State
    created_at: datetime
    problem: str


def next_version_name(tx: Transaction, now: datetime) -> str:
    """Returns the name of the next version: the day and a number, 2026-11-24.1."""
    day = f"{now:%Y-%m-%d}."
    of_day = model_versions.c.name.startswith(day, autoescape=True)
    numbers = [name.removeprefix(day) for name in tx.execute(select(model_versions.c.name).where(of_day)).scalars()]
    return f"{day}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def add_version(tx: Transaction, trained: ModelVersion) -> None:
    """Keeps a version as a candidate. Raises: ConflictError when there is one of its name."""
    next_revision(tx)
    if _row(tx, trained.name) is not None:
        raise ConflictError(f"model {trained.name} is kept already; versions are never overwritten")
    row = {
        "name": trained.name,
        "state": "candidate",
        "created_at": trained.created_at,
        "document": version_to_json(trained),
    }
    add(tx, model_versions, row)


def promote(
    tx: Transaction, name: str, *, by: str, because: str, now: datetime, rolled_back: bool = False
) -> str | None:
    """Makes a version the champion, which serves, and retires the one before, whose name it returns.

    The outbox tells of it. Raises: UnknownVersionError.
    """
    next_revision(tx)
    version(tx, name)
    before = champion_name(tx)
    shadow = running_shadow(tx)
    if shadow is not None and shadow.name == name:
        end_shadow(tx, now)
    tx.execute(update(model_versions).where(model_versions.c.state == "champion").values(state="retired"))
    tx.execute(update(model_versions).where(model_versions.c.name == name).values(state="champion"))
    said = {"at": now, "because": because, "rolled_back": rolled_back}
    add(tx, promotions, {"id": new_id(now), "name": name, "author": by, **said})
    add_events(tx, None, ["model.promoted"], {"version": name, "before": before, "by": by, **said}, now)
    return before


def roll_back(tx: Transaction, *, by: str, because: str, now: datetime) -> str:
    """Makes the version that served before the champion again, and returns its name; each time one step further back.

    Raises: ConflictError when none served before.
    """
    next_revision(tx)
    steps: list[str] = []
    for promotion in promotion_history(tx):
        if promotion.rolled_back:
            del steps[-1:]
        elif steps[-1:] != [promotion.name]:
            steps.append(promotion.name)
    if len(steps) < 2:
        raise ConflictError("no other version served before; `leadline models list` lists those that are kept")
    promote(tx, steps[-2], by=by, because=because, now=now, rolled_back=True)
    return steps[-2]


def champion(tx: Transaction) -> ModelVersion | None:
    """Returns the version that serves; None before the first promotion."""
    row = tx.execute(select(model_versions).where(model_versions.c.state == "champion")).one_or_none()
    return None if row is None else _version(row)


def champion_name(tx: Transaction) -> str | None:
    """Returns the name of the version that serves; None before the first promotion."""
    name: str | None = tx.execute(select(model_versions.c.name).where(model_versions.c.state == "champion")).scalar()
    return name


def version(tx: Transaction, name: str) -> ModelVersion:
    """Returns the version of a name. Raises: UnknownVersionError."""
    row = _row(tx, name) if NAME.fullmatch(name) else None
    if row is None:
        raise UnknownVersionError(f"model {name} is not kept; `leadline models list` lists those that are")
    return _version(row)


def list_versions(tx: Transaction) -> tuple[ModelVersion | UnreadableVersion, ...]:
    """Returns every version, newest first; one that cannot be read keeps no other from being listed."""
    return tuple(_listed(row) for row in tx.execute(select(model_versions).order_by(*NEWEST_FIRST)))


def promotion_history(tx: Transaction) -> tuple[Promotion, ...]:
    """Returns every coming into force, oldest first."""
    rows = tx.execute(select(promotions).order_by(promotions.c.at, promotions.c.id))
    return tuple(
        Promotion(name=row.name, at=row.at, by=row.author, because=row.because, rolled_back=bool(row.rolled_back))
        for row in rows
    )


def _row(tx: Transaction, name: str) -> Row[Any] | None:
    """Returns the row of a name, if there is one."""
    return tx.execute(select(model_versions).where(model_versions.c.name == name)).one_or_none()


def _listed(row: Row[Any]) -> ModelVersion | UnreadableVersion:
    """Returns the version in a row as far as it can be read."""
    try:
        return _version(row)
    except ModelError as error:
        return UnreadableVersion(name=row.name, state=row.state, created_at=row.created_at, problem=str(error))


def _version(row: Row[Any]) -> ModelVersion:
    """Returns the version in a row. Raises: ModelError when someone changed it, or another Leadline kept it."""
    try:
        return version_from_json(row.document, state=row.state)
    except ModelError as error:
        if not any(line.endswith(": is missing") for line in str(error).splitlines()):
            raise
        raise ModelError(
            f"model {row.name} was kept by another version of Leadline, which this one cannot read: train again with "
            "`leadline train`, then `leadline models promote VERSION`"
        ) from error
