"""Examples of every kind of event, to see templates by: one with all that there can be, and one with little."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from scoring.lead import Lead
from store.events import Event, EventKind

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LEAD_ID = "01a20cff-7d00-7000-8000-02e10b22d0dd"
EVENT_ID = "01a20cff-7d00-7000-8000-06c4d5e6f708"
FULL = Lead(
    created_at=AT,
    email="ann@big.example",
    phone="+4930901820",
    external_id="crm-4711",
    first_name="Ann",
    last_name="Berg",
    company="Big",
    title="VP Engineering",
    website="https://big.example",
    country="DE",
    source="demo_request",
    campaign="Autumn fair",
    utm_source="newsletter",
    utm_medium="email",
    utm_campaign="autumn-fair",
    utm_term="lead scoring",
    utm_content="button",
    message="We would like to see it this week.",
    attributes={"employees": 4000, "segment": "enterprise"},
)
SPARSE = Lead(created_at=AT, phone="+4930901820")

ABOUT = {"lead_id": LEAD_ID, "assignment_id": "01a20cff-7d00-7000-8000-0387a09c2e5b"}
DECISION = {
    "id": "01a20cff-7d00-7000-8000-01d2b1a95c33",
    "lead_id": LEAD_ID,
    "decided_at": "2026-11-24T10:00:00+00:00",
    "probability": 0.41,
    "fit": 88.2,
    "engagement": 40.0,
    "score": 81.5,
    "grade": "A",
    "qualified": True,
    "disqualified": None,
    "tags": ["hot", "decision-maker"],
    "reasons": [
        {"kind": "base", "name": "average", "value": None, "points": 37.5, "text": "The average lead"},
        {"kind": "attribute", "name": "employees", "value": 4000, "points": 36.0, "text": "employees is 4000"},
        {
            "kind": "rule",
            "name": "enterprise",
            "value": None,
            "points": 8.0,
            "text": "enterprise: they buy the large plan",
        },
    ],
    "rules": [{"name": "enterprise", "because": "They buy the large plan", "effects": {"add": 8.0}}],
    "route": {
        "name": "enterprise-emea",
        "team": "emea-enterprise",
        "rep": "Ana",
        "why": "Ana has the largest shortfall from a fair share of this month's leads: Ana 1.50, Ben 0.75",
    },
    "sla": {"name": "hot", "respond_by": "2026-11-24T10:15:00+00:00", "warn_at": ["2026-11-24T10:12:00+00:00"]},
    "stays": None,
    "model": "2026-11-24.1",
    "playbook": 7,
}
UNQUALIFIED = {"score": 12.0, "grade": "D", "qualified": False, "tags": [], "reasons": [], "rules": [], "route": None}
RESTS = "rests until 2027-02-22 09:00 CET (bad timing); it comes back by itself then"
CLOCK = {"clock": "first_response", "sla": "hot", "due_at": "2026-11-24T10:15:00+00:00"}
PROMISE = {
    **ABOUT,
    **CLOCK,
    "team": "emea-enterprise",
    "rep": "Ana",
    "started_at": "2026-11-24T10:00:00+00:00",
}
CORRECTED = {**PROMISE, "breached_at": "2026-11-24T10:15:00.1+00:00", "done_at": "2026-11-24T10:09:00+00:00"}
ESCALATED = {
    **ABOUT,
    **CLOCK,
    "team": "emea-enterprise",
    "rep": "Ana",
    "breached_at": "2026-11-24T10:15:00.1+00:00",
    "person": "Vera",
    "email": "vera@leadline.example",
}
OUTCOME = {**ABOUT, "team": "emea-enterprise", "rep": "Ana", "outcome": "won", "reason": None, "amount": 12000.0}
QUEUE: Mapping[str, Any] = {"rep": None}
RECYCLED = {
    **ABOUT,
    "team": "emea-enterprise",
    "rep": "Ana",
    "outcome": "rejected",
    "reason": "bad timing",
    "rested_since": "2026-08-26T10:00:00+00:00",
}
NOTIFIED = {
    **ABOUT,
    "team": "emea-enterprise",
    "manager": "Mara",
    "rep": "Ana",
    "why": "first response under SLA hot is overdue; Ben has the lead now",
}
QUEUED = {**NOTIFIED, **QUEUE, "why": "nobody can take this lead; it waits in the queue"}
PUBLISHED = {
    "playbook": 7,
    "replaces": 6,
    "at": "2026-11-24T10:00:00+00:00",
    "by": "Oda",
    "because": "Berlin takes Austria",
}
PROMOTED = {
    "version": "2026-11-24.1",
    "before": "2026-10-01.1",
    "by": "Oda",
    "because": "It knows the winter",
    "at": "2026-11-24T10:00:00+00:00",
    "rolled_back": False,
}
DISABLED = {
    "webhook": "01a20cff-7d00-7000-8000-05e5b0a1b2c3",
    "url": "https://crm.example/leadline",
    "why": "12 attempts failed, the last with: answered 500 Internal Server Error",
}
UNREACHED = {
    "to": "ana@leadline.example",
    "about": "lead.assigned",
    "delivery": "01a20cff-7d00-7000-8000-07d1e2f3a4b5",
    "why": "the mail server answered 550 5.1.1 <ana@leadline.example>: user unknown",
}
DIGEST = {
    "team": "emea-enterprise",
    "day": "2026-11-24",
    "since": "2026-11-23T08:00:00+00:00",
    "until": "2026-11-24T08:00:00+00:00",
    "assigned": 5,
    "in_time": 4,
    "broken": 1,
    "overdue": 1,
    "queued": 2,
    "reps": [
        {"rep": "Ana", "assigned": 3, "in_time": 3, "broken": 0, "overdue": 0, "away_until": None},
        {
            "rep": "Ben",
            "assigned": 2,
            "in_time": 1,
            "broken": 1,
            "overdue": 1,
            "away_until": "2026-11-25T08:00:00+00:00",
        },
    ],
}
QUIET = {"assigned": 0, "in_time": 0, "broken": 0, "overdue": 0, "queued": 0, "reps": []}
CAMPAIGN = {
    "campaign_id": "01a20cff-7d00-7000-8000-04b1cf2f4f1e",
    "name": "Autumn fair",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-09",
    "expected_leads": 90,
    "deadline": True,
    "utm_campaign": "autumn-fair",
    "about": "Manufacturers who asked for the price list.",
    "author": "Max",
    "changed": True,
}
CANCELLED = {name: value for name, value in CAMPAIGN.items() if name != "changed"}
BARE_CAMPAIGN = {"deadline": False, "utm_campaign": None, "about": None, "changed": False}
AGREED = {
    "side": "sales",
    "promise": "respond",
    "so_far": 0.9,
    "of": "SLA hot",
    "period": "2026-11",
    "per": "month",
    "promised": 0.95,
    "expected": 0.91,
    "low": 0.88,
    "high": 0.94,
    "from_campaigns": None,
    "likely": 0.02,
    "state": "in danger",
    "text": "short by 4.0 points (1.0 to 7.0)",
    "drivers": ["rep Ben: 5 of 9 broken (56%), all others 3%"],
}
DELIVERED = {
    "side": "marketing",
    "promise": "deliver",
    "so_far": 12,
    "of": "grade is 'A'",
    "text": "short by 99 (80 to 120)",
    "promised": 400,
    "expected": 301.0,
    "low": 280.0,
    "high": 320.0,
    "from_campaigns": 80.0,
    "drivers": [],
}

# The same names in both; what differs is which of them say something.
PAYLOADS: Mapping[EventKind, tuple[Mapping[str, Any], Mapping[str, Any]]] = MappingProxyType(
    {
        "lead.scored": (
            DECISION,
            {**DECISION, **UNQUALIFIED, "disqualified": "competitor", "sla": None, "stays": RESTS},
        ),
        "lead.assigned": (DECISION, {**DECISION, "tags": [], "reasons": []}),
        "lead.outcome": (OUTCOME, {**OUTCOME, "outcome": "lost", "reason": "too expensive", "amount": None}),
        "lead.recycled": (RECYCLED, {**RECYCLED, "outcome": "lost"}),
        "sla.warning": (PROMISE, {**PROMISE, **QUEUE}),
        "sla.breached": (PROMISE, {**PROMISE, **QUEUE}),
        "sla.corrected": (CORRECTED, {**CORRECTED, **QUEUE}),
        "sla.escalated": (ESCALATED, {**ESCALATED, **QUEUE}),
        "manager.notified": (NOTIFIED, QUEUED),
        "playbook.published": (PUBLISHED, {**PUBLISHED, "replaces": None}),
        "model.promoted": (PROMOTED, {**PROMOTED, "before": None, "because": ""}),
        "webhook.disabled": (DISABLED, DISABLED),
        "mail.failed": (UNREACHED, UNREACHED),
        "digest.day": (DIGEST, {**DIGEST, **QUIET}),
        "campaign.announced": (CAMPAIGN, {**CAMPAIGN, **BARE_CAMPAIGN}),
        "campaign.cancelled": (CANCELLED, {**CANCELLED, "utm_campaign": None, "about": None}),
        "agreement.endangered": (AGREED, {**AGREED, **DELIVERED}),
    }
)


def examples(kind: EventKind) -> Iterator[tuple[Event, Lead | None, str | None]]:
    """Two events of a kind, each with its lead and who has it now: one says all there can be, one little."""
    for payload, lead, holder in zip(PAYLOADS[kind], (FULL, SPARSE), ("Ben", None), strict=True):
        known = "lead_id" in payload
        event = Event(id=EVENT_ID, kind=kind, lead_id=LEAD_ID if known else None, at=AT, due_at=None, payload=payload)
        yield event, lead if known else None, holder if known else None
