"""The attributes of a lead that rules and models may name, and how a value takes an attribute's kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

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
        "department": Attribute(kind="text", about="Read off the title: engineering, it, marketing, sales, ..."),
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
