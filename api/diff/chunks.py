"""Decisions to be taken again, in chunks that another process can read for itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from api.parse import InputError, parse_scoring
from routing.replay import Decided
from rules.case import Assumed
from scoring.attributes import Attribute, coerce
from scoring.facts import facts_of
from scoring.lead import Activity, Lead
from scoring.scorecard import Scorecard, appraise
from store.database import connect
from store.replay import decided
from training.rows import lead_of_row
from training.table import Cell

CHUNK = 500

# Columns and fields of a file that a scored lead has, and a lead that comes in has not.
MODEL = ("probability", "fit")
SCORED = (*MODEL, "engagement", "score", "grade", "qualified", "reasons", "tags")


class RowError(Exception):
    """A row of a file holds no lead."""


# What a row of a file holds: its cells, or a line of JSON.
Content = Mapping[str, Cell] | bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptChunk:
    """Decisions of a database, all of each lead's."""

    database_url: str
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def decided(self, notes: list[str]) -> Iterator[Decided]:
        """The decisions, lead by lead."""
        with closing(connect(self.database_url)) as database, database.read() as tx:
            yield from decided(tx, self.ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class FileChunk:
    """Rows of a file of leads, by line. `scorecard` says what the model thinks of a lead whose row does not say it."""

    rows: tuple[tuple[int, Content], ...]
    now: datetime
    scorecard: Scorecard | None
    declared: Mapping[str, Attribute]

    def __len__(self) -> int:
        return len(self.rows)

    def decided(self, notes: list[str]) -> Iterator[Decided]:
        """The leads as if they were decided when they came in; what cannot be read is noted."""
        for line, content in self.rows:
            try:
                yield self._decided(line, content, notes)
            except RowError as error:
                notes.append(f"line {line} is left out: {error}")

    def _decided(self, line: int, content: Content, notes: list[str]) -> Decided:
        given: Mapping[str, Any] = _object(content) if isinstance(content, bytes) else content
        own = {name: value for name, value in given.items() if name not in SCORED}
        if isinstance(content, bytes):
            lead, activities = _posted_lead(own, self.now)
        else:
            lead, activities = _row_lead(line, own, self.now, notes), ()
        return Decided(
            id=f"line {line}",
            lead_id=lead.external_id or f"line {line}",
            at=max([lead.created_at, *(activity.at for activity in activities)]),
            lead=lead,
            activities=activities,
            assumed=self._said(given) or self._says(lead),
        )

    def _said(self, given: Mapping[str, Any]) -> Assumed | None:
        """What the row itself says that the model said; None where it does not."""
        said = [coerce(given[name], "number") for name in MODEL if given.get(name) not in (None, "")]
        if not said:
            return None
        match said:
            case [int() | float() as probability, int() | float() as fit] if 0 <= probability <= 1 and 0 <= fit <= 100:
                return Assumed(probability=float(probability), fit=float(fit))
        raise RowError("probability (0 to 1) and fit (0 to 100) do not make sense; give both, or neither")

    def _says(self, lead: Lead) -> Assumed:
        if self.scorecard is None:
            return Assumed()
        appraisal = appraise(self.scorecard, facts_of(lead, self.declared))
        return Assumed(probability=appraisal.probability, fit=appraisal.fit)


Chunk = KeptChunk | FileChunk


def kept_chunks(database_url: str, ids: Iterable[tuple[str, str]]) -> tuple[KeptChunk, ...]:
    """The chunks of decisions that `decision_ids` found; all of one lead's are in one chunk."""
    chunks: list[list[str]] = [[]]
    for _, of_lead in groupby(ids, key=lambda pair: pair[0]):
        if len(chunks[-1]) >= CHUNK:
            chunks.append([])
        chunks[-1] += (decision for _, decision in of_lead)
    return tuple(KeptChunk(database_url=database_url, ids=tuple(chunk)) for chunk in chunks if chunk)


def file_chunks(
    rows: Sequence[tuple[int, Content]],
    now: datetime,
    scorecard: Scorecard | None,
    declared: Mapping[str, Attribute],
) -> tuple[FileChunk, ...]:
    """The chunks of a file's rows."""
    return tuple(
        FileChunk(rows=tuple(rows[start : start + CHUNK]), now=now, scorecard=scorecard, declared=dict(declared))
        for start in range(0, len(rows), CHUNK)
    )


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RowError(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise RowError("a JSON object expected")
    return given


def _posted_lead(given: Mapping[str, Any], now: datetime) -> tuple[Lead, tuple[Activity, ...]]:
    """The lead of a JSON object, as it is posted to /v1/score."""
    try:
        return parse_scoring(given, now)
    except InputError as bad:
        raise RowError("; ".join(f"{error.field or 'lead'}: {error.message}" for error in bad.errors)) from None


def _row_lead(line: int, cells: Mapping[str, Cell], now: datetime, notes: list[str]) -> Lead:
    """The lead of a row's cells; it goes without what makes no sense in them."""
    read = lead_of_row(cells, now)
    notes.extend(f"line {line} goes without {problem}" for problem in read.problems)
    return read.lead
