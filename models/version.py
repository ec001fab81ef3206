"""A model version: its scorecard, and the card that says what it learned from and how well it does."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, cast

import orjson

from scoring.document import Place
from scoring.scorecard import Scorecard
from scoring.scorecard_json import ScorecardError, scorecard_from_json, scorecard_to_json

State = Literal["candidate", "champion", "retired"]
FAMILIES = ("served", "logistic", "additive", "unrestricted")
METRICS = ("roc_auc", "pr_auc", "log_loss", "brier", "lift_top_decile", "calibration_error")


# A version's name is also the name of files.
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
NOBODY: Mapping[str, tuple[int, ...]] = MappingProxyType({})


class ModelError(ValueError):
    """A model that cannot be used; the message has a line for each problem."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnCard:
    """A column that the model learned from; `levels` counts its categories, 0 for a number."""

    name: str
    kind: Literal["number", "category"]
    levels: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCard:
    """What a version was trained on and what came of it.

    `metrics` holds METRICS by family, all on held-out rows; `max_difference` is the largest |scorecard - estimators|
    in log-odds; `strongest` the attributes by mean |log-odds|; `checksum` is the sha256 of the data's bytes.
    """

    rows: int
    positives: int
    columns: tuple[ColumnCard, ...]
    left_out: Mapping[str, str]
    split: str
    metrics: Mapping[str, Mapping[str, float]]
    max_difference: float
    tables: int
    leakage: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    checksum: str
    seed: int
    libraries: Mapping[str, str]
    strongest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelVersion:
    """One version of the model; `name` is its date and a counter: 2026-11-24.1.

    `by` says who trained it, `parent` which version served then. `population` counts, for each attribute of the
    scorecard, the training leads in each cell of its table: what drift is measured against.
    """

    name: str
    state: State
    created_at: datetime
    scorecard: Scorecard
    card: ModelCard
    by: str = "unknown"
    parent: str | None = None
    population: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: NOBODY)


def version_to_json(version: ModelVersion) -> dict[str, object]:
    """Return the version as one JSON document, sealed with a checksum; its state is not part of it."""
    content = {
        "format": 1,
        "name": version.name,
        "created_at": version.created_at.isoformat(),
        "by": version.by,
        "parent": version.parent,
        "scorecard": scorecard_to_json(version.scorecard),
        "card": card_to_json(version.card),
        "population": {name: list(counts) for name, counts in version.population.items()},
    }
    return sealed(content)


def sealed(document: Mapping[str, object]) -> dict[str, object]:
    """Return a document with the checksum of its content. Raises: ModelError for what JSON has no word for."""
    content = {key: value for key, value in document.items() if key != "sha256"}
    return {**content, "sha256": _seal(content)}


def version_from_json(document: object, *, state: State = "candidate") -> ModelVersion:
    """Return the version in a parsed JSON document.

    Raises: ModelError naming every problem, where the document is malformed or is not what was sealed.
    """
    problems: list[str] = []
    whole = Place(value=document, problems=problems)
    whole.only("format", "name", "created_at", "by", "parent", "scorecard", "card", "population", "sha256")
    name, created_at = _name(whole.field("name")), _instant(whole.field("created_at"))
    by, parent = whole.field("by").text(), whole.field("parent")
    trained_under = None if parent.value is None else _name(parent)
    card = _card(whole.field("card"))
    scorecard = _scorecard(whole.field("scorecard"))
    population = _population(whole.field("population"), scorecard)
    if scorecard is not None and scorecard.version != name:
        whole.field("scorecard").refuse(f"is of version {scorecard.version!r}, not {name!r}")
    if isinstance(document, dict) and not problems:
        if document["sha256"] != sealed(document)["sha256"]:
            whole.field("sha256").refuse("does not match: the document was changed after it was exported")
        if document["format"] != 1:
            whole.field("format").refuse("must be 1")
    if problems or scorecard is None:
        raise ModelError("\n".join(problems))
    return ModelVersion(
        name=name,
        state=state,
        created_at=created_at,
        scorecard=scorecard,
        card=card,
        by=by,
        parent=trained_under,
        population=population,
    )


