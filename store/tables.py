"""The tables. Text ids sort by the time of their making; instants are UTC; documents are JSON."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from store.columns import Document, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """Returns an index, partial where `where` is given, the same on both databases."""
    if where is None:
        return Index(name, *columns, unique=unique)
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


# email, phone and external_id hold what identifies the person; the document holds what the person gave.
# decision_id has no foreign key: decisions point at leads, and a circle could not be written in order.
leads = Table(
    "leads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text),
    Column("phone", Text),
    Column("external_id", Text),
    Column("company_domain", Text),
    Column("document", Document, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("decision_id", Text),
    Column("score", Float),
    Column("grade", Text),
    Column("qualified", Boolean),
    _index("uq_leads_email", "email", where="email IS NOT NULL", unique=True),
    _index("uq_leads_phone", "phone", where="phone IS NOT NULL", unique=True),
    _index("uq_leads_external_id", "external_id", where="external_id IS NOT NULL", unique=True),
    _index("ix_leads_state", "state", "id"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("key_id", Text),
    Column("form", Text),
    Column("body", Document, nullable=False),
    Column("notes", Document, nullable=False),
    _index("ix_submissions_lead_id", "lead_id", "id"),
)

activities = Table(
    "activities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    _index("ix_activities_lead_id", "lead_id", "at"),
)

# lead is the person as known when it was decided: what a replay and a label of training are made from.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("leads.id"), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("score", Float, nullable=False),
    Column("grade", Text, nullable=False),
    Column("qualified", Boolean, nullable=False),
    Column("route", Text),
    Column("team", Text),
    Column("model", Text, nullable=False),
    Column("playbook", Integer, nullable=False),
    Column("lead", Document, nullable=False),
    Column("document", Document, nullable=False),
    _index("ix_decisions_lead_id", "lead_id", "id"),
    _index("ix_decisions_decided_at", "decided_at"),
)

# A lead has at most one open assignment; rep is missing while the lead waits in the team's queue.
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
    _index("uq_assignments_open", "lead_id", where="ended_at IS NULL", unique=True),
    _index("ix_assignments_lead_id", "lead_id", "id"),
    _index("ix_assignments_rep", "team", "rep", where="ended_at IS NULL"),
    _index("ix_assignments_account", "team", "company_domain", "assigned_at", where="company_domain IS NOT NULL"),
)

# One row for each rep and period: a month (2026-11) for fair shares, a day (2026-11-24) and a week (2026-W48)
# for capacity. Counted under the team's lock.
shares = Table(
    "shares",
    metadata,
    Column("team", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("rep", Text, primary_key=True),
    Column("assigned", Integer, nullable=False),
    Column("credit", Float, nullable=False),
    Column("last_assigned_at", Instant),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rep", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    _index("ix_absences_ends_at", "ends_at"),
)

# calendar is the calendar the clock counts in, as it was when the clock started; missing: all time counts.
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
    _index("uq_clocks_assignment_id", "assignment_id", "kind", unique=True),
    _index("ix_clocks_lead_id", "lead_id"),
)

# reference is the id of what the work is about: a clock, an assignment, an event.
due_work = Table(
    "due_work",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lead_id", Text, ForeignKey("leads.id")),
    Column("reference", Text, nullable=False),
    Column("payload", Document, nullable=False),
    Column("leased_until", Instant),
    _index("ix_due_work_due_at", "due_at"),
    _index("ix_due_work_reference", "reference"),
)

# The outbox. due_at is when the event is next to be handed on; missing once it has been.
events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("lead_id", Text, ForeignKey("leads.id")),
    Column("at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("payload", Document, nullable=False),
    _index("ix_events_lead_id", "lead_id", "id"),
    _index("ix_events_due_at", "due_at", where="due_at IS NOT NULL"),
)

playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("because", Text, nullable=False),
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
    _index("uq_model_versions_champion", "state", where="state = 'champion'", unique=True),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, ForeignKey("model_versions.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("because", Text, nullable=False),
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

# text is kept for form keys alone: they stand in the source of public pages.
keys = Table(
    "keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("text", Text),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    _index("uq_keys_sha256", "sha256", unique=True),
)

answers = Table(
    "answers",
    metadata,
    Column("key_id", Text, ForeignKey("keys.id"), primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
