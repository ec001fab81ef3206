"""What is still to be done, and what the outside is still to be told."""

from sqlalchemy import Column, ForeignKey, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# reference is the id of what the work is about: a clock, an assignment, an event.
due_work = Table(
    "due_work",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lead_id", Text, ForeignKey("leads.id")),
    Column("reference", Text, nullable=False),
    Column("payload", Document, nullable=False),
    index("ix_due_work_due_at", "due_at"),
    index("ix_due_work_reference", "reference"),
)

# The outbox. due_at is when the event is next to be handed on; missing once it has been.
events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("lead_id", Text, ForeignKey("leads.id")),
    Column("at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("payload", Document, nullable=False),
    index("ix_events_lead_id", "lead_id", "id"),
    index("ix_events_due_at", "due_at", where="due_at IS NOT NULL"),
)
