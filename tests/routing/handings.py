"""Leads handed to sales, made by hand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from routing.handing import Handing, Kept
from rules.playbook import Duty
from scoring.lead import Value
from tests.builders import NOW, facts

KEPT: Mapping[Duty, Kept] = {"respond": "kept"}
BROKEN: Mapping[Duty, Kept] = {"respond": "broken"}
OPEN: Mapping[Duty, Kept] = {"respond": "open"}


_made = count()


def handing(at: datetime = NOW, said: Mapping[str, Value] | None = None, **over: Any) -> Handing:
    """A lead of source `form` and grade A that Ana got under SLA `hot` and answered in time, with fields instead."""
    given: dict[str, Any] = {
        "lead_id": f"lead {next(_made)}",
        "decision_id": "decision",
        "received_at": at,
        "handed_at": at,
        "assigned_at": at,
        "team": "inbound",
        "rep": "Ana",
        "sla": "hot",
        "facts": facts(**{"source": "form", "grade": "A", **(said or {})}),
        "duties": KEPT,
    }
    return Handing(**{**given, **over})


def daily(first: datetime, days: int, each: int, **over: Any) -> list[Handing]:
    """So many leads each day, an hour apart from the hour of the first."""
    return [handing(first + timedelta(days=day, hours=hour), **over) for day in range(days) for hour in range(each)]
