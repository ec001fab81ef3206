"""The doors through which sales works a lead."""

from datetime import datetime, timedelta

import pytest

from api.floor_documents import STANDING
from api.history_documents import TIMELINE
from api.problem_documents import PROBLEM
from rules.read import read_playbook
from rules.sample import sample_playbook
from tests.api.builders import COLD, HOT, Answered, Clock, House

MINUTE = timedelta(minutes=1)
NOBODY = "0193e5f4-0000-7000-8000-000000000000"

# Ana, Ben and Chloe share this lead's team in the sample playbook; a first response is due in 15 minutes.
BOOK = read_playbook(sample_playbook())
REJECT, LISTED_LOST = (", ".join(each.name for each in listed) for listed in (BOOK.reject_reasons, BOOK.lost_reasons))
LOST = {"outcome": "lost", "reason": "no decision"}


def posted(house: House) -> str:
    """The id of a hot lead that has just been assigned."""
    lead_id: str = house.post("/v1/leads", HOT).json["lead_id"]
    return lead_id


def move(house: House, lead_id: str, kind: str, body: object = None, **headers: str) -> Answered:
    """Makes a move, without a body where there is none."""
    path = f"/v1/leads/{lead_id}/{kind}"
    if body is None:
        return house.client.post(path, headers={**house.bearer("crm"), **headers})
    return house.post(path, body, **headers)


def test_a_lead_is_accepted_contacted_and_won(each_house: House) -> None:
    lead_id = posted(each_house)
    each_house.clock.forward(5 * MINUTE)
    accepted = move(each_house, lead_id, "accept").json
    each_house.clock.forward(5 * MINUTE)
    contacted = move(each_house, lead_id, "contact", {"how": "call"}).json
    won = move(each_house, lead_id, "outcome", {"outcome": "won", "amount": 12_000}).json

    assert [STANDING.validate(each) for each in (accepted, contacted, won)] == [{}, {}, {}]
    assert [each["state"] for each in (accepted, contacted, won)] == ["accepted", "contacted", "won"]
    assert (contacted["clocks"][0]["state"], contacted["clocks"][0]["elapsed_seconds"]) == ("met", 600.0)
    assert (contacted["assignment"]["system_delay_seconds"], contacted["assignment"]["human_delay_seconds"]) == (0, 600)
    assert (won["assignment"]["amount"], won["assignment"]["possible"]) == (12_000.0, [])
    assert each_house.get(f"/v1/leads/{lead_id}").json == won


def test_the_time_until_a_lead_is_assigned_is_the_systems_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a minute passes between any two looks at the clock; the reps' time begins when they have the lead."""

    def later(clock: Clock) -> datetime:
        clock.forward(MINUTE)
        return clock.now

    monkeypatch.setattr(Clock, "__call__", later)
    lead_id = posted(house)

    shown = move(house, lead_id, "contact", {"how": "call"}).json

    assert shown["assignment"]["system_delay_seconds"] == 60
    assert shown["assignment"]["human_delay_seconds"] == 60
    assert shown["clocks"][0]["started_at"] == shown["assignment"]["assigned_at"]


def test_the_lead_shows_what_may_be_done_with_it(house: House) -> None:
    shown = house.get(f"/v1/leads/{posted(house)}").json

    assert shown["assignment"]["possible"] == ["accept", "reject", "contact", "reassign", "outcome", "hold"]
    assert {clock["kind"]: clock["state"] for clock in shown["clocks"]} == {
        "first_response": "running",
        "acceptance": "running",
        "attempts": "running",
    }


def test_a_lead_that_sales_never_had_has_no_assignment(house: House) -> None:
    shown = house.get(f"/v1/leads/{house.post('/v1/leads', COLD).json['lead_id']}").json

    assert (shown["assignment"], shown["clocks"]) == (None, [])
    assert STANDING.validate(shown) == {}


