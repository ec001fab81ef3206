"""What can be read off a lead's own fields."""

from scoring.lead import Lead, Value


def derived_of(lead: Lead) -> dict[str, Value]:
    """The derived attributes of a lead by name; what cannot be derived is absent."""
    values: dict[str, Value] = {"has_phone": lead.phone is not None}
    if lead.message:
        values["message_length"] = len(lead.message)
    return values
