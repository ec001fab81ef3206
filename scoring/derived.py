"""What can be read off a lead's own fields."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scoring.contact import email_domain, email_kind
from scoring.lead import Lead, Value
from scoring.title import department, seniority
from scoring.zones import zone_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def derived_of(lead: Lead) -> dict[str, Value]:
    """The derived attributes of a lead by name; what cannot be derived is absent, `has_phone` never is."""
    derived: dict[str, Value] = {}
    for name, (fields, read) in DERIVATIONS.items():
        value = read(*[getattr(lead, field) for field in fields])
        if value is not None:
            derived[name] = value
    return derived


def _local(country: str | None, phone: str | None, created_at: datetime) -> datetime | None:
    zone = zone_of(country, phone)
    return None if zone is None else created_at.astimezone(_clock(zone))


# ZoneInfo itself remembers eight; the others would be read from their files again and again.
@cache
def _clock(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def _local_hour(country: str | None, phone: str | None, created_at: datetime) -> int | None:
    local = _local(country, phone, created_at)
    return None if local is None else local.hour


def _weekday(country: str | None, phone: str | None, created_at: datetime) -> str | None:
    local = _local(country, phone, created_at)
    return None if local is None else WEEKDAYS[local.weekday()]


# Each derived attribute: the fields it is read off, and how.
DERIVATIONS: Mapping[str, tuple[tuple[str, ...], Callable[..., Value | None]]] = MappingProxyType(
    {
        "has_phone": (("phone",), lambda phone: phone is not None),
        "email_domain": (("email",), lambda email: None if email is None else email_domain(email)),
        "email_kind": (("email",), lambda email: None if email is None else email_kind(email)),
        "seniority": (("title",), lambda title: None if title is None else seniority(title)),
        "department": (("title",), lambda title: None if title is None else department(title)),
        "message_length": (("message",), lambda message: None if message is None else len(message)),
        "local_hour": (("country", "phone", "created_at"), _local_hour),
        "weekday": (("country", "phone", "created_at"), _weekday),
    }
)
