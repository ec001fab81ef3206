"""People who were erased while a file that was sent with a job waits."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds whom to leave out to each file."""
    op.add_column("job_files", sa.Column("erased", Document, nullable=False, server_default="[]"))
