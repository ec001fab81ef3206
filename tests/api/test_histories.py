"""A lead's history, and why it is decided as it is."""

from datetime import timedelta

import pytest

from api.history_documents import EXPLANATION, TIMELINE
from tests.api.builders import COLD, HOT, House


def test_the_timeline_tells_what_happened_in_order(each_house: House) -> None:
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    each_house.clock.forward(timedelta(hours=1))
    each_house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"})

    timeline = each_house.get(f"/v1/leads/{lead_id}/timeline").json

    assert TIMELINE.validate(timeline) == {}
    assert [entry["kind"] for entry in timeline["entries"]] == [
        "submission",
        "lead.scored",
        "assignment",
        "lead.assigned",
        "activity",
        "lead.scored",
    ]


def test_an_explanation_tells_every_rule_and_route(each_house: House) -> None:
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]

    explanation = each_house.get(f"/v1/leads/{lead_id}/explain").json
    outcomes = {each["name"]: each["outcome"] for each in (*explanation["rules"], *explanation["routes"])}

    assert EXPLANATION.validate(explanation) == {}
    assert (outcomes["enterprise"], outcomes["students"]) == ("fires", "does not fire")
    assert (outcomes["enterprise-emea"], outcomes["americas"]) == ("taken", "does not match")


def test_no_route_is_tried_for_a_lead_that_does_not_qualify(house: House) -> None:
    lead_id = house.post("/v1/leads", COLD).json["lead_id"]

    assert house.get(f"/v1/leads/{lead_id}/explain").json["routes"] == []


@pytest.mark.parametrize("what", ["timeline", "explain"])
def test_the_history_of_nobody_is_not_found(house: House, what: str) -> None:
    assert house.get(f"/v1/leads/0193e5f4-0000-7000-8000-000000000000/{what}").status_code == 404
