"""Playbooks with the cases they were tested by."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the cases to each kept playbook."""
    op.add_column("playbook_versions", sa.Column("cases", sa.Text))
