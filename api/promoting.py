"""A version is promoted: judged first, then put in force, and what spoke against it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.comparing import TITLES, compared, declared_attributes
from api.errors import ApiError
from models.supply import unsupplied
from models.version import ModelError, ModelVersion
from store.database import Database, Transaction
from store.errors import ConflictError
from store.models import champion, champion_name, promote, version

# Reasons and notes.
Found = tuple[Sequence[str], Sequence[str]]


class RefusedPromotionError(ApiError):
    """A version that is not to serve; the message has a line for each reason."""

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join([f"model {name} is not promoted:", *(f"  {reason}" for reason in reasons)]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What speaks against a version's serving, and what else is worth knowing; `before` serves now."""

    before: str | None
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def promote_judged(
    database: Database, home: Path, name: str, *, by: str, because: str, force: bool, now: datetime
) -> Judgement:
    """What was judged of a version that serves from now on.

    Raises: RefusedPromotionError for a version that something speaks against, unless it is forced;
    UnknownVersionError; ConflictError when another version came into force meanwhile.
    """
    with database.read() as tx:
        judgement = judge(tx, home, name)
    if judgement.reasons and not force:
        raise RefusedPromotionError(name, judgement.reasons)
    with database.begin() as tx:
        if promote(tx, name, by=by, because=because, now=now) != judgement.before:
            raise ConflictError(f"another version came into force while {name} was judged; look again")
    return judgement


def judge(tx: Transaction, home: Path, name: str) -> Judgement:
    """What speaks against a version's serving. Raises: UnknownVersionError."""
    candidate = version(tx, name)
    reasons, notes = _supply(tx, candidate)
    try:
        serving = champion(tx)
    except ModelError as error:
        return Judgement(before=champion_name(tx), reasons=tuple(reasons), notes=(*notes, str(error)))
    if serving is not None and serving.name != name:
        worse, doubts = _beside(tx, home, serving, candidate)
        reasons, notes = (*reasons, *worse), (*notes, *doubts)
    return Judgement(before=None if serving is None else serving.name, reasons=tuple(reasons), notes=tuple(notes))


def _supply(tx: Transaction, candidate: ModelVersion) -> Found:
    declared = declared_attributes(tx)
    if declared is None:
        return (), ("no playbook is in force, so it is not known whether leads bring what the model reads",)
    return unsupplied(candidate.scorecard, declared), ()


def _beside(tx: Transaction, home: Path, serving: ModelVersion, candidate: ModelVersion) -> Found:
    """In what the candidate is significantly worse than the version that serves, and what is not known of that."""
    try:
        found = compared(tx, home, serving, candidate)
    except ModelError as error:
        return (), (str(error),)
    rows = f"{found.comparison.rows:,} rows {found.about}"
    worse = (
        f"{TITLES[each.metric]} is significantly worse than that of {serving.name}, which serves: {each.second:.4f} "
        f"against {each.first:.4f} on {rows} (95 % interval of the difference {each.low:+.4f} to {each.high:+.4f})"
        for each in found.comparison.worse
    )
    return tuple(worse), found.doubts
