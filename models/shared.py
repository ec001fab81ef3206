"""The rows that two versions can be judged on side by side: those that neither was trained on."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from models.compare import Judged, Said
from models.heldout import HeldOutRow, held_out_path, read_held_out
from models.version import ModelError, ModelVersion
from scoring.facts import Facts
from scoring.parts import with_parts
from scoring.scorecard import Scorecard, appraise

# What a row without a time of its own takes from the day it is read on.
OF_THE_DAY = frozenset({"created_at", "local_hour", "weekday"})


class HasFacts(Protocol):
    """Whatever has the facts of a lead."""

    @property
    def facts(self) -> Facts:
        """What is known of the lead."""


R = TypeVar("R", bound=HasFacts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """The facts of a lead, and whether it converted."""

    facts: Facts
    label: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """Rows for both versions: where they come from, and what cannot be excluded of them."""

    rows: tuple[Judged, ...]
    about: str
    doubts: tuple[str, ...]


def shared_rows(folder: Path, first: ModelVersion, second: ModelVersion) -> Shared:
    """Return the rows kept with the versions that both can be judged on.

    On data that both were trained on, what is compared was said of each row by models that never saw it. Otherwise
    each version's unseen rows are scored by the other, but for those that are equal to one it was trained on.
    Raises: ModelError where no rows are kept, or where the two were trained for different outcomes.
    """
    firsts, seconds = kept_rows(folder, first), kept_rows(folder, second)
    if firsts is None and seconds is None:
        raise ModelError(f"the rows that {first.name} and {second.name} were trained on are not kept in {folder}")
    if firsts is not None and seconds is not None and first.card.checksum == second.card.checksum:
        rows = _same_data(firsts, seconds)
        return Shared(rows=rows, about="of the data that both were trained on, each unseen", doubts=())
    ours, doubts = _strange(firsts, second, seconds)
    theirs, others = _strange(seconds, first, firsts)
    return Shared(
        rows=(
            *(Judged(label=row.label, first=_kept(row), second=_said(second.scorecard, row)) for row in ours),
            *(Judged(label=row.label, first=_said(first.scorecard, row), second=_kept(row)) for row in theirs),
        ),
        about="that one was tested on and the other did not see",
        doubts=(*doubts, *others),
    )


def scored_rows(
    folder: Path, first: ModelVersion, second: ModelVersion, labelled: Sequence[Labelled], about: str
) -> Shared:
    """Return rows from elsewhere, scored by both, but for those that are equal to one that either was trained on."""
    left, doubt = unseen(labelled, kept_rows(folder, first), first.name)
    left, other_doubt = unseen(left, kept_rows(folder, second), second.name)
    lacks = [f"{lack}: scored as missing" for each in (first, second) if (lack := lacking(labelled, each))]
    return Shared(rows=judged(first, second, left), about=about, doubts=(doubt, other_doubt, *lacks))


def judged(first: ModelVersion, second: ModelVersion, rows: Iterable[Labelled]) -> tuple[Judged, ...]:
    """Return rows as both versions score them."""
    return tuple(
        Judged(label=row.label, first=_said(first.scorecard, row), second=_said(second.scorecard, row)) for row in rows
    )


def kept_rows(folder: Path, version: ModelVersion) -> tuple[HeldOutRow, ...] | None:
    """Return the rows that a version was trained and tested on; None where they are not kept here."""
    if not held_out_path(folder, version.name).exists():
        return None
    return tuple(read_held_out(folder, version.name))


def unseen(rows: Sequence[R], trained: Sequence[HeldOutRow] | None, name: str) -> tuple[Sequence[R], str]:
    """Return the rows that a version was not trained on, and what cannot be excluded."""
    if trained is None:
        return rows, f"it cannot be excluded that {name} was trained on some rows: those it was trained on are not here"
    names = (_names(rows) & _names(trained)) - OF_THE_DAY
    seen = {_key(row.facts, names) for row in trained}
    left = [row for row in rows if _key(row.facts, names) not in seen]
    out = len(rows) - len(left)
    equal = f"rows left out because {name} was trained on equal ones: {out:,}; " if out else ""
    return left, f"{equal}it cannot be excluded that {name} knew some of the others by values that changed since"


def lacking(rows: Sequence[HasFacts], version: ModelVersion) -> str | None:
    """Return what the version reads and none of the rows has, as a sentence; None where nothing is lacking."""
    names = _names(rows)
    # A row has a part of an attribute itself, or the attribute that it is read off.
    sources = {part.name: part.of for part in version.scorecard.parts}
    features = (feature.name for feature in version.scorecard.features)
    missing = [name for name in features if name not in names and sources.get(name) not in names]
    return f"no row has {', '.join(missing)}, which {version.name} reads" if rows and missing else None


def _strange(
    rows: Sequence[HeldOutRow] | None, version: ModelVersion, trained: Sequence[HeldOutRow] | None
) -> tuple[Sequence[HeldOutRow], tuple[str, ...]]:
    """Return the tested rows of another version that this one may be judged on, and what is to be said of them."""
    tested = [row for row in rows or () if row.tested]
    if not tested:
        return (), ()
    lack = lacking(tested, version)
    if lack is not None:
        return (), (f"rows left out because {lack}: {len(tested):,}",)
    left, doubt = unseen(tested, trained, version.name)
    return left, (doubt,)


def _same_data(firsts: Sequence[HeldOutRow], seconds: Sequence[HeldOutRow]) -> tuple[Judged, ...]:
    others = {row.row: row for row in seconds}
    both = [(row, others[row.row]) for row in firsts if row.tested and row.row in others and others[row.row].tested]
    if any(row.label != other.label for row, other in both):
        raise ModelError("the two versions were trained for different outcomes of the same data")
    return tuple(Judged(label=row.label, first=_kept(row), second=_kept(other)) for row, other in both)


def _kept(row: HeldOutRow) -> Said:
    # A tested row has both; reading it has made sure.
    return Said(row.log_odds or 0.0, row.probability or 0.0)


def _said(scorecard: Scorecard, row: HasFacts) -> Said:
    appraisal = appraise(scorecard, with_parts(row.facts, scorecard.parts))
    return Said(appraisal.log_odds, appraisal.probability)


def _names(rows: Iterable[HasFacts]) -> frozenset[str]:
    return frozenset(name for row in rows for name in row.facts.values)


def _key(facts: Facts, names: frozenset[str]) -> bytes:
    told = {name: value for name, value in facts.values.items() if name in names}
    return hashlib.blake2b(json.dumps(told, sort_keys=True, default=_written).encode(), digest_size=16).digest()


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
