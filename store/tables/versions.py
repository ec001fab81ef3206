"""Playbooks and models: every version, and which is in force."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# cases: the YAML of the cases by which a version was tested; NULL where it came into force untested.
playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("cases", Text),
)

# Every time a version came into force, first publishing and going back alike.
publications = Table(
    "publications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, ForeignKey("playbook_versions.number"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("because", Text, nullable=False),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("document", Document, nullable=False),
    index("uq_model_versions_champion", "state", where="state = 'champion'", unique=True),
)

# rolled_back: this one took the version before it out of force, and is no step forward itself.
promotions = Table(
    "promotions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, ForeignKey("model_versions.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("rolled_back", Boolean),
)

# One row. revision grows with every change of playbook, model or key, so one look tells a replica that it is stale.
in_force = Table(
    "in_force",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("playbook", Integer, ForeignKey("playbook_versions.number")),
    CheckConstraint("id = 1", name="one_row"),
)
