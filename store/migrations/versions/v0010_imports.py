"""Rows of an imported file that could not be taken in."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "job_rejects",
        sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("cells", Document, nullable=False),
    )
