"""Long work that was asked for, the files sent with it, and their rows that could not be taken in."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# key keeps a job of a schedule from being asked for twice. turn grows each time the job is begun or put back: only the
# last turn may say how far it is or how it ended. cursor is where a turn goes on from.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text),
    Column("params", Document, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("progress", Float, nullable=False),
    Column("doing", Text),
    Column("cursor", Document),
    Column("result", Document),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("turn", Integer, nullable=False),
    Column("cancelling", Boolean, nullable=False),
    index("uq_jobs_key", "key", where="key IS NOT NULL", unique=True),
    index("ix_jobs_open", "state", "id", where="ended_at IS NULL"),
)

# A file that was sent with a job; it goes when the job ends. erased has the identity of each person erased meanwhile.
job_files = Table(
    "job_files",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("erased", Document, nullable=False, server_default="[]"),
)

# Rows of an imported file that could not be taken in, with their cells as text.
job_rejects = Table(
    "job_rejects",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("problem", Text, nullable=False),
    Column("cells", Document, nullable=False),
)
