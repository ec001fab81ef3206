"""The tables. Text ids sort by the time of their making; instants are UTC; documents are JSON."""

from store.tables.access import answers, keys
from store.tables.base import metadata
from store.tables.campaigns import campaigns
from store.tables.jobs import job_files, job_rejects, jobs
from store.tables.later import due_work, events
from store.tables.outgoing import deliveries, webhooks
from store.tables.people import activities, decisions, leads, submissions
from store.tables.sales import absences, assignments, clocks, moves, shares
from store.tables.versions import in_force, model_versions, playbook_versions, promotions, publications
from store.tables.watch import agreements, comparisons, drifts, shadow_scores, shadows

__all__ = [
    "absences",
    "activities",
    "agreements",
    "answers",
    "assignments",
    "campaigns",
    "clocks",
    "comparisons",
    "decisions",
    "deliveries",
    "drifts",
    "due_work",
    "events",
    "in_force",
    "job_files",
    "job_rejects",
    "jobs",
    "keys",
    "leads",
    "metadata",
    "model_versions",
    "moves",
    "playbook_versions",
    "promotions",
    "publications",
    "shadow_scores",
    "shadows",
    "shares",
    "submissions",
    "webhooks",
]
