"""Makes a data set of a table: facts as the scorecard will see them, columns of numbers and categories, the label."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.attributes import SCORED, Attribute, coerce
from scoring.facts import Facts, facts_of
from scoring.lead import Value
from scoring.lookup import folded
from training.label import labels_of
from training.leakage import Suspicion, suspicions
from training.rows import lead_of_row
from training.table import MISSING, DataError, Row, Table

FEWEST_POSITIVES = 50
FEWEST_OF_A_LEVEL = 10
MOST_LEVELS = 30
# Of rows that may be ragged before the file itself is in doubt.
MOST_BAD_ROWS = 0.01

NEVER_TRAINS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("email", "phone", "external_id", "first_name", "last_name"), "identifies the person"),
        **dict.fromkeys(("company", "website", "email_domain"), "identifies the company"),
        **dict.fromkeys(("title", "message"), "free text; what is read off it trains"),
        "created_at": "a date; local_hour and weekday train",
        **dict.fromkeys(SCORED, "named like what is decided here; rename it if it is an attribute"),
        "consent": "says whom one may write to, not who buys",
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """A column that trains.

    `values` has one float a row, NaN where missing: the number, or the index of the category's cell. Cell i is
    `levels[i]` (folded as categories compare); the cell after them holds the rare levels named in `grouped`.
    """

    name: str
    kind: Literal["number", "category"]
    values: NDArray[np.float64]
    levels: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """What is trained on. Arrays have one element a row.

    `groups` numbers the rows that must stand on one side of every split. Where a time column was named, `times` holds
    it as numbers (seconds since 1970 where `dated`) and `order` ranks the rows by it from 0, equal times alike. `facts`
    are what the scorecard sees when it serves such a row. `watched` holds the values of the columns that fairness is
    reported by, None where missing.
    """

    columns: tuple[Column, ...]
    label: NDArray[np.bool_]
    groups: NDArray[np.int64]
    order: NDArray[np.int64] | None
    times: NDArray[np.float64] | None
    dated: bool
    facts: tuple[Facts, ...]
    watched: Mapping[str, tuple[str | None, ...]]
    left_out: Mapping[str, str]
    checksum: str
    warnings: tuple[str, ...]
    leakage: tuple[Suspicion, ...]


def dataset(
    table: Table,
    *,
    label: str,
    positive: str | None = None,
    time: str | None = None,
    group: str | None = None,
    drop: Sequence[str] = (),
    fairness: Sequence[str] = (),
    now: datetime,
) -> Dataset:
    """Return the data set of a table.

    Raises: DataError where a named column is not there, the label is not two-sided, or there is too little to learn.
    """
    for name in (label, *filter(None, (time, group)), *drop, *fairness):
        _known(name, table)
    warnings = [*table.warnings, *_ragged(table)]
    rows, marks, unlabelled = labels_of(table.rows, label, positive)
    if unlabelled:
        warnings.append(f"{unlabelled} rows without a {label!r} were left out")
    _enough(marks, label)
    aside = {**dict.fromkeys(drop, "dropped as asked"), label: "the label"}
    aside |= {name: "orders or groups the splits" for name in (time, group) if name}
    facts = tuple(_facts(row, aside, now) for row in rows)
    columns, left_out = _columns(facts, _names(table, aside, facts))
    found = np.array(marks, dtype=np.bool_)
    times, dated = (None, False) if time is None else _times(rows, time)
    candidates = {name: _texts(facts, name) for name in (*(each.name for each in columns), *_accusable(left_out))}
    leakage = suspicions(candidates, found)
    columns = [each for each in columns if each.name not in _identifiers(leakage)]
    return Dataset(
        columns=tuple(columns),
        label=found,
        groups=_groups(rows, columns, group),
        order=None if times is None else np.searchsorted(np.sort(times), times),
        times=times,
        dated=dated,
        facts=facts,
        watched={name: tuple(_watched(row.cells[name]) for row in rows) for name in fairness},
        left_out={**aside, **left_out, **_identifiers(leakage)},
        checksum=table.checksum,
        warnings=tuple(warnings),
        leakage=leakage,
    )


def matrix(data: Dataset) -> NDArray[np.float64]:
    """Return the columns side by side, shape (rows, columns)."""
    return np.column_stack([column.values for column in data.columns])


def _known(name: str, table: Table) -> None:
    if name in table.columns:
        return
    near = get_close_matches(name, table.columns, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(table.columns)}"
    raise DataError(f"{table.name}: has no column {name!r}; {hint}")


def _ragged(table: Table) -> Iterable[str]:
    if not table.bad_rows:
        return
    lines = ", ".join(str(row.line) for row in table.bad_rows[:5]) + (", ..." if len(table.bad_rows) > 5 else "")
    first = table.bad_rows[0]
    if len(table.bad_rows) > MOST_BAD_ROWS * len(table.rows):
        raise DataError(
            f"{table.name}:{first.line}: {first.problem}; so do {len(table.bad_rows)} rows (lines {lines}); "
            "check the delimiter and the quotes"
        )
    yield f"{len(table.bad_rows)} rows have not as many cells as the header and were left out (lines {lines})"


def _enough(marks: Sequence[bool], label: str) -> None:
    fewer = min(sum(marks), len(marks) - sum(marks))
    if fewer < FEWEST_POSITIVES:
        raise DataError(
            f"{label!r} has {sum(marks)} positives in {len(marks)} rows; at least {FEWEST_POSITIVES} of either "
            "side are needed to learn anything that lasts"
        )


def _facts(row: Row, aside: Mapping[str, str], now: datetime) -> Facts:
    cells = {name: text for name, text in row.cells.items() if name not in aside}
    return facts_of(lead_of_row(cells, now).lead, _NOTHING_DECLARED)


_NOTHING_DECLARED: Mapping[str, Attribute] = MappingProxyType({})


def _names(table: Table, aside: Mapping[str, str], facts: Sequence[Facts]) -> list[str]:
    """Return the facts that rows have, the table's own columns first; what only the clock says is left out."""
    own = [name for name in table.columns if name not in aside]
    met = dict.fromkeys(name for each in facts for name in each.values)
    dated = "created_at" in own
    return list(dict.fromkeys([*own, *(name for name in met if dated or name not in _CLOCK)]))