def test_a_held_lead_is_due_later_by_the_time_it_was_held(house: House) -> None:
    lead_id = posted(house)
    held = move(house, lead_id, "hold").json
    house.clock.forward(7 * MINUTE)
    resumed = move(house, lead_id, "resume", {}).json

    assert (held["clocks"][0]["state"], resumed["clocks"][0]["state"]) == ("paused", "running")
    assert held["clocks"][0]["due_at"] == "2026-11-24T10:15:00+00:00"
    assert resumed["clocks"][0]["due_at"] == "2026-11-24T10:22:00+00:00"


def test_a_rejected_lead_goes_to_somebody_else(each_house: House) -> None:
    lead_id = posted(each_house)
    first = each_house.get(f"/v1/leads/{lead_id}").json["rep"]

    answer = move(each_house, lead_id, "reject", {"reason": "Wrong Contact Data"}).json

    assert answer["state"] == "assigned"
    assert answer["rep"] != first
    assert f"{first} (had this lead before)" in answer["assignment"]["why"]


def test_a_lead_rejected_for_now_rests(house: House) -> None:
    answer = move(house, posted(house), "reject", {"reason": "bad timing"}).json

    assert (answer["state"], answer["assignment"]["state"], answer["assignment"]["reason"]) == (
        "resting",
        "rejected",
        "bad timing",
    )


@pytest.mark.parametrize(
    ("kind", "body", "errors"),
    [
        (
            "reject",
            {"reason": "too ugly"},
            {"reason": f"'too ugly' is not on the list; the playbook lists {REJECT}"},
        ),
        (
            "reject",
            {},
            {"reason": f"required; the playbook lists {REJECT}"},
        ),
        ("reject", {"reason": 7, "resaon": "x"}, {"reason": "text expected, not a number", "resaon": None}),
        (
            "outcome",
            {"outcome": "lost"},
            {"reason": f"required; the playbook lists {LISTED_LOST}"},
        ),
        ("outcome", {"outcome": "won", "reason": "no decision"}, {"reason": "only a lost lead has a reason"}),
        ("outcome", {**LOST, "amount": 5}, {"amount": "only a won lead has an amount"}),
        ("outcome", {"outcome": "won", "correct": 1}, {"correct": "true or false expected, not a number"}),
        ("outcome", {"outcome": "sold"}, {"outcome": "won or lost expected, not 'sold'"}),
        ("outcome", {"outcome": "won", "amount": "12"}, {"amount": "a number expected, not text"}),
        ("outcome", {"outcome": "won", "amount": -1}, {"amount": "an amount from 0 to 1,000,000,000,000,000 expected"}),
        ("contact", {"how": "pigeon"}, {"how": "call, email, meeting or event expected, not 'pigeon'"}),
        ("contact", {}, {"how": "required"}),
        (
            "contact",
            {"how": "call", "at": "2026-11-24T10:02:00Z"},
            {"at": "2026-11-24T10:02:00+00:00 is in the future (it is 2026-11-24T10:00:00+00:00)"},
        ),
        (
            "accept",
            {"at": "2026-11-24 10:00"},
            {"at": "2026-11-24 10:00 has no offset; write 2026-11-24 10:00Z if it is UTC, or 2026-11-24 10:00+01:00"},
        ),
        ("reject", {"reason": "bad timin", "at": 5}, {"reason": None, "at": None}),
        ("outcome", {"outcome": "won", "at": "2027-01-01T00:00:00Z"}, {"at": None}),
        ("accept", {"rep": "Ana"}, {"rep": "unknown field"}),
        ("reassign", {"rep": "Zoe"}, {"rep": "nobody in emea-enterprise is called 'Zoe'; it has Ana, Ben, Chloe"}),
    ],
)
def test_what_is_wrong_is_a_field_error(
    house: House, kind: str, body: dict[str, object], errors: dict[str, str | None]
) -> None:
    """And the lead stays as it is."""
    lead_id = posted(house)

    answer = move(house, lead_id, kind, body)

    assert answer.status_code == 422
    found = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert {field: message and found[field] for field, message in errors.items()} == errors
    assert found.keys() == errors.keys()
    assert house.get(f"/v1/leads/{lead_id}").json["state"] == "assigned"


