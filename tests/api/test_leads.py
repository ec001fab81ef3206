"""The CRM's door, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from api.decision_documents import DECISION
from api.floor_documents import STANDING
from api.lead_documents import PAGE
from store.keys import list_keys, revoke_key
from tests.api.builders import COLD, HOT, NOW, House


def test_a_posted_lead_gets_a_decision_that_keeps_to_the_document(each_house: House) -> None:
    response = each_house.post("/v1/leads", HOT)

    assert response.status_code == 201
    assert DECISION.validate(response.json) == {}
    assert response.headers["Location"] == f"/v1/leads/{response.json['lead_id']}"


def test_a_hot_lead_is_routed_to_a_rep_with_a_deadline(each_house: House) -> None:
    decision = each_house.post("/v1/leads", HOT).json

    assert decision["qualified"] is True
    assert (decision["route"]["name"], decision["sla"]["name"]) == ("enterprise-emea", "hot")
    assert decision["route"]["rep"] in {"Ana", "Ben", "Chloe"}
    assert decision["sla"]["respond_by"] == "2026-11-24T10:15:00+00:00"


def test_a_lead_that_does_not_qualify_stays_with_marketing(house: House) -> None:
    decision = house.post("/v1/leads", COLD).json

    assert (decision["qualified"], decision["route"], decision["sla"]) == (False, None, None)
    assert decision["disqualified"] == "disposable address"


def test_a_posted_lead_is_shown_back(each_house: House) -> None:
    decision = each_house.post("/v1/leads", HOT).json

    shown = each_house.get(f"/v1/leads/{decision['lead_id']}").json

    assert STANDING.validate(shown) == {}
    assert shown["decision"] == decision
    assert (shown["email"], shown["attributes"], shown["state"]) == ("ann@big.example", {"employees": 4000}, "assigned")
    assert (shown["team"], shown["rep"]) == ("emea-enterprise", decision["route"]["rep"])


def test_the_same_person_is_the_same_lead_and_stays_with_the_rep(each_house: House) -> None:
    first = each_house.post("/v1/leads", HOT).json
    again = each_house.post("/v1/leads", {**HOT, "email": "ANN@big.example ", "company": "Big"}).json

    assert again["lead_id"] == first["lead_id"]
    assert again["route"]["rep"] == first["route"]["rep"]
    assert again["id"] != first["id"]


def test_a_repeated_idempotency_key_gives_the_first_answer(each_house: House) -> None:
    key = {"Idempotency-Key": "crm-4711"}
    first = each_house.post("/v1/leads", HOT, **key)
    again = each_house.post("/v1/leads", HOT, **key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.data == first.data


def test_an_idempotency_key_used_for_another_body_is_a_conflict(each_house: House) -> None:
    key = {"Idempotency-Key": "crm-4711"}
    each_house.post("/v1/leads", HOT, **key)

    response = each_house.post("/v1/leads", {**HOT, "company": "Big"}, **key)

    assert response.status_code == 409
    assert response.json["detail"] == "the idempotency key crm-4711 was used for another request; use a new one."


@pytest.mark.parametrize("given", ["", "x" * 256, "with space", "caf\xe9"])
def test_an_idempotency_key_that_cannot_be_kept_is_refused(house: House, given: str) -> None:
    assert house.post("/v1/leads", HOT, **{"Idempotency-Key": given}).status_code == 400


def test_every_field_error_is_in_the_problem(house: House) -> None:
    response = house.post("/v1/leads", {"email": "ann", "country": "Atlantis"})

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "2 fields are not right.",
        "errors": [
            {"field": "email", "message": "not an e-mail address; write it like ann@company.example"},
            {"field": "country", "message": "not a country; give its ISO 3166 code (NO) or its name (Norway)"},
        ],
    }


def test_nothing_is_kept_of_a_lead_that_is_refused(house: House) -> None:
    house.post("/v1/leads", {**HOT, "phone": "12"})

    assert house.get("/v1/leads").json["leads"] == []


def test_leads_are_paged_newest_first(each_house: House) -> None:
    for number in range(5):
        each_house.post("/v1/leads", {"external_id": f"crm-{number}"})
        each_house.clock.forward(timedelta(seconds=1))

    pages: list[list[str]] = []
    page: dict[str, Any] = {"cursor": ""}
    while page["cursor"] is not None:
        page = each_house.get(f"/v1/leads?limit=2{page['cursor'] and '&cursor=' + page['cursor']}").json
        pages.append([lead["external_id"] for lead in page["leads"]])

    assert pages == [["crm-4", "crm-3"], ["crm-2", "crm-1"], ["crm-0"]]
    assert PAGE.validate(page) == {}


def test_a_listed_lead_tells_by_when_a_response_is_still_owed(each_house: House) -> None:
    """Moved on by the time it is held, by whom it is passed on to anew, and no more once it is answered."""
    path = f"/v1/leads/{each_house.post('/v1/leads', HOT).json['lead_id']}"
    found = []
    for move, body in (("hold", {}), ("resume", {}), ("reassign", {}), ("contact", {"how": "call"})):
        found.append(each_house.get("/v1/leads").json["leads"][0]["respond_by"])
        each_house.clock.forward(timedelta(minutes=1))
        each_house.post(f"{path}/{move}", body)

    found.append(each_house.get("/v1/leads").json["leads"][0]["respond_by"])

    assert [at and at[11:19] for at in found] == ["10:15:00", None, "10:16:00", "10:18:00", None]


def test_leads_are_filtered(each_house: House) -> None:
    each_house.post("/v1/leads", HOT)
    each_house.post("/v1/leads", COLD)

    found = each_house.get("/v1/leads?qualified=true&state=assigned&email=ANN@big.example").json["leads"]

    assert [lead["email"] for lead in found] == ["ann@big.example"]


def test_a_wrong_parameter_is_a_field_error(house: House) -> None:
    response = house.get("/v1/leads?limit=none&state=%00")

    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["limit", "state"]


@pytest.mark.parametrize("lead_id", ["x", "%00", "0193e5f4-0000-7000-8000-000000000000", "é"])
def test_an_unknown_lead_is_not_found(each_house: House, lead_id: str) -> None:
    response = each_house.get(f"/v1/leads/{lead_id}")

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ("", "A key is needed: send Authorization: Bearer KEY."),
        ("Basic YTpi", "A key is needed: send Authorization: Bearer KEY."),
        ("Bearer", "A key is needed: send Authorization: Bearer KEY."),
        ("Bearer crm_unknown", "This key is not known here."),
        ("Bearer caf\xe9", "This key is not known here."),
    ],
)
def test_without_a_known_key_the_door_stays_shut(house: House, header: str, detail: str) -> None:
    response = house.client.post("/v1/leads", json=HOT, headers={"Authorization": header})

    assert (response.status_code, response.json["detail"]) == (401, detail)
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="leadline"')


def test_a_revoked_key_opens_nothing(each_house: House) -> None:
    with each_house.database.begin() as tx:
        for key in list_keys(tx):
            revoke_key(tx, key.id, NOW)

    response = each_house.post("/v1/leads", HOT)

    assert (response.status_code, response.json["detail"]) == (401, "This key has been revoked.")


@pytest.mark.parametrize(
    ("kind", "status"), [("form", 403), ("analyst", 403), ("ops", 403), ("crm", 201), ("admin", 201)]
)
def test_the_crms_door_opens_for_crms_and_admins(house: House, kind: str, status: int) -> None:
    assert house.post("/v1/leads", HOT, kind=kind).status_code == status


def test_a_key_of_another_kind_is_told_which_it_takes(house: House) -> None:
    detail = house.post("/v1/leads", HOT, kind="ops").json["detail"]

    assert detail == "This is a key of kind ops; a key of kind admin or crm is needed here."


def test_operations_may_look_at_leads(house: House) -> None:
    assert house.get("/v1/leads", kind="ops").status_code == 200
