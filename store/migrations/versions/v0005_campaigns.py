"""Campaigns that marketing plans."""

import sqlalchemy as sa
from alembic import op

from store.columns import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("expected_leads", sa.Integer, nullable=False),
        sa.Column("deadline", sa.Boolean, nullable=False),
        sa.Column("utm_campaign", sa.Text),
        sa.Column("about", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("planned_at", Instant, nullable=False),
        sa.Column("announcement_id", sa.Text),
    )
