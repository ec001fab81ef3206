"""What leads do after they came in."""

from datetime import timedelta

from api.decision_documents import DECISION
from store.keys import create_key
from tests.api.builders import HOT, NOW, House

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


def test_a_form_names_the_lead_by_what_it_got_and_learns_nothing(each_house: House) -> None:
    receipt = each_house.client.post(each_house.form, json=WARM).json["id"]

    response = each_house.post(f"/v1/leads/{receipt}/activities", DEMO, kind="form")

    assert (response.status_code, response.json) == (202, {"id": receipt})
    assert each_house.get("/v1/leads").json["leads"][0]["decision"]["engagement"] == 40.0


def test_a_form_knows_no_leads_but_its_own(each_house: House) -> None:
    receipt = each_house.client.post(each_house.form, json=WARM).json["id"]
    lead_id = each_house.get("/v1/leads").json["leads"][0]["id"]
    with each_house.database.begin() as tx:
        other = create_key(tx, "form", "demo", NOW)

    by_lead = each_house.post(f"/v1/leads/{lead_id}/activities", DEMO, kind="form")
    by_other = each_house.client.post(
        f"/v1/leads/{receipt}/activities", json=DEMO, headers={"Authorization": f"Bearer {other}"}
    )

    assert (by_lead.status_code, by_other.status_code) == (404, 404)


def test_a_forms_page_may_post_activities_from_a_script(house: House) -> None:
    asked = house.client.options("/v1/leads/x/activities", headers={"Origin": "http://localhost:8000"})

    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
