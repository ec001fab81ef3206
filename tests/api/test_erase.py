"""Erasing a person: nothing of them is left in any table, on both databases."""

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text

from api.serving import read_served
from store.database import Database, Transaction
from store.deliveries import Addressed
from store.drifts import live_leads
from store.events import Event, events_of
from store.hand_on import hand_on
from store.outcomes import latest_outcomes, outcomes
from store.replay import decision_ids
from store.rows import add
from store.sweep import sweep
from store.tables import assignments, clocks, decisions, deliveries, leads, moves, shares, submissions
from tests.api.builders import HOT, NOW, Answered, House, Run, printed
from tests.api.waiting import until

SECRETS: Mapping[str, Any] = {
    "email": "ada.lovelace@analytical.example",
    "phone": "+4930901820",
    "external_id": "crm-1815",
    "first_name": "Augusta",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "title": "VP Mathematics",
    "website": "https://analytical.example/ada",
    "country": "DE",
    "source": "demo_request",
    "campaign": "spring",
    "utm_term": "babbage",
    "message": "Notes upon the memoir",
    "attributes": {"employees": 4000, "birthplace": "Marylebone"},
}
TOLD = ("analytical", "4930901820", "crm-1815", "augusta", "lovelace", "mathematics", "babbage", "memoir", "maryleb")
COUNTED = (leads, submissions, decisions, assignments, clocks, moves, shares)
DELIVERY: Mapping[str, Any] = {
    "id": "1",
    "channel": "email",
    "target": "ana@leadline.example",
    "details": {"says": SECRETS["email"]},
    "state": "waiting",
    "created_at": NOW,
    "due_at": NOW,
    "attempts": 0,
}


def lived(house: House) -> str:
    """The id of a lead that came in every way, was worked, warned of, and is somebody's."""
    lead_id: str = house.post("/v1/leads", SECRETS, **{"Idempotency-Key": "once"}).json["lead_id"]
    house.client.post(house.form, json={"email": SECRETS["email"], "message": SECRETS["message"]})
    house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"})
    house.post(f"/v1/leads/{lead_id}/accept", {}, **{"Idempotency-Key": "twice"})
    house.clock.forward(timedelta(minutes=20))
    swept(house)
    house.post(f"/v1/leads/{lead_id}/reject", {"reason": "wrong contact data"})
    return lead_id


def swept(house: House) -> None:
    """Does what is due."""
    with house.database.read() as tx:
        book = read_served(tx).playbook
    while sweep(house.database, book, lambda tx, lead_id, now: None, house.clock()):
        pass


def everything(database: Database) -> str:
    """All that stands in all tables, as text."""
    with database.read() as tx:
        names = inspect(tx).get_table_names()
        # A row shown by itself would be shortened.
        rows = [tuple(row) for name in names for row in tx.exec_driver_sql(f'SELECT * FROM "{name}"')]
    return repr(rows).lower()


def counts(tx: Transaction) -> list[Any]:
    """How many rows each table of those that are counted has, and how many leads each rep got."""
    return [tx.execute(select(func.count()).select_from(table)).scalar() for table in COUNTED]


def test_nothing_tells_who_it_was_and_the_counts_stay(each_house: House) -> None:
    lead_id = lived(each_house)
    with each_house.database.read() as tx:
        before = counts(tx)
    known = [word for word in TOLD if word in everything(each_house.database)]

    answer = each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))

    text = everything(each_house.database)
    assert (answer.status_code, answer.data) == (204, b"")
    assert known == list(TOLD)
    assert [word for word in TOLD if word in text] == []
    with each_house.database.read() as tx:
        assert counts(tx) == before


def test_nothing_finds_who_is_erased(each_house: House) -> None:
    lead_id = lived(each_house)
    each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))

    doors = ("", "/timeline", "/explain")
    asked = [each_house.get(f"/v1/leads/{lead_id}{door}").status_code for door in doors]
    moved = each_house.post(f"/v1/leads/{lead_id}/contact", {"how": "call"}).status_code
    active = each_house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"}).status_code
    again = each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin")).status_code

    assert (asked, moved, active, again) == ([404] * 3, 404, 404, 404)
    assert each_house.get("/v1/leads").json["leads"] == []


def test_who_is_erased_may_come_back_as_someone_new(each_house: House) -> None:
    lead_id = lived(each_house)
    each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))

    again = each_house.post("/v1/leads", SECRETS).json

    assert again["lead_id"] != lead_id
    assert (again["route"]["team"], again["qualified"]) == ("emea-enterprise", True)


