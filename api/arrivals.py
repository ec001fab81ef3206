"""Sample leads that arrive through the HTTP doors: forms as websites post them, leads and activities as a CRM does.

Sales works them meanwhile, and gives back what became of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from api.caller import Caller, Doors
from api.selling import Sales
from scoring.attributes import STANDARD
from scoring.lead import Lead
from training.rows import lead_of_row
from training.sample import sample_activities, sample_rows

FORM_SHARE = 0.6
OUTCOME = "converted"

Filled = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One sample lead: what it says of itself, what it did before it came, and what it keeps to itself: if it buys."""

    fields: Filled
    attributes: Filled
    activities: tuple[Filled, ...]
    buys: bool


def arrivals(count: int, seed: int, now: datetime) -> tuple[Arrival, ...]:
    """Sample leads that come now, the same for the same seed."""
    return tuple(_arrival(row, seed, now) for row in sample_rows(count, seed, newest=now))


def arrive(doors: Doors, expected: Sequence[Arrival], seed: int) -> Iterator[bool]:
    """Does one thing each time it is asked, and says if a lead came in by it; if not, sales did something with one.

    Most leads come through the form, the others from a CRM with their activities. When all are in, sales finishes
    what it has begun. Raises: ArrivalError when a door does not answer as it should.
    """
    chance, sales = Random(seed), Sales(Random(seed + 1))
    with Caller(doors) as caller:
        for number, arrival in enumerate(expected, start=1):
            if "email" in arrival.fields and chance.random() < FORM_SHARE:
                caller.post_form({**arrival.fields, **arrival.attributes})
                found = caller.find(arrival.fields["email"])
                lead_id = found["id"] if found and found["rep"] else None
            else:
                lead_id = _assigned(_posted(caller, arrival, f"sample-{seed}-{number}"))
            if lead_id is not None:
                sales.take(lead_id, number, buys=arrival.buys)
            yield True
            while sales.work(caller, number):
                yield False
        while sales.work(caller, None):
            yield False


def _posted(caller: Caller, arrival: Arrival, external_id: str) -> Any:
    """What is decided of a lead and of what it did, sent the way a CRM does."""
    lead = {"external_id": external_id, **arrival.fields, "attributes": arrival.attributes}
    decision = caller.post("/v1/leads", lead, 201)
    if arrival.activities:
        decision = caller.post(f"/v1/leads/{decision['lead_id']}/activities", arrival.activities, 202)
    return decision


def _assigned(decision: Any) -> str | None:
    """The id of a lead that a rep has; None for any other."""
    return decision["lead_id"] if decision["route"] and decision["route"]["rep"] else None


def _arrival(row: Filled, seed: int, now: datetime) -> Arrival:
    given = {name: text for name, text in row.items() if name != OUTCOME}
    lead = lead_of_row(given, now).lead
    age = now - datetime.fromisoformat(row["created_at"])
    activities = (
        {"kind": each["kind"], "at": (datetime.fromisoformat(each["at"]) + age).isoformat()}
        for each in sample_activities(row, seed)
    )
    return Arrival(
        fields=_fields(lead),
        attributes={name: str(value) for name, value in lead.attributes.items()},
        activities=tuple(activities),
        buys=row[OUTCOME] == "1",
    )


def _fields(lead: Lead) -> Filled:
    names = [name for name in STANDARD if name not in {"created_at", "consent"}]
    return {name: value for name in names if (value := getattr(lead, name)) is not None}
