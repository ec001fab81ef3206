"""The first tables: people, decisions, assignments, clocks, outgoing events, versions and keys."""

import sqlalchemy as sa
from alembic import op

from store.columns import Document, Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables and the one row of what is in force."""
    _people()
    _decisions()
    _assignments()
    _clocks()
    _versions()
    _doors()
    op.execute("INSERT INTO in_force (id, revision) VALUES (1, 0)")


def _index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    """Makes an index, partial where `where` is given."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _people() -> None:
    """Leads and what they sent and did."""
    op.create_table(
        "leads",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("external_id", sa.Text),
        sa.Column("company_domain", sa.Text),
        sa.Column("document", Document, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("decision_id", sa.Text),
        sa.Column("score", sa.Float),
        sa.Column("grade", sa.Text),
        sa.Column("qualified", sa.Boolean),
    )
    _index("uq_leads_email", "leads", "email", where="email IS NOT NULL", unique=True)
    _index("uq_leads_phone", "leads", "phone", where="phone IS NOT NULL", unique=True)
    _index("uq_leads_external_id", "leads", "external_id", where="external_id IS NOT NULL", unique=True)
    _index("ix_leads_state", "leads", "state", "id")
    op.create_table(
        "submissions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("key_id", sa.Text),
        sa.Column("form", sa.Text),
        sa.Column("body", Document, nullable=False),
        sa.Column("notes", Document, nullable=False),
    )
    _index("ix_submissions_lead_id", "submissions", "lead_id", "id")
    op.create_table(
        "activities",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
    )
    _index("ix_activities_lead_id", "activities", "lead_id", "at")


def _decisions() -> None:
    """What was decided."""
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("qualified", sa.Boolean, nullable=False),
        sa.Column("route", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("playbook", sa.Integer, nullable=False),
        sa.Column("lead", Document, nullable=False),
        sa.Column("document", Document, nullable=False),
    )
    _index("ix_decisions_lead_id", "decisions", "lead_id", "id")
    _index("ix_decisions_decided_at", "decisions", "decided_at")


def _assignments() -> None:
    """Who has a lead, and what everyone's share is."""
    op.create_table(
        "assignments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("decision_id", sa.Text, sa.ForeignKey("decisions.id"), nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("rep", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", Document, nullable=False),
        sa.Column("company_domain", sa.Text),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("assigned_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    _index("uq_assignments_open", "assignments", "lead_id", where="ended_at IS NULL", unique=True)
    _index("ix_assignments_lead_id", "assignments", "lead_id", "id")
    _index("ix_assignments_rep", "assignments", "team", "rep", where="ended_at IS NULL")
    _index(
        "ix_assignments_account",
        "assignments",
        "team",
        "company_domain",
        "assigned_at",
        where="company_domain IS NOT NULL",
    )
    op.create_table(
        "shares",
        sa.Column("team", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("rep", sa.Text, primary_key=True),
        sa.Column("assigned", sa.Integer, nullable=False),
        sa.Column("credit", sa.Float, nullable=False),
        sa.Column("last_assigned_at", Instant),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("rep", sa.Text, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
    )
    _index("ix_absences_ends_at", "absences", "ends_at")


def _clocks() -> None:
    """Promises that run, work that falls due, events that go out."""
    op.create_table(
        "clocks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id"), nullable=False),
        sa.Column("assignment_id", sa.Text, sa.ForeignKey("assignments.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sla", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("warn_at", Document, nullable=False),
        sa.Column("calendar", Document),
    )
    _index("uq_clocks_assignment_id", "clocks", "assignment_id", "kind", unique=True)
    _index("ix_clocks_lead_id", "clocks", "lead_id")
    op.create_table(
        "due_work",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id")),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("payload", Document, nullable=False),
        sa.Column("leased_until", Instant),
    )
    _index("ix_due_work_due_at", "due_work", "due_at")
    _index("ix_due_work_reference", "due_work", "reference")
    op.create_table(
        "events",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("lead_id", sa.Text, sa.ForeignKey("leads.id")),
        sa.Column("at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("payload", Document, nullable=False),
    )
    _index("ix_events_lead_id", "events", "lead_id", "id")
    _index("ix_events_due_at", "events", "due_at", where="due_at IS NOT NULL")


def _versions() -> None:
    """Playbooks and models, and which of them are in force."""
    op.create_table(
        "playbook_versions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, sa.ForeignKey("playbook_versions.number"), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
    )
    op.create_table(
        "model_versions",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("document", Document, nullable=False),
    )
    _index("uq_model_versions_champion", "model_versions", "state", where="state = 'champion'", unique=True)
    op.create_table(
        "promotions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, sa.ForeignKey("model_versions.name"), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
    )
    op.create_table(
        "in_force",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("playbook", sa.Integer, sa.ForeignKey("playbook_versions.number")),
        sa.CheckConstraint("id = 1", name="one_row"),
    )


def _doors() -> None:
    """Keys, and answers that were given under an idempotency key."""
    op.create_table(
        "keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )
    _index("uq_keys_sha256", "keys", "sha256", unique=True)
    op.create_table(
        "answers",
        sa.Column("key_id", sa.Text, sa.ForeignKey("keys.id"), primary_key=True),
        sa.Column("idempotency_key", sa.Text, primary_key=True),
        sa.Column("request_sha256", sa.Text, nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
