"""Webhooks, and what each of them and each person is told."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the two tables."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kinds", Document, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("disabled_at", Instant),
        sa.Column("why", sa.Text),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("details", Document, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", Instant),
        sa.Column("delivered_at", Instant),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
    )
    op.create_index("uq_deliveries_event_id", "deliveries", ["event_id", "channel", "target"], unique=True)
    op.create_index(
        "ix_deliveries_due_at",
        "deliveries",
        ["channel", "due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_deliveries_target", "deliveries", ["target", "id"])
