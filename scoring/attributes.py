"""The attributes of a lead that rules and models may name, and how a value takes an attribute's kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

from scoring.lead import Scalar, Value

Kind = Literal["text", "number", "flag", "time", "list"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """A declared attribute: its kind, where it comes from, and one line of description for editors.

    `stage` says who may test it: `lead` attributes everyone, `score` facts (probability, fit, engagement)
    rules and routes, `verdict` facts (score, grade, qualified, tags) routes only. Models learn from `lead` alone.
    """

    kind: Kind
    about: str
    stage: Literal["lead", "score", "verdict"] = "lead"


STANDARD: Mapping[str, Attribute] = MappingProxyType(
    {
        "email": Attribute(kind="text", about="E-mail address, lower-case"),
        "phone": Attribute(kind="text", about="Phone number, E.164"),
        "external_id": Attribute(kind="text", about="The caller's own identifier of the person"),
        "first_name": Attribute(kind="text", about="First name"),
        "last_name": Attribute(kind="text", about="Last name"),
        "company": Attribute(kind="text", about="Company name as given"),
        "title": Attribute(kind="text", about="Job title as given"),
        "website": Attribute(kind="text", about="Web address of the company"),
        "country": Attribute(kind="text", about="Country, ISO 3166 alpha-2 code"),
        "source": Attribute(kind="text", about="What brought the lead: demo_request, webinar, ..."),
        "campaign": Attribute(kind="text", about="Campaign of the marketing calendar"),
        "utm_source": Attribute(kind="text", about="utm_source of the landing page"),
        "utm_medium": Attribute(kind="text", about="utm_medium of the landing page"),
        "utm_campaign": Attribute(kind="text", about="utm_campaign of the landing page"),
        "utm_term": Attribute(kind="text", about="utm_term of the landing page"),
        "utm_content": Attribute(kind="text", about="utm_content of the landing page"),
        "message": Attribute(kind="text", about="What the person wrote"),
        "consent": Attribute(kind="flag", about="Whether the person agreed to marketing"),
        "created_at": Attribute(kind="time", about="When the lead was created"),
    }
)

DERIVED: Mapping[str, Attribute] = MappingProxyType(
    {
        "email_domain": Attribute(kind="text", about="The part of the e-mail address behind the @"),
        "email_kind": Attribute(kind="text", about="company, free, disposable or role"),
        "seniority": Attribute(kind="text", about="Read off the title: executive, vp, director, manager, staff"),
        "department": Attribute(
            kind="text", about="Read off the title: engineering, it, marketing, people, sales, ..."
        ),
        "local_hour": Attribute(kind="number", about="Hour of day where the lead is, when it was created"),
        "weekday": Attribute(kind="text", about="mon to sun, where the lead is, when it was created"),
        "has_phone": Attribute(kind="flag", about="Whether a phone number is known"),
        "message_length": Attribute(kind="number", about="Characters in the message"),
    }
)

SCORED: Mapping[str, Attribute] = MappingProxyType(
    {
        "probability": Attribute(kind="number", about="Calibrated P(converts), 0 to 1", stage="score"),
        "fit": Attribute(kind="number", about="Percentile of the probability, 0 to 100", stage="score"),
        "engagement": Attribute(kind="number", about="Decayed activity points, 0 to 100", stage="score"),
        "score": Attribute(kind="number", about="Weighted fit and engagement plus rules, 0 to 100", stage="verdict"),
        "grade": Attribute(kind="text", about="Letter of the score", stage="verdict"),
        "qualified": Attribute(kind="flag", about="Whether the lead is a marketing-qualified lead", stage="verdict"),
        "tags": Attribute(kind="list", about="Tags that rules put on the lead", stage="verdict"),
    }
)

BUILT_IN: Mapping[str, Attribute] = MappingProxyType({**STANDARD, **DERIVED, **SCORED})

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FLAGS = MappingProxyType(
    {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
)


def coerce(value: Value, kind: Kind) -> Value | None:
    """The value as its attribute's kind has it; None where the two clash.

    Web forms send text, so text is read as a number, a flag (yes, no, true, false, on, off, 1, 0) or a time
    (RFC 3339, UTC where it names no offset) as the kind asks; a list of one is that one. A number becomes text as
    people write it (1200, never 1200.0) and a scalar a list of one. A flag is not a number, nor is NaN.
    """
    if kind != "list" and isinstance(value, tuple):
        return _READERS[kind](value[0]) if len(value) == 1 else None
    return _READERS[kind](value)


def _text(value: Value) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if isinstance(value, tuple) else _written(value)


def _written(number: float) -> str | None:
    """The number as people write it; None for NaN and for an integer too long to be written."""
    if number != number:
        return None
    if isinstance(number, float) and not (number.is_integer() and abs(number) < 1e16):
        return repr(number)
    try:
        return str(int(number))
    except ValueError:  # Python refuses to write integers of more than 4,300 digits
        return None


def _number(value: Value) -> float | None:
    if isinstance(value, str):
        digits = value.strip()
        return float(digits) if _DECIMAL.fullmatch(digits) else None
    if isinstance(value, bool | datetime | tuple) or value != value:
        return None
    return value


def _flag(value: Value) -> bool | None:
    if isinstance(value, str):
        return _FLAGS.get(value.strip().casefold())
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    return None


def _time(value: Value) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _list(value: Value) -> tuple[Scalar, ...] | None:
    if isinstance(value, datetime):
        return (value.isoformat(),)
    return value if isinstance(value, tuple) else (value,)


_READERS: Mapping[Kind, Callable[[Value], Value | None]] = MappingProxyType(
    {"text": _text, "number": _number, "flag": _flag, "time": _time, "list": _list}
)
