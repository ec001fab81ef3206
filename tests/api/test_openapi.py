"""The API's document."""

from collections.abc import Iterator
from typing import Any

from tests.api.builders import House


def references(node: Any) -> Iterator[str]:
    """Every reference in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_door_is_in_the_document(house: House) -> None:
    paths = house.client.get("/openapi.json").json["paths"]
    described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}

    assert described == {
        "POST /v1/forms/{form}/leads",
        "POST /v1/leads",
        "GET /v1/leads",
        "GET /v1/leads/{lead_id}",
        "DELETE /v1/leads/{lead_id}",
        "POST /v1/leads/{lead_id}/activities",
        "POST /v1/leads/{lead_id}/accept",
        "POST /v1/leads/{lead_id}/contact",
        "POST /v1/leads/{lead_id}/hold",
        "POST /v1/leads/{lead_id}/outcome",
        "POST /v1/leads/{lead_id}/reassign",
        "POST /v1/leads/{lead_id}/reject",
        "POST /v1/leads/{lead_id}/resume",
        "GET /v1/leads/{lead_id}/timeline",
        "GET /v1/leads/{lead_id}/explain",
        "POST /v1/leads/batch",
        "GET /v1/reps",
        "POST /v1/score",
        "POST /v1/score/batch",
        "GET /v1/playbook",
        "PUT /v1/playbook",
        "GET /v1/playbook/versions",
        "GET /v1/playbook/versions/{number}",
        "GET /v1/playbook/versions/{number}/cases",
        "POST /v1/playbook/versions/{number}/publish",
        "POST /v1/playbook/check",
        "POST /v1/playbook/test",
        "POST /v1/playbook/diff",
        "GET /v1/models",
        "GET /v1/models/{name}",
        "POST /v1/models/{name}/promote",
        "POST /v1/models/rollback",
        "GET /v1/reports/agreement",
        "GET /v1/reports/sla",
        "GET /v1/reports/fairness",
        "GET /v1/campaigns",
        "POST /v1/campaigns",
        "POST /v1/campaigns/{campaign_id}/cancel",
        "GET /v1/reports/campaigns",
        "POST /v1/models/train",
        "GET /v1/jobs",
        "GET /v1/jobs/{job_id}",
        "GET /v1/jobs/{job_id}/rejects",
        "POST /v1/leads/import",
        "POST /v1/jobs/{job_id}/cancel",
        "GET /v1/webhooks",
        "POST /v1/webhooks",
        "GET /v1/webhooks/{webhook_id}",
        "POST /v1/webhooks/{webhook_id}/disable",
        "POST /v1/webhooks/{webhook_id}/enable",
        "GET /v1/webhooks/{webhook_id}/deliveries",
        "POST /v1/webhooks/{webhook_id}/replay",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }


def test_every_reference_in_the_document_leads_somewhere(house: House) -> None:
    document = house.client.get("/openapi.json").json
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(references(document)) <= known


def test_every_field_of_the_document_says_what_it_is(house: House) -> None:
    schemas = house.client.get("/openapi.json").json["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, described in schema["properties"].items()
        if not described.get("description")
    ]

    assert silent == []


def test_the_document_says_what_a_lead_may_hold(house: House) -> None:
    lead = house.client.get("/openapi.json").json["components"]["schemas"]["Lead"]["properties"]

    assert lead["email"] == {"type": ["string", "null"], "maxLength": 320, "description": "E-mail address"}
    assert lead["created_at"]["format"] == "date-time"
    assert lead["attributes"]["type"] == ["object", "null"]


def test_the_page_shows_every_door(house: House) -> None:
    page, paths = house.client.get("/docs").text, house.client.get("/openapi.json").json["paths"]

    assert page.count('<span class="method ') == sum(map(len, paths.values()))
    assert "POST</span> <code>/v1/leads/batch</code>" in page
