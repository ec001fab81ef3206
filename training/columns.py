"""Makes columns that train of what leads say: each of the type found or asked for, as the scorecard will see it."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.attributes import SCORED, coerce
from scoring.facts import Facts, with_values
from scoring.lead import Value
from scoring.lookup import folded
from scoring.parts import OF_A_DATE, OF_A_TEXT, WRITTEN, Part, instant_of, read_part
from training.table import DataError

ColumnType = Literal["number", "category", "date", "text"]

FEWEST_OF_A_LEVEL = 10
MOST_LEVELS = 30

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
# What may be asked of them all the same.
ALLOWED: Mapping[str, ColumnType] = MappingProxyType({"title": "text", "message": "text", "created_at": "date"})
FREE_TEXT = "free text"


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """A column that trains.

    `values` has one float a row, NaN where missing: the number, or the index of the category's cell. Cell i is
    `levels[i]` (folded as categories compare); the cell after them holds the rare levels named in `grouped`.
    `part` says how it is read off an attribute where it is none itself.
    """

    name: str
    kind: Literal["number", "category"]
    values: NDArray[np.float64]
    levels: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()
    part: Part | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the analyst asks for: types in place of those found, and free texts to be measured."""

    types: Mapping[str, ColumnType] = field(default_factory=dict)
    text: Collection[str] = ()

    def type_of(self, name: str) -> ColumnType | None:
        """Return the type that is asked for; None where the one found will do."""
        return "text" if name in self.text else self.types.get(name)

    def check(self, names: Sequence[str]) -> None:
        """Raise DataError where something is asked of what is no column that may train."""
        for name in (*self.types, *self.text):
            if name not in names:
                near = get_close_matches(name, names, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
                raise DataError(f"there is no column {name!r} to learn from; {hint}")
            if name in NEVER_TRAINS and self.type_of(name) != ALLOWED.get(name):
                raise DataError(f"{name!r} never trains: {NEVER_TRAINS[name]}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """What became of the attributes: columns that train, why others do not, each one's type, and the facts by row.

    The facts hold what was read off attributes, as the scorecard sees it.
    """

    columns: tuple[Column, ...]
    left_out: Mapping[str, str]
    types: Mapping[str, ColumnType]
    facts: tuple[Facts, ...]
    warnings: tuple[str, ...]


def read_columns(facts: Sequence[Facts], names: Sequence[str], asked: Asked, *, dated: bool) -> Read:
    """Return the columns of the attributes of these names; `dated` says whether it is known when the leads came."""
    columns: list[Column] = []
    left_out: dict[str, str] = {}
    types: dict[str, ColumnType] = {}
    warnings: list[str] = []
    seen = list(facts)
    for name in names:
        values = [each.values.get(name) for each in facts]
        kind = asked.type_of(name)
        if name in NEVER_TRAINS and kind is None:
            left_out[name] = NEVER_TRAINS[name]
            continue
        types[name] = kind or found_type(values)
        made = _made(name, values, types[name], asked, facts, dated)
        if isinstance(made, str):
            left_out[name] = made
            continue
        columns += made
        seen = _with_parts(seen, made)
        if any(column.part for column in made):
            verb = "trains" if len(made) == 1 else "train"
            left_out[name] = f"a {types[name]}; {', '.join(column.name for column in made)} {verb}"
        warnings += _unreadable(name, values, made[0]) if kind in ("number", "date") else []
    return Read(columns=tuple(columns), left_out=left_out, types=types, facts=tuple(seen), warnings=tuple(warnings))


def found_type(values: Sequence[Value | None]) -> ColumnType:
    """Return what the values look like: numbers, dates, categories, or text that hardly repeats."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, datetime) for value in known):
        return "date"
    if not any(isinstance(value, bool) for value in known) and _numbers(known) is not None:
        return "number"
    if written_as(known) is not None:
        return "date"
    counts = Counter(text for value in known if (text := category_text(value)) is not None)
    kept = set(_kept(counts))
    rare = [count for level, count in counts.items() if level not in kept]
    return "text" if len(rare) > MOST_LEVELS and sum(rare) > sum(counts.values()) / 2 else "category"


def written_as(values: Sequence[Value]) -> str | None:
    """Return how dates are written (blank for RFC 3339) where all of the values are dates; None where they are none."""
    return next((written for written in ("", *WRITTEN) if values and _all_dates(values, written)), None)


def category_text(value: Value | None) -> str | None:
    """Return a value as categories compare; None where it is missing or has no text."""
    text = None if value is None else coerce(value, "text")
    return folded(text) if isinstance(text, str) else None


def _all_dates(values: Sequence[Value], written: str) -> bool:
    return all(instant_of(value, written) is not None for value in values)


def _made(
    name: str, values: Sequence[Value | None], kind: ColumnType, asked: Asked, facts: Sequence[Facts], dated: bool
) -> list[Column] | str:
    """Return the columns of an attribute, or why it cannot train."""
    match kind:
        case "number":
            found = _number(name, values)
        case "category":
            found = _category(name, [category_text(value) for value in values])
        case "date":
            written = written_as([value for value in values if value is not None]) or _mostly(values)
            kinds = [each for each in OF_A_DATE if dated or each != "age_days"]
            parts = [Part(name=f"{name}.{each}", of=name, kind=each, written=written) for each in kinds]
            return _parts(parts, facts) or "a date that never changes"
        case "text":
            if name not in asked.text:
                different = len({category_text(value) for value in values} - {None})
                return f"{FREE_TEXT}: {different} different values; --text learns from its length and words"
            parts = [Part(name=f"{name}.{each}", of=name, kind=each) for each in OF_A_TEXT]
            return _parts(parts, facts) or "always the same"
    return found if isinstance(found, str) else [found]


def _mostly(values: Sequence[Value | None]) -> str:
    """Return how most of the values are written as dates."""
    known = [value for value in values if value is not None]
    return max(("", *WRITTEN), key=lambda written: sum(instant_of(value, written) is not None for value in known))


def _parts(parts: Sequence[Part], facts: Sequence[Facts]) -> list[Column]:
    """Return a column for each part that differs between rows."""
    columns: list[Column] = []
    for part in parts:
        values = [read_part(part, each.values) for each in facts]
        texts = [category_text(value) for value in values]
        found = _category(part.name, texts) if part.kind == "weekday" else _number(part.name, values)
        if isinstance(found, Column):
            columns.append(replace(found, part=part))
    return columns


def _with_parts(facts: Sequence[Facts], columns: Sequence[Column]) -> list[Facts]:
    parts = [column.part for column in columns if column.part is not None]
    if not parts:
        return list(facts)
    read = [{part.name: read_part(part, each.values) for part in parts} for each in facts]
    return [
        with_values(each, {name: value for name, value in values.items() if value is not None})
        for each, values in zip(facts, read, strict=True)
    ]


def _unreadable(name: str, values: Sequence[Value | None], column: Column) -> list[str]:
    lost = sum(value is not None for value in values) - int((~np.isnan(column.values)).sum())
    kind = "numbers" if column.part is None else "dates"
    return [f"{lost} values of {name!r} are no {kind}, so they count as missing"] if lost else []


def _number(name: str, values: Sequence[Value | None]) -> Column | str:
    numbers = np.array([_as_number(value) for value in values], dtype=np.float64)
    different = np.unique(numbers[~np.isnan(numbers)]).size
    if different + bool(np.isnan(numbers).any()) < 2:
        return "always the same" if different else "always missing"
    return Column(name=name, kind="number", values=numbers)


def _as_number(value: Value | None) -> float:
    number = None if value is None else coerce(value, "number")
    if not isinstance(number, int | float):
        return math.nan
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _numbers(known: Sequence[Value]) -> list[Value] | None:
    read = [coerce(value, "number") for value in known]
    return None if any(number is None for number in read) else [number for number in read if number is not None]


def _category(name: str, texts: Sequence[str | None]) -> Column | str:
    counts = Counter(text for text in texts if text is not None)
    if len(counts) + (None in texts) < 2:
        return "always the same" if counts else "always missing"
    kept = sorted(_kept(counts))
    rare = sorted(counts.keys() - set(kept))
    cells = {level: cell for cell, level in enumerate(kept)} | dict.fromkeys(rare, len(kept))
    codes = np.array([np.nan if text is None else cells[text] for text in texts], dtype=np.float64)
    return Column(name=name, kind="category", values=codes, levels=tuple(kept), grouped=tuple(rare))


def _kept(counts: Counter[str]) -> list[str]:
    """Return the levels that get a cell of their own."""
    return [level for level, count in counts.most_common(MOST_LEVELS) if count >= FEWEST_OF_A_LEVEL]
