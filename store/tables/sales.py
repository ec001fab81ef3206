"""Who has a lead, what was done with it, and the promises that run."""

from sqlalchemy import Column, Float, ForeignKey, Integer, Table, Text

from store.columns import Document, Instant
from store.tables.base import index, metadata

# A lead has at most one open assignment; rep is missing while the lead waits in the team's queue. reason is why it was
# rejected or lost, amount what it was won for.
assignments = Table(
    "assignments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("decision_id", Text, ForeignKey("decisions.id"), nullable=False),
    Column("route", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("rep", Text),
    Column("state", Text, nullable=False),
    Column("why", Document, nullable=False),
    Column("company_domain", Text),
    Column("received_at", Instant, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("accepted_at", Instant),
    Column("contacted_at", Instant),
    Column("reason", Text),
    Column("amount", Float),
    index("uq_assignments_open", "lead_id", where="ended_at IS NULL", unique=True),
    index("ix_assignments_lead_id", "lead_id", "id"),
    index("ix_assignments_rep", "team", "rep", where="ended_at IS NULL"),
    index("ix_assignments_account", "team", "company_domain", "assigned_at", where="company_domain IS NOT NULL"),
)

# Everything that was done with an assignment: accepted, contacted, rejected and so on; details say how and why.
moves = Table(
    "moves",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("details", Document, nullable=False),
    index("ix_moves_lead_id", "lead_id", "id"),
    index("ix_moves_assignment_id", "assignment_id", "kind"),
)

# One row for each rep and period: a month (2026-11) for fair shares, a day (2026-11-24) and a week (2026-W48)
# for capacity. Counted under the team's lock. weight is what the month is shared by; missing for who is not of the
# team.
shares = Table(
    "shares",
    metadata,
    Column("team", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("rep", Text, primary_key=True),
    Column("assigned", Integer, nullable=False),
    Column("credit", Float, nullable=False),
    Column("last_assigned_at", Instant),
    Column("weight", Float),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rep", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    index("ix_absences_ends_at", "ends_at"),
)

# calendar is the calendar the clock counts in, as it was when the clock started; missing: all time counts. Seconds are
# of working time: paused_seconds so far, elapsed_seconds without pauses when what was promised was done, late or not.
# target is how many attempts are promised.
clocks = Table(
    "clocks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("assignment_id", Text, ForeignKey("assignments.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("sla", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("warn_at", Document, nullable=False),
    Column("calendar", Document),
    Column("target", Integer),
    Column("paused_at", Instant),
    Column("paused_seconds", Float),
    Column("breached_at", Instant),
    Column("ended_at", Instant),
    Column("elapsed_seconds", Float),
    index("uq_clocks_assignment_id", "assignment_id", "kind", unique=True),
    index("ix_clocks_lead_id", "lead_id"),
)
