"""Leads with what became of them, wherever they come from: what a data set is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from scoring.attributes import coerce
from scoring.lead import Lead
from scoring.parts import instant_of
from training.columns import written_as
from training.label import labels_of
from training.rows import known_value, lead_of_row
from training.table import Cell, DataError, Row, Table, text_of

# Of rows that may be bad before the file itself is in doubt.
MOST_BAD_ROWS = 0.01
DROPPED = "dropped as asked"


@dataclass(frozen=True, kw_only=True, eq=False)
class Examples:
    """Leads and whether each converted; sequences have one element a lead.

    `names` are the attributes in the order that people know them, `groups` says what must stay together in every
    split and `times` (seconds since 1970 where `instants`) when each lead came, where either is known. `dated` says
    whether `created_at` is when the lead really came. `watched` holds the values that fairness is reported by.
    """

    leads: Sequence[Lead]
    converted: NDArray[np.bool_]
    names: Sequence[str]
    dated: bool
    label: str
    checksum: str
    groups: Sequence[str] | None = None
    times: NDArray[np.float64] | None = None
    instants: bool = False
    aside: Mapping[str, str] = field(default_factory=dict)
    watched: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def examples_of(
    table: Table,
    *,
    label: str | None,
    positive: str | None = None,
    time: str | None = None,
    group: str | None = None,
    drop: Sequence[str] = (),
    fairness: Sequence[str] = (),
    now: datetime,
) -> Examples:
    """Return the examples in a table; a time column of dates says when the leads came where nothing else does.

    Without a label none of them has converted, and they are only good to be looked at.

    Raises: DataError where a named column is not there, too many rows are bad, or the label is not two-sided.
    """
    for name in (*filter(None, (label, time, group)), *drop, *fairness):
        check_name(name, table.columns, table.name)
    warnings = [*table.warnings, *_bad(table)]
    rows, marks = list(table.rows), [False] * len(table.rows)
    if label is not None:
        rows, marks, unlabelled = labels_of(table.rows, label, positive)
        warnings += [f"{unlabelled} rows without a {label!r} were left out"] if unlabelled else []
    aside = {**dict.fromkeys(drop, DROPPED), **({label: "the label"} if label else {})}
    aside |= {name: "orders or groups the splits" for name in (time, group) if name}
    times = None if time is None else _times(rows, time)
    dates = [at for at in times or () if isinstance(at, datetime)]
    came = dates if dates and "created_at" not in table.columns else [None] * len(rows)
    return Examples(
        leads=[_lead(row, aside, at, now) for row, at in zip(rows, came, strict=True)],
        converted=np.array(marks, dtype=np.bool_),
        names=[name for name in table.columns if name not in aside],
        dated=bool(dates) or "created_at" in table.columns,
        label=label or "",
        checksum=table.checksum,
        groups=None if group is None else [text_of(row.cells[group]) or f"line {row.line}" for row in rows],
        times=None if times is None else np.array([_seconds(at) for at in times], dtype=np.float64),
        instants=bool(dates),
        aside=aside,
        watched={name: tuple(_watched(name, row) for row in rows) for name in fairness},
        warnings=warnings,
    )


def check_name(name: str, names: Sequence[str], where: str) -> None:
    """Raise DataError where there is no column of this name, with the one that may be meant."""
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names)}"
    raise DataError(f"{where}: has no column {name!r}; {hint}")


def _bad(table: Table) -> Iterable[str]:
    if not table.bad_rows:
        return
    lines = ", ".join(str(row.line) for row in table.bad_rows[:5]) + (", ..." if len(table.bad_rows) > 5 else "")
    first = table.bad_rows[0]
    if len(table.bad_rows) > MOST_BAD_ROWS * len(table.rows):
        raise DataError(
            f"{table.name}:{first.line}: {first.problem}; {len(table.bad_rows)} rows cannot be read (lines {lines}); "
            "check the delimiter and the quotes"
        )
    yield f"{len(table.bad_rows)} rows that cannot be read were left out (lines {lines}): {first.problem}"


def _lead(row: Row, aside: Mapping[str, str], at: datetime | None, now: datetime) -> Lead:
    cells = {name: cell for name, cell in row.cells.items() if name not in aside or name == "created_at"}
    return lead_of_row(cells if at is None else {**cells, "created_at": at}, now).lead


def _times(rows: Sequence[Row], time: str) -> list[float] | list[datetime]:
    """Return each row's time: a number, or an instant or date, tells it."""
    known = [_known(time, row) for row in rows]
    numbers = [number for value in known if isinstance(number := coerce(value, "number"), int | float)]
    if len(numbers) == len(rows):
        return [float(number) for number in numbers]
    written = written_as(known)
    if written is not None:
        return [instant for value in known if (instant := instant_of(value, written)) is not None]
    line = next(row.line for row, value in zip(rows, known, strict=True) if instant_of(value, "") is None)
    raise DataError(f"line {line}: {time!r} is neither a number nor a time such as 2026-03-01T09:00:00Z in every row")


def _known(name: str, row: Row) -> str | int | float | bool | datetime | tuple[str | int | float | bool, ...]:
    value = known_value(name, row.cells[name])
    return "" if value is None else value


def _seconds(at: float | datetime) -> float:
    return at.astimezone(UTC).timestamp() if isinstance(at, datetime) else at


def _watched(name: str, row: Row) -> str | None:
    cell: Cell = known_value(name, row.cells[name])
    return text_of(cell) or None
