"""Due work is done in the transaction that takes it off the list, so it is never leased."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Drops the column."""
    op.drop_column("due_work", "leased_until")
