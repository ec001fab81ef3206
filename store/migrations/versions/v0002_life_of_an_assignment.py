"""The life of an assignment: when it was accepted and contacted, how it ended; clocks that pause and are measured."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the moves, and what assignments and clocks remember of them."""
    _moves()
    for column in (
        sa.Column("accepted_at", Instant),
        sa.Column("contacted_at", Instant),
        sa.Column("reason", sa.Text),
        sa.Column("amount", sa.Float),
    ):
        op.add_column("assignments", column)
    for column in (
        sa.Column("target", sa.Integer),
        sa.Column("paused_at", Instant),
        sa.Column("paused_seconds", sa.Float),
        sa.Column("breached_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("elapsed_seconds", sa.Float),
    ):
        op.add_column("clocks", column)


def _moves() -> None:
    """Everything that is done with assignments."""
    op.create_table(
        "moves",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("assignment_id", sa.Text, sa.ForeignKey("assignments.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("details", Document, nullable=False),
    )
    op.create_index("ix_moves_lead_id", "moves", ["lead_id", "id"])
    op.create_index("ix_moves_assignment_id", "moves", ["assignment_id", "kind"])
