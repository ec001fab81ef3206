"""A lead: who asked, what they said of themselves, what they did, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

Scalar = str | int | float | bool
Value = Scalar | datetime | tuple[Scalar, ...]

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """Whether the person agreed to marketing, and when they said so."""

    marketing: bool
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """One person's interest, as far as it is known; every field but `created_at` may be missing.

    `email`, `phone` and `country` are normalised (lower-case address, E.164, ISO 3166 alpha-2).
    `created_at` is aware. `attributes` holds any further names.
    """

    created_at: datetime
    email: str | None = None
    phone: str | None = None
    external_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    website: str | None = None
    country: str | None = None
    source: str | None = None
    campaign: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    message: str | None = None
    consent: Consent | None = None
    attributes: Mapping[str, Value] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError(f"created_at {self.created_at} has no time zone; pass an aware datetime")


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """One thing the person did: its kind (a key of the playbook's activities) and its aware instant."""

    kind: str
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"activity {self.kind} at {self.at} has no time zone; pass an aware datetime")
