"""Long work that was asked for, how far it is and what came of it."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the two tables."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("params", Document, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("doing", sa.Text),
        sa.Column("cursor", Document),
        sa.Column("result", Document),
        sa.Column("error", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("started_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("cancelling", sa.Boolean, nullable=False),
    )
    where = sa.text("key IS NOT NULL")
    op.create_index("uq_jobs_key", "jobs", ["key"], unique=True, sqlite_where=where, postgresql_where=where)
    still = sa.text("ended_at IS NULL")
    op.create_index("ix_jobs_open", "jobs", ["state", "id"], sqlite_where=still, postgresql_where=still)
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
