"""What can be read off a lead's own fields."""

from zoneinfo import ZoneInfo

from scoring.contact import email_domain, email_kind
from scoring.lead import Lead, Value
from scoring.title import department, seniority
from scoring.zones import zone_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def derived_of(lead: Lead) -> dict[str, Value]:
    """The derived attributes of a lead by name; what cannot be derived is absent, `has_phone` never is."""
    derived: dict[str, Value | None] = {"has_phone": lead.phone is not None}
    if lead.email is not None:
        derived |= {"email_domain": email_domain(lead.email), "email_kind": email_kind(lead.email)}
    if lead.title is not None:
        derived |= {"seniority": seniority(lead.title), "department": department(lead.title)}
    if lead.message is not None:
        derived["message_length"] = len(lead.message)
    zone = zone_of(lead.country, lead.phone)
    if zone is not None:
        local = lead.created_at.astimezone(ZoneInfo(zone))
        derived |= {"local_hour": local.hour, "weekday": WEEKDAYS[local.weekday()]}
    return {name: value for name, value in derived.items() if value is not None}