_CLOCK = ("created_at", "local_hour", "weekday")


def _columns(facts: Sequence[Facts], names: Sequence[str]) -> tuple[list[Column], dict[str, str]]:
    columns: list[Column] = []
    left_out: dict[str, str] = {}
    for name in names:
        values = [each.values.get(name) for each in facts]
        column = NEVER_TRAINS[name] if name in NEVER_TRAINS else _column(name, values)
        if isinstance(column, str):
            left_out[name] = column
        else:
            columns.append(column)
    if not columns:
        raise DataError("no column is left to learn from: " + "; ".join(f"{k}: {v}" for k, v in left_out.items()))
    return columns, left_out


def _column(name: str, values: Sequence[Value | None]) -> Column | str:
    """Return the column, or why it cannot train."""
    known = [value for value in values if value is not None]
    numbers = None if any(isinstance(value, bool) for value in known) else _numbers(values)
    if numbers is not None:
        different = np.unique(numbers[~np.isnan(numbers)]).size
        filled_differs = bool(np.isnan(numbers).any()) and different > 0
        return (
            Column(name=name, kind="number", values=numbers) if different > 1 or filled_differs else "always the same"
        )
    return _category(name, [_text(value) for value in values])


def _numbers(values: Sequence[Value | None]) -> NDArray[np.float64] | None:
    read = [None if value is None else coerce(value, "number") for value in values]
    if any(number is None and value is not None for number, value in zip(read, values, strict=True)):
        return None
    return np.array([np.nan if number is None else number for number in read], dtype=np.float64)


def _category(name: str, texts: Sequence[str | None]) -> Column | str:
    counts = Counter(text for text in texts if text is not None)
    if len(counts) + (None in texts) < 2:
        return "always the same" if counts else "always missing"
    kept = [level for level, count in counts.most_common(MOST_LEVELS) if count >= FEWEST_OF_A_LEVEL]
    rare = sorted(level for level in counts if level not in set(kept))
    if len(rare) > MOST_LEVELS and sum(counts[level] for level in rare) > sum(counts.values()) / 2:
        return f"free text: {len(counts)} different values, most of them rare"
    cells = {level: cell for cell, level in enumerate(sorted(kept))} | dict.fromkeys(rare, len(kept))
    codes = np.array([np.nan if text is None else cells[text] for text in texts], dtype=np.float64)
    return Column(name=name, kind="category", values=codes, levels=tuple(sorted(kept)), grouped=tuple(rare))


def _text(value: Value | None) -> str | None:
    text = None if value is None else coerce(value, "text")
    return folded(text) if isinstance(text, str) else None


def _texts(facts: Sequence[Facts], name: str) -> list[str | None]:
    return [_text(each.values.get(name)) for each in facts]


def _accusable(left_out: Mapping[str, str]) -> list[str]:
    """Return the free-text columns: identifiers stand among them, and are worth naming."""
    return [name for name, why in left_out.items() if why.startswith("free text:")]


def _identifiers(leakage: Sequence[Suspicion]) -> dict[str, str]:
    return {each.column: "an identifier" for each in leakage if each.kind == "identifier"}


def _groups(rows: Sequence[Row], columns: Sequence[Column], group: str | None) -> NDArray[np.int64]:
    """Return group numbers: by the named column, else rows with the same values in every column share one."""
    keys: list[bytes | str]
    if group is not None:
        keys = [row.cells[group].strip() or f"line {row.line}" for row in rows]
    else:
        values = np.column_stack([column.values for column in columns])
        keys = [hashlib.blake2b(line.tobytes(), digest_size=16).digest() for line in values]
    numbers: dict[bytes | str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _times(rows: Sequence[Row], time: str) -> tuple[NDArray[np.float64], bool]:
    """Return each row's time as a number, and whether it is seconds since 1970: a number, or an instant, tells it."""
    for kind in ("number", "time"):
        read = [coerce(row.cells[time], kind) for row in rows]
        if all(value is not None for value in read):
            instants = [value.timestamp() if isinstance(value, datetime) else value for value in read]
            return np.array(instants, dtype=np.float64), kind == "time"
    line = next(row.line for row in rows if coerce(row.cells[time], "time") is None)
    raise DataError(f"line {line}: {time!r} is neither a number nor a time such as 2026-03-01T09:00:00Z in every row")


def _watched(cell: str) -> str | None:
    return None if folded(cell) in MISSING else cell.strip()
