"""What happened in words, by the clocks of those who are told."""

from prometheus_client import CollectorRegistry

from api.metrics import Metrics
from api.serving import Serving
from api.worker.figures import WorkFigures
from api.worker.handing import hand_on_once
from api.worker.loop import attempt
from store.database import Database
from store.events import Event, add_events, next_event
from tests.api.builders import HOT, NOW, House, teller

PROMISE = {
    "clock": "first_response",
    "sla": "hot",
    "rep": "Dan",
    "due_at": "2026-11-24T15:15:00Z",
    "started_at": "2026-11-24T15:00:00Z",
}


def warning(team: str, lead_id: str | None = None) -> Event:
    """A warning to a team."""
    payload = {**PROMISE, "team": team}
    return Event(id="e", kind="sla.warning", lead_id=lead_id, at=NOW, due_at=NOW, payload=payload)


def test_a_channel_is_told_the_time_by_the_clocks_of_its_team(house: House) -> None:
    said = {team: teller(house.database).to_many(warning(team)).subject for team in ("americas", "inbound", "gone")}

    assert said == {
        "americas": "a lead: first response is due by Tue 24 Nov 10:15 EST",
        "inbound": "a lead: first response is due by Tue 24 Nov 16:15 CET",
        # The playbook has no such team any more; the agreement is told by Berlin's clocks.
        "gone": "a lead: first response is due by Tue 24 Nov 16:15 CET",
    }


def test_without_a_playbook_it_is_told_by_utc(database: Database) -> None:
    assert teller(database).to_many(warning("inbound")).subject.endswith(" is due by Tue 24 Nov 15:15 UTC")


def test_a_lead_is_told_of_as_it_is_known_now(house: House) -> None:
    lead_id = house.post("/v1/leads", {**HOT, "last_name": "Berg", "company": "Big"}).json["lead_id"]

    assert teller(house.database).to_many(warning("americas", lead_id)).subject.startswith("Berg, Big: first response")


def test_what_happens_before_a_playbook_serves_waits_for_it(database: Database) -> None:
    with database.begin() as tx:
        add_events(tx, None, ["model.promoted"], {}, NOW)
    serving, figures = Serving(database, Metrics()), WorkFigures(CollectorRegistry())

    more = attempt(lambda: hand_on_once(database, serving, figures, None))

    with database.read() as tx:
        assert (more, next_event(tx)) == (False, NOW)


def breach(house: House) -> Event:
    """A breach of a lead that Ana has."""
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]
    payload = {**PROMISE, "team": "emea-enterprise", "rep": "Ana"}
    return Event(id="e", kind="sla.breached", lead_id=lead_id, at=NOW, due_at=NOW, payload=payload)


def test_who_is_late_reads_who_has_the_lead_now(house: House) -> None:
    event, said = breach(house), list[str]()
    moves = [("", {}), ("reassign", {"rep": "Ben"}), ("outcome", {"outcome": "won"})]
    for move, body in moves:
        if move:
            assert house.post(f"/v1/leads/{event.lead_id}/{move}", body).status_code == 200
        said.append(teller(house.database).to_one(event, "UTC").text.splitlines()[2])

    assert said == ["Ana still has it.", "Ben has it now.", "It is no longer with sales."]
