"""The fields of what comes in: text, instants, contact data and free attributes, each with its own clear message."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from marshmallow import fields, validate
from marshmallow.exceptions import ValidationError

from scoring.attributes import SCORED, STANDARD
from scoring.contact import country_code, normal_email
from scoring.lead import Scalar, Value

MOST_ATTRIBUTES = 200
LONGEST_NAME = 100
LONGEST_VALUE = 2_000
MOST_ITEMS = 100
LARGEST_WHOLE = 2**63 - 1
LARGEST_AMOUNT = 10**15

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
LARGEST_NUMBER = 2**31 - 1  # of a version: 32 bits on PostgreSQL
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|z|[+-][0-9]{2}:[0-9]{2})?"
)


class Text(fields.String):
    """Text of at most `longest` characters, stripped; blank text is None, or an error where the text is `needed`.

    Raises: ValidationError for anything else, for NUL and for lone surrogates (no database keeps them).
    """

    def __init__(self, longest: int, about: str, *, needed: bool = False) -> None:
        super().__init__(
            required=needed,
            allow_none=not needed,
            error_messages={"required": "required", "null": "required"},
            metadata={"description": about, "maxLength": longest},
        )
        self.longest = longest

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(f"text expected, not {kind_of(value)}")
        text = checked_text(value, self.longest)
        if text is None and self.required:
            raise self.make_error("required")
        return text


class Email(Text):
    """An e-mail address, normalised."""

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if text is None:
            return None
        email = normal_email(text)
        if email is None:
            raise ValidationError("not an e-mail address; write it like ann@company.example")
        return email


class Country(Text):
    """A country by ISO 3166 code or by name, as its alpha-2 code."""

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if text is None:
            return None
        code = country_code(text)
        if code is None:
            raise ValidationError("not a country; give its ISO 3166 code (NO) or its name (Norway)")
        return code


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant, in UTC; a time without an offset is refused, since it could be any of a day's hours."""

    def __init__(self, about: str) -> None:
        super().__init__(allow_none=True, metadata={"description": about})

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError(f"time as text expected (2026-11-24T10:00:00Z), not {kind_of(value)}")
        text = value.strip()
        if not RFC_3339.fullmatch(text):
            raise ValidationError("not an RFC 3339 time; write it like 2026-11-24T10:00:00Z")
        try:
            instant = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(f"no such time: {error}") from None
        if instant.tzinfo is None:
            raise ValidationError(f"{text} has no offset; write {text}Z if it is UTC, or {text}+01:00")
        try:
            return instant.astimezone(UTC)
        except OverflowError:
            raise ValidationError("this time cannot be expressed in UTC") from None


class Day(fields.Field[date]):
    """A day, written 2026-12-01."""

    def __init__(self, about: str) -> None:
        super().__init__(
            required=True,
            error_messages={"required": "required", "null": "required"},
            metadata={"description": f"{about}, written 2026-12-01"},
        )

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value.strip()):
            raise ValidationError("a day expected; write it like 2026-12-01")
        try:
            return date.fromisoformat(value.strip())
        except ValueError as error:
            raise ValidationError(f"no such day: {error}") from None


class Printable(Text):
    """Text of one line, without characters that cannot be seen."""

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if text is not None and not text.isprintable():
            raise ValidationError("holds characters that cannot be printed")
        return text


class Choice(Printable):
    """One of a few words."""

    def __init__(self, words: Sequence[str], about: str, *, needed: bool = True) -> None:
        super().__init__(max(map(len, words)) + 20, f"{about}: {_or(words)}", needed=needed)
        self.validators.append(validate.OneOf(words, error=f"{_or(words)} expected, not {{input!r}}"))


class Amount(fields.Field[float]):
    """An amount of money, zero or more; a number, so that nothing is guessed of commas and currencies."""

    def __init__(self, about: str) -> None:
        super().__init__(allow_none=True, metadata={"description": about})

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(f"a number expected, not {kind_of(value)}")
        if not 0 <= value <= LARGEST_AMOUNT:
            raise ValidationError(f"an amount from 0 to {LARGEST_AMOUNT:,} expected")
        return float(value)


class Cursor(Text):
    """The cursor of a page: an id, so that nothing else is looked for."""

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if text is not None and not ID.fullmatch(text):
            raise ValidationError("not a cursor that a page gave")
        return text


class Number(Text):
    """The number of a version, written as text."""

    def __init__(self, about: str) -> None:
        super().__init__(10, about)

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if text is None:
            return None
        if not NUMBER.fullmatch(text) or int(text) > LARGEST_NUMBER:
            raise ValidationError("not a cursor that a page gave")
        return int(text)


class Attributes(fields.Field[dict[str, Value]]):
    """Further attributes by name: scalars or lists of scalars; null and blank text mean missing."""

    def __init__(self, about: str) -> None:
        super().__init__(allow_none=True, metadata={"description": about})

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> dict[str, Value]:
        if not isinstance(value, Mapping):
            raise ValidationError(f"an object of names and values expected, not {kind_of(value)}")
        if len(value) > MOST_ATTRIBUTES:
            raise ValidationError(f"{len(value)} attributes; at most {MOST_ATTRIBUTES} are taken")
        kept: dict[str, Value] = {}
        errors: dict[str, list[str]] = {}
        for name, raw in value.items():
            try:
                taken = _attribute(str(name), raw)
            except ValidationError as error:
                errors[str(name)[:LONGEST_NAME]] = list(map(str, error.messages))
            else:
                if taken is not None:
                    kept[str(name).strip()] = taken
        if errors:
            raise ValidationError(dict(errors))
        return kept


def checked_text(text: str, longest: int) -> str | None:
    """The text stripped, None when nothing is left. Raises: ValidationError for text that cannot be kept."""
    if "\0" in text:
        raise ValidationError("holds a NUL character, which cannot be kept")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError("holds half a character (a lone surrogate), which cannot be kept") from None
    stripped = text.strip()
    if len(stripped) > longest:
        raise ValidationError(f"{len(stripped):,} characters; at most {longest:,} are taken")
    return stripped or None


def kind_of(value: object) -> str:
    """What a JSON value is, in words for its sender."""
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "null" if value is None else type(value).__name__)


def _or(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _attribute(name: str, value: object) -> Value | None:
    _check_name(name)
    if isinstance(value, list | tuple):
        if len(value) > MOST_ITEMS:
            raise ValidationError(f"{len(value):,} items; at most {MOST_ITEMS} are taken")
        return tuple(item for item in map(_scalar, value) if item is not None) or None
    return _scalar(value)


def _check_name(name: str) -> None:
    stripped = name.strip()
    if not stripped or len(stripped) > LONGEST_NAME or not stripped.isprintable():
        raise ValidationError(f"an attribute's name is 1 to {LONGEST_NAME} printable characters")
    if stripped in STANDARD:
        raise ValidationError(f"{stripped} is a field of the lead itself; give it beside attributes, not in it")
    if stripped in SCORED:
        raise ValidationError(f"Leadline works {stripped} out itself; give your attribute another name")


def _scalar(value: object) -> Scalar | None:
    match value:
        case None | bool():
            return value
        case int():
            return value if -LARGEST_WHOLE - 1 <= value <= LARGEST_WHOLE else _finite(value)
        case float():
            return _finite(value)
        case str():
            return checked_text(value, LONGEST_VALUE)
        case _:
            raise ValidationError(f"a scalar or a list of scalars expected, not {kind_of(value)}")


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise ValidationError("not a finite number")
    return number
