"""Makes a lead of a row: the same for training and for batch scoring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from scoring.attributes import coerce
from scoring.contact import country_code, normal_email, normal_phone
from scoring.lead import Consent, Lead, Value
from training.table import MISSING, Cell, text_of

PLAIN_FIELDS = (
    "external_id",
    "first_name",
    "last_name",
    "company",
    "title",
    "website",
    "source",
    "campaign",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "message",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowLead:
    """The lead of a row, and what of the row could not be read (the lead goes without it)."""

    lead: Lead
    problems: tuple[str, ...]


def lead_of_row(cells: Mapping[str, Cell], now: datetime) -> RowLead:
    """Return the lead of a row; a column named as a field of a lead is that field, any other an attribute.

    Cells that say nothing (blank, Select, N/A, ...) are missing. A row without created_at came in `now`.
    """
    known = {name: value for name, cell in cells.items() if (value := known_value(name, cell)) is not None}
    problems: list[str] = []

    def field(name: str, country: str | None = None) -> Any:
        read = read_field(name, known[name], country) if name in known else NOTHING_READ
        problems.extend([read.problem] if read.problem else [])
        return read.value

    country, consent = field("country"), field("consent")
    lead = Lead(
        created_at=field("created_at") or now,
        email=field("email"),
        phone=field("phone", country),
        country=country,
        consent=None if consent is None else Consent(marketing=consent),
        attributes={name: value for name, value in known.items() if name not in FIELDS},
        **{name: text_of(known.get(name)) or None for name in PLAIN_FIELDS},
    )
    return RowLead(lead=lead, problems=tuple(problems))


def known_value(name: str, cell: Cell) -> Value | None:
    """Return what a cell says, without outer spaces; None where it says nothing."""
    if not isinstance(cell, str):
        return None if cell is None or cell == () else cell
    text = cell.strip()
    # NA is Namibia.
    return None if text.casefold() in MISSING and not (name == "country" and text.casefold() == "na") else text


class ReadField(NamedTuple):
    """A field that has a form of its own, or what is wrong with it."""

    value: Value | None = None
    problem: str | None = None


NOTHING_READ = ReadField()


def read_field(name: str, value: Value, country: str | None = None) -> ReadField:
    """Return one of READ_FIELDS from what a cell says; `country` helps to read a phone number."""
    read, problem = _READERS[name]
    found = read(value, country)
    return ReadField(found, f"{name}: {text_of(value)[:80]!r} {problem}" if found is None else None)


def _email(value: Value, _: str | None) -> Value | None:
    return normal_email(text_of(value))


def _phone(value: Value, country: str | None) -> Value | None:
    return normal_phone(text_of(value), country)


def _country(value: Value, _: str | None) -> Value | None:
    return country_code(text_of(value))


def _consent(value: Value, _: str | None) -> Value | None:
    return coerce(value, "flag")


def _created_at(value: Value, _: str | None) -> Value | None:
    at = coerce(value, "time")
    return at.astimezone(UTC) if isinstance(at, datetime) else None


_READERS: Mapping[str, tuple[Callable[[Value, str | None], Value | None], str]] = MappingProxyType(
    {
        "email": (_email, "is no e-mail address"),
        "phone": (_phone, "is no phone number; write +49 30 1234567, or name the country"),
        "country": (_country, "is no ISO 3166 code or name"),
        "consent": (_consent, "is neither yes nor no"),
        "created_at": (_created_at, "is no time such as 2026-03-01T09:00:00Z"),
    }
)
READ_FIELDS = tuple(_READERS)
FIELDS = frozenset((*PLAIN_FIELDS, *READ_FIELDS))
