"""Candidates beside the version that served when they were trained."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds what a comparison came to where the rows are."""
    op.create_table(
        "comparisons",
        sa.Column("first", sa.Text, sa.ForeignKey("model_versions.name"), primary_key=True),
        sa.Column("second", sa.Text, sa.ForeignKey("model_versions.name"), primary_key=True),
        sa.Column("document", Document, nullable=False),
    )
