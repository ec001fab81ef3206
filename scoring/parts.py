"""What a model reads off an attribute that no table can hold whole: the parts of a date, the measures of a text."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, get_args

from scoring.attributes import coerce
from scoring.derived import WEEKDAYS
from scoring.facts import Facts, with_values
from scoring.lead import Value

PartKind = Literal["month", "weekday", "hour", "age_days", "length", "words"]
PART_KINDS: tuple[PartKind, ...] = get_args(PartKind)
OF_A_DATE: tuple[PartKind, ...] = ("month", "weekday", "hour", "age_days")
OF_A_TEXT: tuple[PartKind, ...] = ("length", "words")

# How dates are written but for RFC 3339, which is always read; of two that fit the first is taken.
_DAYS = ("%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m/%d/%y", "%d.%m.%y")
WRITTEN: tuple[str, ...] = tuple(day + time for day in _DAYS for time in ("", " %H:%M", " %H:%M:%S"))

# A text says no more by being longer.
LONGEST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing that is read off the attribute `of` and known to the model as `name`.

    `written` is how its dates are written, as strptime has it, beside RFC 3339.
    """

    name: str
    of: str
    kind: PartKind
    written: str = ""


def with_parts(facts: Facts, parts: Sequence[Part]) -> Facts:
    """The facts with what the parts read off them; what cannot be read is missing."""
    if not parts:
        return facts
    read = {part.name: read_part(part, facts.values) for part in parts}
    return with_values(facts, {name: value for name, value in read.items() if value is not None})


def read_part(part: Part, values: Mapping[str, Value]) -> Value | None:
    """What a part reads off a lead's values; `age_days` counts whole days up to when the lead was created."""
    value = values.get(part.of)
    if value is None:
        return None
    if part.kind == "age_days":
        created, instant = values.get("created_at"), instant_of(value, part.written)
        return _days(created - instant) if isinstance(created, datetime) and instant is not None else None
    return _READERS[part.kind](value, part.written)


def instant_of(value: Value, written: str) -> datetime | None:
    """The instant that a value is or is written as, UTC where it names no offset; None where it is none."""
    return _read(value.strip(), written) if isinstance(value, str) else _aware(coerce(value, "time"))


def _days(span: timedelta) -> int:
    return math.floor(span / timedelta(days=1))


# A batch of leads holds the same days again and again.
@lru_cache(maxsize=4096)
def _read(text: str, written: str) -> datetime | None:
    found = _aware(coerce(text, "time"))
    if found is not None or not written:
        return found
    try:
        return datetime.strptime(text, written).replace(tzinfo=UTC)
    except ValueError:
        return None


def _aware(value: Value | None) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _month(value: Value, written: str) -> Value | None:
    instant = instant_of(value, written)
    return None if instant is None else instant.month


def _weekday(value: Value, written: str) -> Value | None:
    instant = instant_of(value, written)
    return None if instant is None else WEEKDAYS[instant.weekday()]


def _hour(value: Value, written: str) -> Value | None:
    instant = instant_of(value, written)
    return None if instant is None else instant.hour


def _length(value: Value, _: str) -> Value | None:
    text = coerce(value, "text")
    return min(len(text.strip()), LONGEST_TEXT) if isinstance(text, str) else None


def _words(value: Value, _: str) -> Value | None:
    text = coerce(value, "text")
    return min(len(text.split()), LONGEST_TEXT) if isinstance(text, str) else None


_READERS: Mapping[PartKind, Callable[[Value, str], Value | None]] = MappingProxyType(
    {"month": _month, "weekday": _weekday, "hour": _hour, "length": _length, "words": _words}
)
