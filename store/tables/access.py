"""Keys, and the answers kept for requests that may come again."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from store.columns import Instant
from store.tables.base import index, metadata

# text is kept for form keys alone: they stand in the source of public pages.
keys = Table(
    "keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("text", Text),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    index("uq_keys_sha256", "sha256", unique=True),
)

answers = Table(
    "answers",
    metadata,
    Column("key_id", Text, ForeignKey("keys.id"), primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
