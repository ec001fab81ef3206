"""A model version: its scorecard, and the card that says what it learned from and how well it does."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

import orjson

from models.card import ModelCard, card_in, card_to_json
from scoring.document import Place
from scoring.scorecard import Scorecard
from scoring.scorecard_json import ScorecardError, scorecard_from_json, scorecard_to_json

State = Literal["candidate", "champion", "retired"]
# A version's name is also the name of files.
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
NOBODY: Mapping[str, tuple[int, ...]] = MappingProxyType({})


class ModelError(ValueError):
    """A model that cannot be used; the message has a line for each problem."""


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
    card = card_in(whole.field("card"))
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
