"""Sample leads that arrive through the HTTP doors: forms as websites post them, leads and activities as a CRM does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from random import Random
from urllib.parse import urlencode, urlsplit

from api.errors import ArrivalError
from scoring.attributes import STANDARD
from scoring.lead import Lead
from training.rows import lead_of_row
from training.sample import sample_activities, sample_rows

PATIENCE = 30.0
FORM_SHARE = 0.6
OUTCOME = "converted"

Filled = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """Where the leads go, and the keys that open the doors there."""

    url: str
    form_key: str
    crm_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One sample lead: what it says of itself, and what it did before it came."""

    fields: Filled
    attributes: Filled
    activities: tuple[Filled, ...]


def arrivals(count: int, seed: int, now: datetime) -> tuple[Arrival, ...]:
    """Sample leads that come now, the same for the same seed; outcomes are not known yet, so they are left out."""
    return tuple(_arrival(row, seed, now) for row in sample_rows(count, seed, newest=now))


def arrive(doors: Doors, expected: Sequence[Arrival], seed: int) -> Iterator[None]:
    """Sends one lead each time it is asked: most through the form, the others as a CRM with their activities.

    Raises: ArrivalError when a door does not take one.
    """
    chance = Random(seed)
    with _Caller(doors) as caller:
        for number, arrival in enumerate(expected, start=1):
            if "email" in arrival.fields and chance.random() < FORM_SHARE:
                caller.post_form(arrival)
            else:
                caller.post_lead(arrival, f"sample-{seed}-{number}")
            yield


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
    )


def _fields(lead: Lead) -> Filled:
    names = [name for name in STANDARD if name not in {"created_at", "consent"}]
    return {name: value for name in names if (value := getattr(lead, name)) is not None}


class _Caller:
    """One connection to the doors."""

    def __init__(self, doors: Doors) -> None:
        parts = urlsplit(doors.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._doors = doors
        self._prefix = parts.path.rstrip("/")
        self._connection = kind(parts.netloc, timeout=PATIENCE)

    def __enter__(self) -> "_Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def post_form(self, arrival: Arrival) -> None:
        """Posts a lead the way a browser posts a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        body = urlencode({**arrival.fields, **arrival.attributes})
        self._post(f"/v1/forms/{self._doors.form_key}/leads", body, headers, expected=303)

    def post_lead(self, arrival: Arrival, external_id: str) -> None:
        """Posts a lead and what it did the way a CRM does."""
        lead = {"external_id": external_id, **arrival.fields, "attributes": arrival.attributes}
        answer = json.loads(self._post("/v1/leads", json.dumps(lead), self._crm(), expected=201))
        if arrival.activities:
            path = f"/v1/leads/{answer['lead_id']}/activities"
            self._post(path, json.dumps(arrival.activities), self._crm(), expected=202)

    def _crm(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "Authorization": f"Bearer {self._doors.crm_key}"}

    def _post(self, path: str, body: str, headers: Mapping[str, str], *, expected: int) -> bytes:
        try:
            self._connection.request("POST", self._prefix + path, body.encode(), dict(headers))
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            raise ArrivalError(f"{self._doors.url} does not answer: {error}") from error
        if response.status != expected:
            raise ArrivalError(f"POST {path} answered {response.status}: {answer[:300].decode(errors='replace')}")
        return answer
