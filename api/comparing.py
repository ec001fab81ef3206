"""Two versions side by side: on the rows kept with them, on a file, or on the outcomes that came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from api.serving import PLAYBOOK_FILE
from models.compare import FEWEST, MOST_ROWS, Comparison, Difference, compare
from models.shared import Labelled, Shared, judged, scored_rows, shared_rows
from models.version import ModelError, ModelVersion
from rules.playbook import Playbook
from rules.read import read_playbook
from scoring.attributes import Attribute
from scoring.facts import facts_of
from store.comparisons import keep_comparison, kept_comparison
from store.database import Database, Transaction
from store.models import version
from store.outcomes import Outcome, latest_outcomes
from store.playbooks import active_playbook

TITLES: Mapping[str, str] = MappingProxyType(
    {"roc_auc": "ROC-AUC", "log_loss": "log loss", "brier": "Brier", "lift_top_decile": "top-10% lift"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """How two versions do on the same rows, where the rows come from and what cannot be excluded of them."""

    first: str
    second: str
    comparison: Comparison
    about: str
    doubts: tuple[str, ...]


def keep_beside(database: Database, home: Path, serving: str, candidate: ModelVersion) -> None:
    """Keeps how a candidate does beside the version that serves, on the rows kept here; nothing where they are few.

    A server then judges by it in no time, also where the rows are not.
    """
    try:
        with database.read() as tx:
            first = version(tx, serving)
        found = _compared(first, candidate, shared_rows(home / "models", first, candidate))
    except ModelError:
        return  # whoever promotes it is told why
    with database.begin() as tx:
        keep_comparison(tx, first.name, candidate.name, compared_document(found))


def compared(tx: Transaction, home: Path, first: ModelVersion, second: ModelVersion) -> Compared:
    """How two versions do on the rows kept with them, or else on the outcomes that came back since both were trained.

    Raises: ModelError where neither are enough.
    """
    kept_document = kept_comparison(tx, first.name, second.name)
    if kept_document is not None:
        return compared_from_document(kept_document)
    try:
        return _compared(first, second, shared_rows(home / "models", first, second))
    except ModelError as kept:
        try:
            return compared_on_outcomes(tx, first, second)
        except ModelError as back:
            raise ModelError(f"{first.name} and {second.name} cannot be compared: {kept}; {back}") from None


def compared_on_outcomes(tx: Transaction, first: ModelVersion, second: ModelVersion) -> Compared:
    """How two versions do on leads that were decided after both were trained. Raises: ModelError for too few."""
    since = max(first.created_at, second.created_at)
    declared = declared_attributes(tx) or {}
    known = outcomes_since(tx, since, most=MOST_ROWS)
    rows = [Labelled(facts=facts_of(each.lead, declared), label=each.won) for each in known]
    if min(sum(row.label for row in rows), sum(not row.label for row in rows)) < FEWEST:
        raise ModelError(
            f"{len(rows):,} outcomes came back of leads decided since both were trained, and {FEWEST} won and "
            f"{FEWEST} not won are needed"
        )
    about = "that were decided after both were trained, and have an outcome since"
    return _compared(first, second, Shared(rows=judged(first, second, rows), about=about, doubts=()))


def compared_on(home: Path, first: ModelVersion, second: ModelVersion, rows: Sequence[Labelled], of: str) -> Compared:
    """How two versions do on rows from elsewhere. Raises: ModelError for too few."""
    return _compared(first, second, scored_rows(home / "models", first, second, rows, of))


def compared_document(compared: Compared) -> dict[str, object]:
    """A comparison as JSON."""
    return {
        "first": compared.first,
        "second": compared.second,
        "rows": compared.comparison.rows,
        "positives": compared.comparison.positives,
        "rows_are": compared.about,
        "metrics": {each.metric: _difference_document(each) for each in compared.comparison.differences},
        "doubts": list(compared.doubts),
    }


def compared_from_document(document: Mapping[str, Any]) -> Compared:
    """The comparison that `compared_document` wrote."""
    differences = (
        Difference(
            metric=metric,
            first=each["first"],
            second=each["second"],
            difference=each["difference"],
            low=each["interval"][0],
            high=each["interval"][1],
        )
        for metric, each in document["metrics"].items()
    )
    comparison = Comparison(rows=document["rows"], positives=document["positives"], differences=tuple(differences))
    return Compared(
        first=document["first"],
        second=document["second"],
        comparison=comparison,
        about=document["rows_are"],
        doubts=tuple(document["doubts"]),
    )


def declared_attributes(tx: Transaction) -> Mapping[str, Attribute] | None:
    """The attributes that the playbook in force declares; None where none is in force."""
    playbook = _playbook(tx)
    return None if playbook is None else playbook.attributes


def outcomes_since(tx: Transaction, since: datetime, *, most: int) -> tuple[Outcome, ...]:
    """At most so many outcomes of leads decided since, the last first; the playbook in force says which rejects rest.

    Without a playbook none does.
    """
    playbook = _playbook(tx)
    rejects = () if playbook is None else playbook.reject_reasons
    return latest_outcomes(tx, since=since, most=most, reject_reasons=rejects)


def _playbook(tx: Transaction) -> Playbook | None:
    """The playbook in force."""
    active = active_playbook(tx)
    if active is None:
        return None
    number, text = active
    return read_playbook(text, file=PLAYBOOK_FILE, number=number)


def _compared(first: ModelVersion, second: ModelVersion, shared: Shared) -> Compared:
    try:
        comparison = compare(shared.rows)
    except ModelError as error:
        raise ModelError("; ".join((str(error), *shared.doubts))) from None
    return Compared(
        first=first.name,
        second=second.name,
        comparison=comparison,
        about=shared.about,
        doubts=shared.doubts,
    )


def _difference_document(each: Difference) -> dict[str, object]:
    return {
        "first": each.first,
        "second": each.second,
        "difference": each.difference,
        "interval": [each.low, each.high],
        "second_is": each.word,
    }
