"""What marketing plans: campaigns, and whom they will surprise if nobody is told."""

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text

from store.columns import Instant
from store.tables.base import metadata

# announcement_id is the event that tells sales of the campaign; its days are those of the agreement's time zone.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("expected_leads", Integer, nullable=False),
    Column("deadline", Boolean, nullable=False),
    Column("utm_campaign", Text),
    Column("about", Text),
    Column("author", Text, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("announcement_id", Text),
    Column("cancelled_at", Instant),
)
