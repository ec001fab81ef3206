"""Makes a lead of a row of text: the same for training and for batch scoring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from scoring.attributes import coerce
from scoring.contact import country_code, normal_email, normal_phone
from scoring.lead import Consent, Lead, Value
from training.table import MISSING

V = TypeVar("V", bound=Value)

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
READ_FIELDS = ("email", "phone", "country", "consent", "created_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class RowLead:
    """The lead of a row, and what of the row could not be read (the lead goes without it)."""

    lead: Lead
    problems: tuple[str, ...]


def lead_of_row(cells: Mapping[str, str], now: datetime) -> RowLead:
    """Return the lead of a row; a column named as a field of a lead is that field, any other an attribute.

    Cells that say nothing (blank, Select, N/A, ...) are missing. A row without created_at came in `now`.
    """
    known = {name: text.strip() for name, text in cells.items() if _is_known(name, text)}
    reader = _Reader(known)
    country = reader.country()
    lead = Lead(
        created_at=reader.created_at() or now,
        email=reader.email(),
        phone=reader.phone(country),
        country=country,
        consent=reader.consent(),
        attributes={name: text for name, text in known.items() if name not in (*PLAIN_FIELDS, *READ_FIELDS)},
        **{name: known.get(name) for name in PLAIN_FIELDS},
    )
    return RowLead(lead=lead, problems=tuple(reader.problems))


def _is_known(name: str, text: str) -> bool:
    said = text.strip().casefold()
    return said not in MISSING or (name == "country" and said == "na")  # NA is Namibia


class _Reader:
    """Reads the fields that have a form of their own, noting what does not have it."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._known = known

    def email(self) -> str | None:
        text = self._known.get("email")
        return None if text is None else self._or_note(normal_email(text), "email", text, "is no e-mail address")

    def phone(self, country: str | None) -> str | None:
        text = self._known.get("phone")
        if text is None:
            return None
        hint = "is no phone number; write +49 30 1234567, or name the country"
        return self._or_note(normal_phone(text, country), "phone", text, hint)

    def country(self) -> str | None:
        text = self._known.get("country")
        return (
            None if text is None else self._or_note(country_code(text), "country", text, "is no ISO 3166 code or name")
        )

    def consent(self) -> Consent | None:
        text = self._known.get("consent")
        if text is None:
            return None
        agreed = self._or_note(coerce(text, "flag"), "consent", text, "is neither yes nor no")
        return None if agreed is None else Consent(marketing=bool(agreed))

    def created_at(self) -> datetime | None:
        text = self._known.get("created_at")
        if text is None:
            return None
        at = self._or_note(coerce(text, "time"), "created_at", text, "is no time such as 2026-03-01T09:00:00Z")
        return at.astimezone(UTC) if isinstance(at, datetime) else None

    def _or_note(self, value: V | None, name: str, text: str, problem: str) -> V | None:
        if value is None:
            self.problems.append(f"{name}: {text[:80]!r} {problem}")
        return value
