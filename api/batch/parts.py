"""Scores one chunk of a file into a part of the output; what is done is known by its counts."""

import csv
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from api.batch.decide import decide_all
from api.batch.reasons import as_it_is, doubled
from api.batch.recipe import ready_recipe
from api.batch.writing import join_parts, write_part
from api.files import whole_file, whole_path
from training.files.kinds import Chunk, Kind
from training.table import BadRow, Stretch


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What came of rows; `unread` counts those that were scored without a value that made no sense."""

    scored: int = 0
    rejected: int = 0
    unread: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            scored=self.scored + other.scored,
            rejected=self.rejected + other.rejected,
            unread=self.unread + other.unread,
        )


def score_chunk(folder: Path, seal: str, number: int, chunk: Chunk) -> Counts:
    """Scores a chunk by the recipe in a folder into a part there, whole or not at all; says what came of it."""
    recipe, playbook = ready_recipe(folder, seal)
    stretch = chunk.read()
    quote = doubled if recipe.kind == "csv" else as_it_is
    with _uncollected():
        decided = decide_all(_seen(stretch, recipe.time), recipe.scorecard, playbook, recipe.now, quote=quote)
    with whole_path(_part(folder, number)) as draft:
        write_part(draft, recipe.kind, chunk, stretch, decided)
    counts = Counts(scored=len(stretch.lines), rejected=len(stretch.bad_rows), unread=decided.unread)
    _keep_counts(folder, number, counts, stretch.bad_rows)
    return counts


@contextmanager
def _uncollected() -> Iterator[None]:
    """Lets no search for garbage in circles interrupt: it costs a tenth of the time, and a chunk leaves none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def counted(folder: Path, number: int) -> Counts | None:
    """What came of a chunk that is done; None for one that is not."""
    try:
        return Counts(**orjson.loads(_counts(folder, number).read_bytes())["counts"])
    except FileNotFoundError:
        return None


def put_together(folder: Path, parts: int, kind: Kind, columns: Sequence[str], out: Path) -> None:
    """Writes the output, whole or not at all, of the parts in a folder."""
    with whole_path(out, drafts=folder) as draft:
        join_parts(draft, kind, columns, [_part(folder, number) for number in range(parts)])


def put_rejects_together(folder: Path, parts: int, columns: Sequence[str], out: Path) -> None:
    """Writes the rows that could not be read, with the line and the reason, as CSV; no file where there are none."""
    bad = _rejects(folder, parts)
    first = next(bad, None)
    if first is None:
        out.unlink(missing_ok=True)
        return
    with whole_file(out) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["line", "problem", *columns])
        writer.writerow(first)
        writer.writerows(bad)


def _seen(stretch: Stretch, time: str | None) -> Stretch:
    """The rows with the time that says when each lead came in where no other column does."""
    if time is None or time not in stretch.cells or "created_at" in stretch.cells:
        return stretch
    cells = {**stretch.cells, "created_at": stretch.cells[time]}
    return Stretch(lines=stretch.lines, cells=cells, bad_rows=stretch.bad_rows)


def _rejects(folder: Path, parts: int) -> Iterator[list[Any]]:
    for number in range(parts):
        for row in orjson.loads(_counts(folder, number).read_bytes())["bad_rows"]:
            yield [row["line"], row["problem"], *row["cells"]]


def _keep_counts(folder: Path, number: int, counts: Counts, bad_rows: Sequence[BadRow]) -> None:
    """Says that a chunk is done; its part is there before that."""
    bad = [{"line": row.line, "problem": row.problem, "cells": row.cells} for row in bad_rows]
    totals = {"scored": counts.scored, "rejected": counts.rejected, "unread": counts.unread}
    with whole_file(_counts(folder, number)) as file:
        file.write(orjson.dumps({"counts": totals, "bad_rows": bad}).decode())


def _part(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.part"


def _counts(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.json"