def _seal(content: Mapping[str, object]) -> str:
    try:
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ModelError(f"the document cannot be sealed: {error}") from error
    return hashlib.sha256(text).hexdigest()


def _scorecard(place: Place) -> Scorecard | None:
    try:
        return scorecard_from_json(place.value)
    except ScorecardError as error:
        for problem in error.problems:
            place.refuse(problem)
        return None


def _name(place: Place) -> str:
    name = place.text()
    if name and not NAME.fullmatch(name):
        place.refuse("must be 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first")
    return name


def _population(place: Place, scorecard: Scorecard | None) -> dict[str, tuple[int, ...]]:
    inside = place.value
    if not isinstance(inside, dict):
        place.refuse("must be an object")
        return {}
    cells = {feature.name: len(feature.values) for feature in (scorecard.features if scorecard else ())}
    counts = {name: place.field(name).indexes() for name in map(str, inside)}
    if scorecard is not None:
        for name, found in counts.items():
            if name not in cells:
                place.refuse(f"has {name!r}, which is no attribute of the scorecard")
            else:
                place.field(name).hold(len(found), cells[name], "counts, one a cell of its table")
    return counts


def _instant(place: Place) -> datetime:
    try:
        instant = datetime.fromisoformat(place.text())
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        place.refuse("must be a time with an offset, such as 2026-11-24T09:00:00+00:00")
        return datetime.min.replace(tzinfo=UTC)
    return instant


def card_to_json(card: ModelCard) -> dict[str, object]:
    """Return the card as plain dicts, lists, text and numbers."""
    return {
        "rows": card.rows,
        "positives": card.positives,
        "columns": [{"name": each.name, "kind": each.kind, "levels": each.levels} for each in card.columns],
        "left_out": dict(card.left_out),
        "split": card.split,
        "metrics": {family: dict(metrics) for family, metrics in card.metrics.items()},
        "max_difference": card.max_difference,
        "tables": card.tables,
        "leakage": [{"column": column, "evidence": evidence} for column, evidence in card.leakage],
        "warnings": list(card.warnings),
        "checksum": card.checksum,
        "seed": card.seed,
        "libraries": dict(card.libraries),
        "strongest": [{"name": name, "log_odds": log_odds} for name, log_odds in card.strongest],
    }


def _card(place: Place) -> ModelCard:
    leakage, strongest = place.field("leakage"), place.field("strongest")
    return ModelCard(
        rows=place.field("rows").index(),
        positives=place.field("positives").index(),
        columns=tuple(_column(each) for each in place.field("columns").items()),
        left_out=_texts_by_name(place.field("left_out")),
        split=place.field("split").text(),
        metrics={family: _metrics(place.field("metrics").field(family)) for family in FAMILIES},
        max_difference=place.field("max_difference").number(),
        tables=place.field("tables").index(),
        leakage=tuple((each.field("column").text(), each.field("evidence").text()) for each in leakage.items()),
        warnings=place.field("warnings").texts(),
        checksum=place.field("checksum").text(),
        seed=place.field("seed").index(),
        libraries=_texts_by_name(place.field("libraries")),
        strongest=tuple((each.field("name").text(), each.field("log_odds").number()) for each in strongest.items()),
    )


def _column(place: Place) -> ColumnCard:
    kind = cast(Literal["number", "category"], place.field("kind").choice("number", "category"))
    return ColumnCard(name=place.field("name").text(), kind=kind, levels=place.field("levels").index())


def _metrics(place: Place) -> dict[str, float]:
    return {metric: place.field(metric).number() for metric in METRICS}


def _texts_by_name(place: Place) -> dict[str, str]:
    inside = place.value
    if not isinstance(inside, dict):
        place.refuse("must be an object")
        return {}
    return {str(name): place.field(str(name)).text() for name in inside}
