"""Leads that are kept, as callers see them."""

from dataclasses import fields

from marshmallow import Schema

from api.answer_fields import instant, listed, mapping, nested, text
from api.decision_documents import DecisionSchema
from api.schemas import STATES, ConsentSchema
from scoring.lead import Lead
from store.listing import Kept


def lead_document(kept: Kept) -> dict[str, object]:
    """A kept lead as callers see it: its fields, its state, its latest decision, who has it, by when to respond."""
    return {
        "id": kept.id,
        "state": kept.state,
        "received_at": kept.created_at,
        "updated_at": kept.updated_at,
        **_fields(kept.lead),
        "team": kept.team,
        "rep": kept.rep,
        "respond_by": kept.respond_by,
        "decision": kept.decision,
    }


def _fields(lead: Lead) -> dict[str, object]:
    values = {field.name: getattr(lead, field.name) for field in fields(Lead)}
    return values | {
        "consent": {"marketing": lead.consent.marketing, "at": lead.consent.at} if lead.consent else None,
        "attributes": dict(lead.attributes),
    }


class KeptLeadSchema(Schema):
    """A lead that is kept."""

    id = text("The lead's id")
    state = text(STATES)
    received_at = instant("When the lead first came in")
    updated_at = instant("When it last changed")
    created_at = instant("When the lead came to be, as its sender said")
    email = text("E-mail address", none=True)
    phone = text("Phone number, E.164", none=True)
    external_id = text("The caller's own identifier", none=True)
    first_name = text("First name", none=True)
    last_name = text("Last name", none=True)
    company = text("Company name", none=True)
    title = text("Job title", none=True)
    website = text("Web address", none=True)
    country = text("ISO 3166 alpha-2 code", none=True)
    source = text("What brought the lead", none=True)
    campaign = text("Campaign of the marketing calendar", none=True)
    utm_source = text("utm_source", none=True)
    utm_medium = text("utm_medium", none=True)
    utm_campaign = text("utm_campaign", none=True)
    utm_term = text("utm_term", none=True)
    utm_content = text("utm_content", none=True)
    message = text("What the person wrote", none=True)
    consent = nested(ConsentSchema, "Consent", none=True)
    attributes = mapping("Further attributes by name")
    team = text("The team that has it, or null", none=True)
    rep = text("The rep who has it, or null", none=True)
    respond_by = instant("When the first response is due, or was; null: none is owed, or the lead is held", none=True)
    decision = nested(DecisionSchema, "The latest", none=True)


class PageSchema(Schema):
    """A page of leads, newest first."""

    leads = listed(KeptLeadSchema, "The leads")
    cursor = text("Pass it as ?cursor= for the next page; null at the end", none=True)


class ReceiptSchema(Schema):
    """That something was received."""

    id = text("The id of what was received; it tells nothing of the person")


PAGE = PageSchema()
RECEIPT = ReceiptSchema()