def test_a_reason_that_is_nearly_on_the_list_is_guessed(house: House) -> None:
    answer = move(house, posted(house), "reject", {"reason": "bad timming"})

    assert answer.json["errors"][0]["message"] == (
        f"'bad timming' is not on the list; did you mean 'bad timing'? the playbook lists {REJECT}"
    )


def test_what_was_done_earlier_is_told_with_its_time(each_house: House) -> None:
    """A CRM tells all of a quarter of an hour at once, in its own order; a minute ahead is now."""
    lead_id = posted(each_house)
    posted_at = each_house.clock.now
    each_house.clock.forward(15 * MINUTE)

    def at(minutes: float) -> str:
        return (posted_at + minutes * MINUTE).isoformat()

    move(each_house, lead_id, "accept", {"at": at(2)})
    move(each_house, lead_id, "contact", {"how": "call", "at": at(9)})
    contacted = move(each_house, lead_id, "contact", {"how": "email", "at": at(4)}).json
    won = move(each_house, lead_id, "outcome", {"outcome": "won", "at": at(15.9)}).json

    assert {clock["kind"]: clock["elapsed_seconds"] for clock in contacted["clocks"]} == {
        "first_response": 240.0,
        "acceptance": 120.0,
        "attempts": None,
    }
    assert won["assignment"]["human_delay_seconds"] == 240.0
    assert won["assignment"]["ended_at"] == at(15)
    timeline = each_house.get(f"/v1/leads/{lead_id}/timeline").json
    told = [(entry["at"], entry["move"], entry.get("told_at")) for entry in timeline["entries"] if "move" in entry]
    assert told == [
        (at(2), "accept", at(15)),
        (at(4), "contact", at(15)),
        (at(9), "contact", at(15)),
        (at(15), "outcome", None),
    ]


def test_a_move_before_the_lead_was_assigned_is_a_conflict(each_house: House) -> None:
    lead_id = posted(each_house)
    rep = each_house.get(f"/v1/leads/{lead_id}").json["rep"]

    answer = move(each_house, lead_id, "contact", {"how": "call", "at": "2026-11-24T09:00:00Z"})

    assert answer.status_code == 409
    assert answer.json["detail"] == (
        f"contact at 2026-11-24T09:00:00+00:00 is not possible: {rep} of emea-enterprise has this lead, "
        "assigned at 2026-11-24T10:00:00+00:00."
    )


def test_an_illegal_move_is_a_conflict_that_says_what_is_possible(each_house: House) -> None:
    lead_id = posted(each_house)
    move(each_house, lead_id, "accept")

    answer = move(each_house, lead_id, "accept")

    assert (answer.status_code, answer.json["detail"]) == (
        409,
        "accept is not possible: this lead is accepted; possible are reject, contact, reassign, outcome, hold.",
    )
    assert answer.json["possible"] == ["reject", "contact", "reassign", "outcome", "hold"]
    assert PROBLEM.validate(answer.json) == {}


def test_an_outcome_told_wrongly_is_corrected(each_house: House) -> None:
    lead_id = posted(each_house)
    move(each_house, lead_id, "outcome", LOST)
    again = {"outcome": "won", "amount": 900}

    refused = move(each_house, lead_id, "outcome", again)
    corrected = move(each_house, lead_id, "outcome", {**again, "correct": True}).json

    assert refused.status_code == 409
    assert (corrected["state"], corrected["assignment"]["amount"], STANDING.validate(corrected)) == ("won", 900.0, {})


def test_a_repeated_move_gets_the_first_answer(each_house: House) -> None:
    lead_id = posted(each_house)
    key = {"Idempotency-Key": "call-1"}
    first = move(each_house, lead_id, "contact", {"how": "call"}, **key)
    again = move(each_house, lead_id, "contact", {"how": "call"}, **key)

    timeline = each_house.get(f"/v1/leads/{lead_id}/timeline").json["entries"]
    assert again.data == first.data
    assert [entry["move"] for entry in timeline if entry["kind"] == "move"] == ["contact"]


