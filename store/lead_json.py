"""A lead as a JSON document, and back, with nothing lost."""

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from scoring.lead import Consent, Lead, Value

# What every reader of JSON takes for a whole number.
LARGEST_WHOLE = 2**63 - 1


def lead_to_json(lead: Lead) -> dict[str, object]:
    """Returns the lead's known fields; an attribute that is an instant becomes {"at": …}."""
    document = {field.name: getattr(lead, field.name) for field in fields(Lead)}
    document["created_at"] = lead.created_at.isoformat()
    document["consent"] = _consent_to_json(lead.consent)
    document["attributes"] = {name: _to_json(value) for name, value in lead.attributes.items()}
    return {name: value for name, value in document.items() if value is not None}


def lead_from_json(document: Mapping[str, Any]) -> Lead:
    """Returns the lead that `lead_to_json` wrote."""
    consent = document.get("consent")
    attributes = {name: _from_json(value) for name, value in document["attributes"].items()}
    return Lead(
        **{
            **document,
            "created_at": datetime.fromisoformat(document["created_at"]),
            "consent": None if consent is None else _consent_from_json(consent),
            "attributes": attributes,
        }
    )


def _consent_to_json(consent: Consent | None) -> dict[str, object] | None:
    """Returns a consent as JSON."""
    if consent is None:
        return None
    return {"marketing": consent.marketing, "at": None if consent.at is None else consent.at.isoformat()}


def _consent_from_json(document: Mapping[str, Any]) -> Consent:
    """Returns a consent as it was."""
    at = document["at"]
    return Consent(marketing=document["marketing"], at=None if at is None else datetime.fromisoformat(at))


def _to_json(value: Value) -> object:
    """Returns an attribute's value as JSON; what JSON has no word for is named by its kind."""
    match value:
        case datetime():
            return {"at": value.isoformat()}
        case tuple():
            return [_to_json(item) for item in value]
        case int() if abs(value) > LARGEST_WHOLE:
            return {"whole": str(value)}
        case float() if not math.isfinite(value):
            return {"number": str(value)}
        case _:
            return value


def _from_json(value: Any) -> Any:
    """Returns an attribute's value as it was."""
    match value:
        case {"at": text}:
            return datetime.fromisoformat(text)
        case {"whole": text}:
            return int(text)
        case {"number": text}:
            return float(text)
        case list():
            return tuple(_from_json(item) for item in value)
        case _:
            return value
