"""Who came: leads, what they sent and did, what was decided of them."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# email, phone and external_id hold what identifies the person; the document holds what the person gave.
# decision_id has no foreign key: decisions point at leads, and a circle could not be written in order.
leads = Table(
    "leads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text),
    Column("phone", Text),
    Column("external_id", Text),
    Column("company_domain", Text),
    Column("document", Document, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("decision_id", Text),
    Column("score", Float),
    Column("grade", Text),
    Column("qualified", Boolean),
    index("uq_leads_email", "email", where="email IS NOT NULL", unique=True),
    index("uq_leads_phone", "phone", where="phone IS NOT NULL", unique=True),
    index("uq_leads_external_id", "external_id", where="external_id IS NOT NULL", unique=True),
    index("ix_leads_state", "state", "id"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("key_id", Text),
    Column("form", Text),
    Column("body", Document, nullable=False),
    Column("notes", Document, nullable=False),
    index("ix_submissions_lead_id", "lead_id", "id"),
)

activities = Table(
    "activities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    index("ix_activities_lead_id", "lead_id", "at"),
)

# lead is the person as known when it was decided: what a replay and a label of training are made from.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("score", Float, nullable=False),
    Column("grade", Text, nullable=False),
    Column("qualified", Boolean, nullable=False),
    Column("route", Text),
    Column("team", Text),
    Column("model", Text, nullable=False),
    Column("playbook", Integer, nullable=False),
    Column("lead", Document, nullable=False),
    Column("document", Document, nullable=False),
    index("ix_decisions_lead_id", "lead_id", "id"),
    index("ix_decisions_decided_at", "decided_at"),
)
