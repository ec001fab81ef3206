"""The log's lines."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from api import logs
from tests.api.builders import HOT, House


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged from now on."""
    stream = io.StringIO()
    logs.configure(20, stream)
    yield stream
    logs.configure(40)


def events(log: io.StringIO) -> list[dict[str, Any]]:
    """The log's lines, read."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_decision_is_one_line_without_contact_data(house: House, log: io.StringIO) -> None:
    decision = house.post("/v1/leads", {**HOT, "phone": "+4930123456"}, **{"X-Request-Id": "r-1"}).json

    decided, answered = events(log)

    assert decided == {
        "event": "decision",
        "level": "info",
        "timestamp": decided["timestamp"],
        "request": "r-1",
        "door": "crm",
        "decision": decision["id"],
        "lead": decision["lead_id"],
        "score": decision["score"],
        "grade": decision["grade"],
        "qualified": True,
        "route": "enterprise-emea",
        "team": "emea-enterprise",
        "model": "2026-03-01.1",
        "playbook": 1,
    }
    assert (answered["event"], answered["route"], answered["status"]) == ("request", "/v1/leads", 201)
    assert "ann" not in log.getvalue()


def test_an_address_that_names_a_person_is_not_logged(house: House, log: io.StringIO) -> None:
    house.get("/v1/leads?email=ann@big.example")
    house.client.get("/nowhere/ann@big.example")

    assert "ann" not in log.getvalue()


def test_a_fault_of_ours_is_one_line_with_its_traceback(house: House, log: io.StringIO) -> None:
    def fail() -> str:
        raise RuntimeError("broken inside")

    house.app.testing = False
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    house.app.view_functions["health.get_health"] = fail

    house.client.get("/healthz", headers={"X-Request-Id": "r-2"})
    fault = events(log)[0]

    assert (fault["level"], fault["request"]) == ("error", "r-2")
    assert "RuntimeError: broken inside" in fault["exception"]
