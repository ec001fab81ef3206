"""Models in live traffic: which promotions went back, what a shadow says, drift as last measured."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds what shadows say and how far leads have drifted; promotions remember whether they went back."""
    op.add_column("promotions", sa.Column("rolled_back", sa.Boolean))
    _shadows()
    op.create_table(
        "drifts",
        sa.Column("name", sa.Text, sa.ForeignKey("model_versions.name"), primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("document", Document, nullable=False),
    )


def _shadows() -> None:
    """Which candidates score in silence, and what they say."""
    op.create_table(
        "shadows",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, sa.ForeignKey("model_versions.name"), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("author", sa.Text, nullable=False),
    )
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_shadows_running", "shadows", ["started_at"], unique=True, sqlite_where=running, postgresql_where=running
    )
    op.create_table(
        "shadow_scores",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, sa.ForeignKey("model_versions.name"), primary_key=True),
        sa.Column("probability", sa.Float),
        sa.Column("fit", sa.Float),
        sa.Column("score", sa.Float),
        sa.Column("grade", sa.Text),
        sa.Column("qualified", sa.Boolean),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_shadow_scores_name", "shadow_scores", ["name", "decision_id"])
