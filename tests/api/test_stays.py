"""What everyone is told of a lead that asks again while it rests, or when sales is done with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.decision_documents import DECISION
from api.floor_documents import STANDING
from api.history_documents import EXPLANATION, TIMELINE
from api.worker.examples import RESTS, examples
from api.worker.words import words_of
from store.tables import decisions
from tests.api.builders import HOT, House, Run, printed

WON = "was won on 2026-11-24 11:00 CET; sales is done with it"
WON_NOW = ("outcome", {"outcome": "won"})
NOT_NOW = ("reject", {"reason": "bad timing"})
COMES_BACK = "rests until 2027-02-22 11:00 CET (bad timing); it comes back by itself then"
STAYING = pytest.mark.parametrize(("move", "stays"), [(NOT_NOW, COMES_BACK), (WON_NOW, WON)], ids=["resting", "won"])


def asked_again(house: House, move: tuple[str, object]) -> Any:
    """What a lead is answered that asks again, an hour after something was done with it."""
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]
    house.post(f"/v1/leads/{lead_id}/{move[0]}", move[1])
    house.clock.forward(timedelta(hours=1))
    return house.post("/v1/leads", HOT).json


@STAYING
def test_who_asks_again_is_answered_why_nothing_happens(
    each_house: House, move: tuple[str, object], stays: str
) -> None:
    answer = asked_again(each_house, move)
    shown = each_house.get(f"/v1/leads/{answer['lead_id']}").json

    assert (answer["qualified"], answer["route"], answer["sla"], answer["stays"]) == (True, None, None, stays)
    assert (DECISION.validate(answer), STANDING.validate(shown)) == ({}, {})
    assert shown["decision"] == answer


def test_who_asks_for_the_first_time_does_not_stay(house: House) -> None:
    assert house.post("/v1/leads", HOT).json["stays"] is None


@STAYING
def test_the_timeline_says_it_where_it_was_decided(each_house: House, move: tuple[str, object], stays: str) -> None:
    """And of no other decision."""
    lead_id = asked_again(each_house, move)["lead_id"]

    timeline = each_house.get(f"/v1/leads/{lead_id}/timeline").json

    assert TIMELINE.validate(timeline) == {}
    scored = [entry for entry in timeline["entries"] if entry["kind"] == "lead.scored"]
    assert [entry.get("stays", "") for entry in scored] == ["", stays]


@STAYING
def test_an_explanation_says_it_before_the_lead_asks(each_house: House, move: tuple[str, object], stays: str) -> None:
    """Which route would take the lead is shown beside it."""
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    each_house.post(f"/v1/leads/{lead_id}/{move[0]}", move[1])

    explanation = each_house.get(f"/v1/leads/{lead_id}/explain").json

    assert EXPLANATION.validate(explanation) == {}
    assert (explanation["decision"]["route"], explanation["decision"]["stays"]) == (None, stays)
    assert "taken" in [route["outcome"] for route in explanation["routes"]]


@STAYING
def test_the_command_line_shows_it(run: Run, house: House, move: tuple[str, object], stays: str) -> None:
    """Of a lead as it stands, and of its decision as it was taken; at another time it might stand otherwise."""
    answer = asked_again(house, move)

    told = [
        run("leads", "show", answer["lead_id"]).stdout,
        *(run("playbook", "explain", "--id", answer[name]).stdout for name in ("lead_id", "id")),
    ]
    then = ("playbook", "explain", "--id", answer["lead_id"], "--at", "2026-11-24T11:30:00Z", "--json")

    assert [" ".join(text.split()).count(f"stays {stays}") for text in told] == [1, 1, 1]
    assert printed(run(*then))["decision"]["stays"] is None


def test_decisions_of_former_times_are_shown_as_they_were_kept(run: Run, house: House) -> None:
    """They have no such field, and need none."""
    answer = house.post("/v1/leads", HOT).json
    with house.database.begin() as tx:
        document = tx.execute(select(decisions.c.document)).scalar_one()
        former = {name: value for name, value in document.items() if name != "stays"}
        tx.execute(update(decisions).values(document=former))

    shown = house.get(f"/v1/leads/{answer['lead_id']}").json

    assert STANDING.validate(shown) == {}
    assert shown["decision"] == former
    assert printed(run("playbook", "explain", "--id", answer["id"], "--json"))["decision"]["stays"] is None
    assert run("leads", "show", answer["lead_id"]).exit_code == 0


def test_a_message_about_such_a_score_says_it() -> None:
    """Rather than that it stays with marketing."""
    _, (event, lead, holder) = examples("lead.scored")

    assert words_of(event, lead, holder).text.splitlines()[0] == f"Not qualified; the lead {RESTS}"


def test_a_message_about_a_score_of_former_times_still_has_words() -> None:
    """A worker may hand on what an earlier version kept."""
    event, lead, holder = next(examples("lead.scored"))
    former = {name: value for name, value in event.payload.items() if name != "stays"}

    assert words_of(replace(event, payload=former), lead, holder).text.startswith("Qualified: emea-enterprise, Ana\n")
