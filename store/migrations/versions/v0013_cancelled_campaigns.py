"""Campaigns that were taken back."""

import sqlalchemy as sa
from alembic import op

from store.columns import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Adds when that was."""
    op.add_column("campaigns", sa.Column("cancelled_at", Instant))