def test_others_keep_everything(each_house: House) -> None:
    other = each_house.post("/v1/leads", HOT).json["lead_id"]
    before = each_house.get(f"/v1/leads/{other}/timeline").json
    lead_id = lived(each_house)

    each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))

    kept = each_house.get(f"/v1/leads/{other}/timeline").json["entries"]
    assert [entry for entry in before["entries"] if entry not in kept and entry["kind"] != "assignment"] == []


def test_nothing_falls_due_of_who_is_erased(each_house: House) -> None:
    lead_id = lived(each_house)
    each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))
    each_house.clock.forward(timedelta(days=30))

    swept(each_house)

    assert TOLD[0] not in everything(each_house.database)


@pytest.mark.parametrize("kind", ["form", "crm", "analyst", "ops"])
def test_only_admins_erase(house: House, kind: str) -> None:
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]

    assert house.client.delete(f"/v1/leads/{lead_id}", headers=house.bearer(kind)).status_code == 403


def test_a_person_is_exported_and_erased_on_the_command_line(run: Run, house: House) -> None:
    lead_id = lived(house)

    exported = printed(run("leads", "export", lead_id))
    kept = run("leads", "erase", lead_id)
    erased = run("leads", "erase", lead_id, "--yes")

    assert [word for word in TOLD if word not in repr(exported).lower()] == []
    assert [len(exported[name]) for name in ("submissions", "decisions")] == [2, 3]
    assert {"submission", "activity", "assignment", "move", "sla.breached"} <= {
        entry["kind"] for entry in exported["timeline"]
    }
    assert kept.exit_code == 1
    assert erased.output == f"Lead {lead_id} is erased; counts stay.\n"
    assert run("leads", "export", lead_id).stderr == (
        f"Error: no lead {lead_id} is kept; `leadline leads list` shows those that are\n"
    )


def test_an_export_to_a_file_is_its_owners_to_read(run: Run, house: House, tmp_path: Path) -> None:
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]

    run("leads", "export", lead_id, "-o", tmp_path / "person.json")

    assert (tmp_path / "person.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "person.json").read_text())["lead"]["email"] == HOT["email"]


def test_nothing_is_learned_from_who_is_erased(each_house: House) -> None:
    """Their outcome is counted; what they were is gone, and no training, replay or drift takes them for a lead."""
    gone = each_house.post("/v1/leads", SECRETS).json["lead_id"]
    kept = each_house.post("/v1/leads", HOT).json["lead_id"]
    for lead_id in (gone, kept):
        each_house.post(f"/v1/leads/{lead_id}/outcome", {"outcome": "won"})

    each_house.client.delete(f"/v1/leads/{gone}", headers=each_house.bearer("admin"))

    with each_house.database.read() as tx:
        known = [each.lead_id for each in latest_outcomes(tx, since=NOW, most=10, reject_reasons=())]
        ended = [each.lead_id for each in outcomes(tx, before=each_house.clock(), reject_reasons=()).known]
        replayed = [lead_id for lead_id, _ in decision_ids(tx)]
        live = [lead.email for lead in live_leads(tx, since=NOW, most=10)]
    assert (known, ended, replayed, live) == ([kept], [kept], [kept], ["ann@big.example"])


def test_a_delivery_that_waits_is_not_made(each_house: House) -> None:
    """What webhooks were to be told of the person goes with the rest."""
    lead_id = each_house.post("/v1/leads", SECRETS).json["lead_id"]
    with each_house.database.begin() as tx:
        event = events_of(tx, lead_id)[0]
        add(tx, deliveries, {**DELIVERY, "event_id": event.id})

    each_house.client.delete(f"/v1/leads/{lead_id}", headers=each_house.bearer("admin"))

    with each_house.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(deliveries)).scalar() == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_person_is_erased_while_word_of_them_is_handed_on(each_house: House) -> None:
    """The worker keeps whom it is to tell only once the erasing has begun, and waits for what the worker holds."""
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    erasing = ThreadPoolExecutor(1)
    erased: list[Future[Answered]] = []

    def waits() -> bool:
        with each_house.database.read() as tx:
            return bool(tx.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())

    def people(tx: Transaction, event: Event, now: datetime) -> tuple[Addressed, ...]:
        if not erased:
            bearer = each_house.bearer("admin")
            erased.append(erasing.submit(each_house.client.delete, f"/v1/leads/{lead_id}", headers=bearer))
            until(waits)
        told = Addressed(channel="email", target="ana@leadline.example", due_at=now)
        return () if event.lead_id is None else (told,)

    with erasing:
        hand_on(each_house.database, people, NOW, failed=lambda event, error: pytest.fail(str(error)))

    with each_house.database.read() as tx:
        left = tx.execute(select(func.count()).select_from(deliveries)).scalar_one()
    assert (erased[0].result().status_code, left) == (204, 0)
