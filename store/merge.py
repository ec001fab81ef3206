"""One person out of what was known and what was just sent."""

from dataclasses import fields, replace

from scoring.lead import Consent, Lead

TAKEN_APART = ("created_at", "consent", "attributes")


def merged(old: Lead, new: Lead) -> Lead:
    """Returns the lead with new values over old ones; what the new one leaves out stays.

    Attributes merge by name, the earlier `created_at` stays, and a consent gives way to a later one only.
    """
    given = {field.name: getattr(new, field.name) for field in fields(Lead) if field.name not in TAKEN_APART}
    return replace(
        old,
        **{name: value for name, value in given.items() if value is not None},
        created_at=min(old.created_at, new.created_at),
        consent=_later(old.consent, new.consent),
        attributes={**old.attributes, **new.attributes},
    )


def _later(old: Consent | None, new: Consent | None) -> Consent | None:
    """Returns the consent that counts: the later one where both say when, else the new one."""
    if old is None or new is None:
        return new or old
    if old.at is not None and new.at is not None and new.at < old.at:
        return old
    return new
