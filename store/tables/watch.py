"""What is watched: versions beside each other and in silence, drift and the agreement as last measured."""

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Integer, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# A candidate scores in silence from started_at to ended_at; at most one does at a time.
shadows = Table(
    "shadows",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, ForeignKey("model_versions.name"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("author", Text, nullable=False),
    index("uq_shadows_running", "started_at", where="ended_at IS NULL", unique=True),
)

# What a shadow says of a decision. Not tied to decisions: when a person is erased the figures stay, and say nothing of
# whose they were. error is why it could not say anything.
shadow_scores = Table(
    "shadow_scores",
    metadata,
    Column("decision_id", Text, primary_key=True),
    Column("name", Text, ForeignKey("model_versions.name"), primary_key=True),
    Column("probability", Float),
    Column("fit", Float),
    Column("score", Float),
    Column("grade", Text),
    Column("qualified", Boolean),
    Column("error", Text),
    index("ix_shadow_scores_name", "name", "decision_id"),
)

drifts = Table(
    "drifts",
    metadata,
    Column("name", Text, ForeignKey("model_versions.name"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("document", Document, nullable=False),
)

# One row.
agreements = Table(
    "agreements",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("document", Document, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# A candidate beside the version that served when it was trained, on rows that only the machine that trained it has.
comparisons = Table(
    "comparisons",
    metadata,
    Column("first", Text, ForeignKey("model_versions.name"), primary_key=True),
    Column("second", Text, ForeignKey("model_versions.name"), primary_key=True),
    Column("document", Document, nullable=False),
)
