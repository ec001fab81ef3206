"""Who is told of what happens, and each thing that they are told."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# kinds are the events it wants; secret is kept as it is, since every delivery is signed with it.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("kinds", Document, nullable=False),
    Column("shape", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("why", Text),
)

# One row for each event and each one who is told of it: target is a webhook's id, or an e-mail address. due_at is when
# it is next to be tried, missing once it need not be: while one worker tries, it lies behind the time that may take.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event_id", Text, ForeignKey("events.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("details", Document, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", Instant),
    Column("delivered_at", Instant),
    Column("status", Integer),
    Column("error", Text),
    index("uq_deliveries_event_id", "event_id", "channel", "target", unique=True),
    index("ix_deliveries_due_at", "channel", "due_at", where="due_at IS NOT NULL"),
    index("ix_deliveries_target", "target", "id"),
)
