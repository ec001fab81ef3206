"""What managers are told of the agreement, in words."""

from typing import Any

import pytest

from api.worker.examples import CORRECTED
from api.worker.words import words_of
from scoring.lead import Lead
from store.events import Event, EventKind
from tests.api.builders import NOW

SALES = {
    "side": "sales",
    "promise": "give_outcome",
    "of": "all SLAs",
    "period": "2026-Q4",
    "promised": 0.9,
    "so_far": None,
    "expected": 0.71,
    "low": 0.655,
    "high": 0.8,
    "state": "in danger",
    "text": "short by 19.0 points (15.0 to 24.5)",
    "drivers": ["rep Ana: 9 of 9 broken (100%), all others 3%", "hour 17:00: half of them"],
}
DELIVERED = {
    "text": "short by 1,099 (1,080 to 1,120)",
    "promised": 1400,
    "so_far": 12,
    "expected": 301.0,
    "low": 280.0,
    "high": 320.0,
    "drivers": [],
}
PROMISED = "Promised are 90.0 %; so far it is nothing, at the end of the period probably 71.0 % (65.5 % to 80.0 %)."
MARKETING = {**SALES, "side": "marketing", "promise": "deliver", "of": "grade is 'A'", **DELIVERED}


@pytest.mark.parametrize(
    ("payload", "subject", "text"),
    [
        (
            SALES,
            "Sales' promise of 2026-Q4 is in danger: 90.0 % with an outcome in time, all SLAs",
            [
                "Short by 19.0 points (15.0 to 24.5).",
                PROMISED,
                "",
                "What drives it:",
                "  rep Ana: 9 of 9 broken (100%), all others 3%",
                "  hour 17:00: half of them",
            ],
        ),
        (
            MARKETING,
            "Marketing's promise of 2026-Q4 is in danger: 1,400 leads, grade is 'A'",
            [
                "Short by 1,099 (1,080 to 1,120).",
                "Promised are 1,400; so far it is 12, at the end of the period probably 301 (280 to 320).",
            ],
        ),
    ],
)
def test_shares_are_told_as_percentages_and_leads_as_numbers(
    payload: dict[str, Any], subject: str, text: list[str]
) -> None:
    event = Event(id="1", kind="agreement.endangered", lead_id=None, at=NOW, due_at=NOW, payload=payload)

    said = words_of(event, None)

    assert (said.subject, said.text.splitlines()) == (subject, text)


def test_the_manager_reads_whose_it_was_and_who_has_the_lead_now() -> None:
    why = "first response under SLA hot is overdue; Ben has the lead now"
    payload = {"team": "inbound", "rep": "Ana", "why": why}
    event = Event(id="e", kind="manager.notified", lead_id="l", at=NOW, due_at=None, payload=payload)

    assert words_of(event, Lead(created_at=NOW, country="DE")).text == (
        "First response under SLA hot is overdue; Ben has the lead now.\n"
        "It was up to Ana.\nThe lead comes from DE.\n\nLead l\n"
    )


@pytest.mark.parametrize(
    ("kind", "clock", "subject", "first"),
    [
        ("sla.breached", "attempts", "a lead: attempts are overdue", "The attempts were due by Tue 24 Nov 10:15 UTC"),
        ("sla.breached", "first_response", "a lead: first response is overdue", "The first response was due by"),
        ("sla.warning", "attempts", "a lead: attempts are due by Tue 24 Nov 10:15 UTC", "Ana has had this lead since"),
        ("sla.corrected", "attempts", "a lead: attempts were not overdue after all", "The attempts were due by"),
    ],
)
def test_attempts_are_several(kind: EventKind, clock: str, subject: str, first: str) -> None:
    event = Event(id="1", kind=kind, lead_id=None, at=NOW, due_at=NOW, payload={**CORRECTED, "clock": clock})

    said = words_of(event, None)

    assert (said.subject, said.text.startswith(first)) == (subject, True)
