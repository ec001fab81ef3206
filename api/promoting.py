"""A version is promoted: judged first, then put in force, and what spoke against it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.errors import ApiError
from api.serving import PLAYBOOK_FILE
from models.supply import unsupplied
from models.version import ModelVersion
from rules.read import read_playbook
from store.database import Database, Transaction
from store.errors import ConflictError
from store.models import champion, promote, version
from store.playbooks import active_playbook


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
    candidate, serving = version(tx, name), champion(tx)
    missing, notes = _unsupplied(tx, candidate)
    return Judgement(before=None if serving is None else serving.name, reasons=missing, notes=notes)


def _unsupplied(tx: Transaction, candidate: ModelVersion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    active = active_playbook(tx)
    if active is None:
        return (), ("no playbook is in force, so it is not known whether leads bring what the model reads",)
    number, text = active
    declared = read_playbook(text, file=PLAYBOOK_FILE, number=number).attributes
    return unsupplied(candidate.scorecard, declared), ()
