"""Scoring without keeping: one lead, or many."""

from decimal import Decimal

import orjson
import pytest

from api.decision_documents import DECISION
from tests.api.builders import COLD, HOT, House

LINES = "application/x-ndjson"


def test_a_score_is_the_decision_without_an_id_or_a_rep(house: House) -> None:
    decision = house.post("/v1/score", HOT).json

    assert DECISION.validate(decision) == {}
    assert (decision["id"], decision["lead_id"]) == (None, None)
    assert (decision["route"]["team"], decision["route"]["rep"]) == ("emea-enterprise", None)


def test_a_scored_lead_is_not_kept(house: House) -> None:
    house.post("/v1/score", HOT)

    assert house.get("/v1/leads").json["leads"] == []


def test_the_reasons_add_up_to_the_score(house: House) -> None:
    decision = house.post("/v1/score", HOT).json

    assert sum(Decimal(str(reason["points"])) for reason in decision["reasons"]) == Decimal(str(decision["score"]))


def test_activities_count_towards_the_score(house: House) -> None:
    activity = {"kind": "demo_request", "at": "2026-11-24T09:59:00Z"}

    decision = house.post("/v1/score", {**HOT, "activities": [activity]}).json

    assert decision["engagement"] == 40.0


def test_scoring_and_taking_in_decide_alike(each_house: House) -> None:
    scored = each_house.post("/v1/score", HOT).json
    taken = each_house.post("/v1/leads", HOT).json

    same = ("probability", "fit", "engagement", "score", "grade", "qualified", "reasons", "rules", "model", "playbook")
    assert {name: scored[name] for name in same} == {name: taken[name] for name in same}


def test_a_score_needs_a_lead(house: House) -> None:
    response = house.post("/v1/score", {})

    assert response.json["errors"] == [{"field": "email", "message": "one of email, phone and external_id is required"}]


def batch(house: House, path: str, text: bytes, content_type: str = LINES) -> list[dict[str, object]]:
    """The documents that answer the lines of a batch."""
    response = house.client.post(path, data=text, content_type=content_type, headers=house.bearer("crm"))
    assert (response.status_code, response.mimetype) == (200, LINES)
    return [orjson.loads(line) for line in response.data.splitlines()]


def test_a_batch_answers_each_line_in_order(each_house: House) -> None:
    text = b"\n".join([orjson.dumps(HOT), b"", b"{", orjson.dumps({"email": "x"}), orjson.dumps(COLD), b""])

    hot, broken, wrong, cold = batch(each_house, "/v1/leads/batch", text)

    assert (hot["qualified"], cold["qualified"]) == (True, False)
    assert (broken["status"], broken["line"]) == (400, 3)
    assert (wrong["status"], wrong["line"]) == (422, 4)
    assert wrong["errors"] == [
        {"field": "email", "message": "not an e-mail address; write it like ann@company.example"}
    ]
    assert len(each_house.get("/v1/leads").json["leads"]) == 2


def test_a_batch_larger_than_one_transaction_is_kept_whole(house: House) -> None:
    text = b"\n".join(orjson.dumps({"external_id": f"crm-{number}"}) for number in range(120))

    answers = batch(house, "/v1/leads/batch", text)

    assert len({answer["lead_id"] for answer in answers}) == 120
    assert len(house.get("/v1/leads?limit=200").json["leads"]) == 120


def test_a_batch_to_score_keeps_nothing(house: House) -> None:
    answers = batch(house, "/v1/score/batch", orjson.dumps(HOT) + b"\nnull")

    assert (answers[0]["qualified"], answers[1]["status"]) == (True, 422)
    assert house.get("/v1/leads").json["leads"] == []


def test_an_empty_batch_has_an_empty_answer(house: House) -> None:
    assert batch(house, "/v1/leads/batch", b"\n\n") == []


@pytest.mark.parametrize("path", ["/v1/leads/batch", "/v1/score/batch"])
def test_a_batch_of_more_than_ten_thousand_is_refused(house: House, path: str) -> None:
    response = house.client.post(path, data=b"{}\n" * 10_001, content_type=LINES, headers=house.bearer("crm"))

    assert (response.status_code, response.json["detail"]) == (
        413,
        "10,001 lines; a batch takes at most 10,000. Send several.",
    )


def test_a_batch_of_another_type_is_refused(house: House) -> None:
    response = house.client.post("/v1/leads/batch", data=b"{}", content_type="text/csv", headers=house.bearer("crm"))

    assert (response.status_code, response.json["detail"]) == (
        415,
        "Content-Type application/x-ndjson is expected, not text/csv.",
    )
