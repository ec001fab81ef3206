"""What leads do after they came in."""

from datetime import timedelta

from api.documents import DECISION
from tests.api.builders import HOT, House

WARM = {"email": "ann@big.example", "attributes": {"employees": 50}}
DEMO = {"kind": "demo_request", "at": "2026-11-24T09:59:00Z"}


def test_activities_score_the_lead_again(each_house: House) -> None:
    before = each_house.post("/v1/leads", WARM).json

    response = each_house.post(f"/v1/leads/{before['lead_id']}/activities", DEMO)

    assert response.status_code == 202
    assert DECISION.validate(response.json) == {}
    assert (before["engagement"], response.json["engagement"]) == (0.0, 40.0)


def test_crossing_the_threshold_routes_the_lead(each_house: House) -> None:
    before = each_house.post("/v1/leads", WARM).json
    webinars = [{"kind": "webinar", "at": f"2026-11-{day}T09:00:00Z"} for day in range(19, 24)]

    after = each_house.post(f"/v1/leads/{before['lead_id']}/activities", [DEMO, *webinars]).json

    assert (before["route"], after["qualified"]) == (None, True)
    assert after["route"]["rep"] is not None


def test_an_activity_later_shows_in_the_lead(house: House) -> None:
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]
    house.clock.forward(timedelta(hours=1))
    house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"})

    assert house.get(f"/v1/leads/{lead_id}").json["decision"]["engagement"] == 15.0


def test_activities_of_nobody_are_not_found(each_house: House) -> None:
    path = "/v1/leads/0193e5f4-0000-7000-8000-000000000000/activities"

    assert each_house.post(path, DEMO).status_code == 404


def test_activities_that_are_wrong_are_field_errors(house: House) -> None:
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]

    response = house.post(f"/v1/leads/{lead_id}/activities", [{"at": "yesterday"}])

    assert response.json["errors"] == [
        {"field": "0.kind", "message": "required"},
        {"field": "0.at", "message": "not an RFC 3339 time; write it like 2026-11-24T10:00:00Z"},
    ]