def test_an_idempotency_key_is_good_for_one_door_and_one_lead(house: House) -> None:
    one, other = posted(house), house.post("/v1/leads", {**HOT, "email": "eva@else.example"}).json["lead_id"]
    move(house, one, "accept", **{"Idempotency-Key": "1"})

    answers = [
        move(house, other, "accept", **{"Idempotency-Key": "1"}),
        move(house, one, "hold", **{"Idempotency-Key": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]


def test_a_manager_names_the_rep_who_gets_the_lead(each_house: House) -> None:
    lead_id = posted(each_house)
    others = {"Ana", "Ben", "Chloe"} - {each_house.get(f"/v1/leads/{lead_id}").json["rep"]}
    named = max(others)

    answer = move(each_house, lead_id, "reassign", {"rep": named}).json

    assert (answer["rep"], answer["state"]) == (named, "assigned")
    assert answer["assignment"]["why"].startswith(f"{named} was named; also eligible: {min(others)}; not eligible: ")


def test_a_lead_never_goes_back_to_who_had_it(house: House) -> None:
    lead_id = posted(house)
    first = house.get(f"/v1/leads/{lead_id}").json["rep"]

    answer = move(house, lead_id, "reassign", {"rep": first})

    assert answer.status_code == 409
    assert answer.json["detail"].startswith(
        f"reassign to {first} is not possible: {first} was named and cannot take this lead; eligible: "
    )


@pytest.mark.parametrize("kind", ["accept", "reassign", "hold", "resume"])
@pytest.mark.parametrize("lead_id", ["x", NOBODY])
def test_nobody_cannot_be_moved(house: House, kind: str, lead_id: str) -> None:
    assert move(house, lead_id, kind).status_code == 404


@pytest.mark.parametrize(
    ("kind", "text", "type_", "status"),
    [
        ("accept", b"null", "application/json", 422),
        ("accept", b"x=1", "application/x-www-form-urlencoded", 415),
        ("contact", b"", "", 415),
        ("contact", b"{", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(house: House, kind: str, text: bytes, type_: str, status: int) -> None:
    path, headers = f"/v1/leads/{posted(house)}/{kind}", {**house.bearer("crm"), "Content-Type": type_}

    assert house.client.post(path, data=text, headers=headers).status_code == status


@pytest.mark.parametrize("type_", ["application/json", "text/plain", ""])
def test_a_move_that_says_nothing_needs_no_body_whatever_type_the_client_names(house: House, type_: str) -> None:
    path, headers = f"/v1/leads/{posted(house)}/accept", {**house.bearer("crm"), "Content-Type": type_}

    assert house.client.post(path, data=b"", headers=headers).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("form", 403), ("analyst", 403), ("ops", 403), ("admin", 200)])
def test_only_crms_and_admins_move_leads(house: House, kind: str, status: int) -> None:
    assert house.post(f"/v1/leads/{posted(house)}/accept", {}, kind=kind).status_code == status


def test_the_timeline_tells_moves_and_what_came_of_them(each_house: House) -> None:
    lead_id = posted(each_house)
    each_house.clock.forward(20 * MINUTE)
    move(each_house, lead_id, "contact", {"how": "email"})
    move(each_house, lead_id, "outcome", LOST)

    timeline = each_house.get(f"/v1/leads/{lead_id}/timeline").json

    told = [
        entry
        for entry in timeline["entries"]
        if entry["kind"] in ("move", "sla.breached", "lead.outcome") and entry.get("clock") != "acceptance"
    ]
    assert TIMELINE.validate(timeline) == {}
    assert [(each["kind"], each.get("move"), each.get("clock"), each.get("reason")) for each in told] == [
        ("sla.breached", None, "first_response", None),
        ("move", "contact", None, None),
        ("move", "outcome", None, "no decision"),
        ("lead.outcome", None, None, "no decision"),
    ]
