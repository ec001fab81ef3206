"""Weights by which a month's leads are shared, so that a change of them is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Adds the weight; teams go on evenly from here."""
    op.add_column("shares", sa.Column("weight", sa.Float))
