"""The agreement as it was last measured."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the table of one row."""
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
