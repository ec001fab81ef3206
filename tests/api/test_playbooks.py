"""The doors of operations: the playbook in force, its versions, checks and tests."""

import pytest
from sqlalchemy import select, update

from rules.sample import sample_cases, sample_playbook
from store.tables import events, in_force, playbook_versions
from tests.api.builders import Answered, House

BETTER = sample_playbook().replace("deliver: 400", "deliver: 500")
# Answering later than the sample's cases expect.
LAXER = sample_playbook().replace("respond_within: 15m", "respond_within: 30m")
BROKEN = sample_playbook().replace("    then: {add: -25", "    thn: {add: -25")
WHY = "?because=Berlin%20takes%20Austria"


def put(house: House, text: str | bytes, query: str = WHY, *, kind: str = "ops", **headers: str) -> Answered:
    """Puts a playbook, edited from the first unless headers say otherwise."""
    given = {"If_Match": '"1"', "Content_Type": "text/yaml", **headers}
    return house.client.open(
        f"/v1/playbook{query}",
        "PUT",
        data=text,
        headers={**house.bearer(kind), **{name.replace("_", "-"): value for name, value in given.items() if value}},
    )


def put_json(house: House, body: object, query: str = WHY) -> Answered:
    """Puts a playbook and its cases, edited from the first."""
    return house.client.open(
        f"/v1/playbook{query}", "PUT", json=body, headers={**house.bearer("ops"), "If-Match": '"1"'}
    )


def yaml(house: House, path: str, text: str) -> Answered:
    """Posts YAML as operations."""
    headers = {**house.bearer("ops"), "Content-Type": "application/yaml"}
    return house.client.post(path, data=text.encode(), headers=headers)


def number_in_force(house: House) -> str:
    """The ETag of the playbook in force."""
    return house.get("/v1/playbook", kind="ops").headers["ETag"]


def test_the_playbook_is_read_as_it_was_written(house: House) -> None:
    response = house.get("/v1/playbook", kind="ops")

    assert (response.text, response.headers["ETag"]) == (sample_playbook(), '"1"')
    assert response.headers["Content-Type"] == "text/yaml; charset=utf-8"
    assert house.get("/v1/playbook", kind="crm").status_code == 403


def test_a_playbook_one_has_already_is_not_sent_again(house: House) -> None:
    headers = {**house.bearer("ops"), "If-None-Match": '"1"', "Accept": "application/yaml"}

    assert house.client.get("/v1/playbook", headers=headers).status_code == 304


def test_a_playbook_that_is_put_is_in_force_at_once(each_house: House) -> None:
    response = put(each_house, BETTER)

    published = each_house.get("/v1/playbook", kind="ops")
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    assert (response.json["number"], response.json["by"]) == (2, "test")
    assert response.json["because"] == "Berlin takes Austria"
    assert (published.text, published.headers["ETag"]) == (BETTER, '"2"')


def test_publishing_is_told_to_the_outside(house: House) -> None:
    put(house, BETTER)

    with house.database.read() as tx:
        payloads = tx.execute(select(events.c.payload).where(events.c.kind == "playbook.published")).scalars().all()
    assert [(each["playbook"], each["replaces"], each["by"]) for each in payloads][1:] == [(2, 1, "test")]


def test_an_edit_must_say_what_it_edited(house: House) -> None:
    response = put(house, BETTER, If_Match="")

    assert response.status_code == 428
    assert "send the ETag" in response.json["detail"]
    assert number_in_force(house) == '"1"'


@pytest.mark.parametrize("tag", ['"7"', 'W/"1"', "nonsense", ""])
def test_anothers_edit_is_not_overwritten(house: House, tag: str) -> None:
    put(house, BETTER)

    response = put(house, BETTER, If_Match=tag or '"1"')

    assert (response.status_code, response.headers["ETag"]) == (412, '"2"')
    assert response.json["detail"].startswith("Playbook 2 is in force, which is not the one that was edited.")


def test_any_version_may_be_overwritten_by_who_says_so(house: House) -> None:
    assert put(house, BETTER, If_Match="*").status_code == 200


def test_a_first_playbook_is_put_where_none_is(house: House) -> None:
    with house.database.begin() as tx:
        tx.execute(update(in_force).values(playbook=None))

    assert house.get("/v1/playbook", kind="ops").status_code == 503
    assert put(house, BETTER).status_code == 412
    assert put(house, BETTER, f"{WHY}&without_cases=true", If_Match="", If_None_Match="*").json["number"] == 2


def test_a_first_playbook_does_not_overwrite_one(house: House) -> None:
    response = put(house, BETTER, If_Match="", If_None_Match="*")

    assert (response.status_code, response.json["detail"][:48]) == (
        412,
        "Playbook 1 is in force, so there is one to edit.",
    )


def test_every_problem_is_told_with_its_place(house: House) -> None:
    text = BROKEN.replace("weights: {fit: 0.7", "weights: {fitt: 0.7")

    response = put(house, text)

    places = [(each["line"], each["column"], each["code"]) for each in response.json["errors"]]
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert len(places) > 1
    assert ("unknown-key", "did you mean 'then'?") in [(each["code"], each["hint"]) for each in response.json["errors"]]
    assert number_in_force(house) == '"1"'


@pytest.mark.parametrize("query", ["", "?because=", "?because=%20", "?because=%00", f"?because={'x' * 2001}"])
def test_a_reason_is_needed(house: House, query: str) -> None:
    response = put(house, BETTER, query)

    assert (response.status_code, response.json["errors"][0]["field"]) == (422, "because")
    assert number_in_force(house) == '"1"'


def test_a_reason_may_stand_in_a_header(house: House) -> None:
    why = "Größere Teams".encode().decode("latin-1")

    assert put(house, BETTER, "", X_Because=why).json["because"] == "Größere Teams"


@pytest.mark.parametrize(
    ("text", "content_type", "status"),
    [
        (BETTER, "application/json", 400),
        (BETTER, "text/csv", 415),
        (b"\xff\xfe", "text/yaml", 400),
        (b"x" * 1_000_001, "text/yaml", 413),
        (b"\0", "text/yaml", 422),
        (b"", "text/yaml", 422),
    ],
)
def test_a_body_that_is_no_playbook_is_a_clear_error(
    house: House, text: str | bytes, content_type: str, status: int
) -> None:
    response = put(house, text, Content_Type=content_type)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_a_playbook_is_tested_by_the_cases_of_the_one_it_replaces(house: House) -> None:
    put(house, BETTER)

    kept = house.get("/v1/playbook/versions/2/cases", kind="ops")

    assert (kept.text, kept.headers["Content-Type"]) == (sample_cases(), "text/yaml; charset=utf-8")
    assert [each["tested"] for each in house.get("/v1/playbook/versions", kind="ops").json["versions"]] == [True, True]


def test_a_playbook_whose_cases_fail_stays_out_of_force(house: House) -> None:
    response = put(house, LAXER)

    first = response.json["errors"][0]
    assert response.status_code == 422
    assert response.json["detail"] == (
        "4 of its 31 cases fail. They are those kept with playbook 1; send the cases that go with this text as JSON "
        '{"playbook": "...", "cases": "..."}, or publish it untested with ?without_cases=true.'
    )
    assert (first["field"], first["code"], first["line"] > 1) == ("cases", "case", True)
    assert "expected respond_by " in first["message"]
    assert number_in_force(house) == '"1"'


def test_cases_are_put_with_their_playbook_and_kept_with_it(house: House) -> None:
    cases = sample_cases().split("  - name: Ben does")[0].replace("T09:15:00", "T09:30:00")

    response = put_json(house, {"playbook": LAXER, "cases": cases})

    assert (response.status_code, response.json["number"]) == (200, 2)
    assert house.get("/v1/playbook/versions/2/cases", kind="ops").text == cases
    assert house.get("/v1/playbook", kind="ops").text == LAXER


def test_a_reason_may_stand_beside_the_texts(house: House) -> None:
    assert put_json(house, {"playbook": BETTER, "because": "More leads"}, "").json["because"] == "More leads"


def test_a_playbook_goes_untested_only_where_that_is_said(house: House) -> None:
    untested = put(house, LAXER, f"{WHY}&without_cases=true")

    after = put(house, BETTER, If_Match='"2"')

    assert untested.status_code == 200
    assert house.get("/v1/playbook/versions/2/cases", kind="ops").status_code == 404
    assert (after.status_code, after.json["errors"][0]["field"]) == (422, "cases")
    assert after.json["detail"].startswith("There are no cases to test it by.")


@pytest.mark.parametrize(
    ("body", "query", "field"),
    [
        ({"playbook": BETTER, "cases": sample_cases()}, f"{WHY}&without_cases=true", "cases"),
        ({"playbook": BETTER, "cases": "cases: []"}, WHY, "cases"),
        ({"playbook": BETTER, "cases": sample_cases().replace("rules: students", "rules: pupils")}, WHY, "cases"),
        ({"playbook": BETTER.replace("name: students", "name: pupils")}, WHY, "cases"),
        ({"playbook": BROKEN, "cases": sample_cases()}, WHY, "playbook"),
        ({"cases": sample_cases()}, WHY, "playbook"),
        ({"playbook": BETTER, "without_cases": "maybe"}, WHY, "without_cases"),
        ({"playbook": BETTER}, f"{WHY}&without_cases=yes", "without_cases"),
        ([], WHY, ""),
    ],
)
def test_texts_that_do_not_go_together_are_named(house: House, body: object, query: str, field: str) -> None:
    response = put_json(house, body, query)

    assert (response.status_code, response.json["errors"][0]["field"]) == (422, field)
    assert number_in_force(house) == '"1"'


def test_others_may_not_publish(house: House) -> None:
    assert [put(house, BETTER, kind=kind).status_code for kind in ("crm", "analyst", "form", "admin")] == [
        *(403, 403, 403),
        200,
    ]


def test_versions_are_paged_newest_first(house: House) -> None:
    put(house, BETTER)
    house.post(f"/v1/playbook/versions/1/publish{WHY}", None, kind="ops")

    first = house.get("/v1/playbook/versions?limit=1", kind="ops").json
    second = house.get(f"/v1/playbook/versions?limit=1&cursor={first['cursor']}", kind="ops").json

    assert [(each["number"], each["active"]) for each in (*first["versions"], *second["versions"])] == [
        (2, False),
        (1, True),
    ]
    assert [each["because"] for each in second["versions"][0]["publications"]] == ["test", "Berlin takes Austria"]
    assert second["cursor"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=x", "cursor=99999999999", "colour=red"])
def test_a_page_that_cannot_be_is_refused(house: House, query: str) -> None:
    assert house.get(f"/v1/playbook/versions?{query}", kind="ops").status_code == 422


def test_every_text_is_kept(house: House) -> None:
    put(house, BETTER)

    assert house.get("/v1/playbook/versions/1", kind="ops").text == sample_playbook()
    assert house.get("/v1/playbook/versions/2", kind="ops").text == BETTER


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "9999999999", "1.5"])
def test_a_version_that_is_not_kept_is_not_found(house: House, number: str) -> None:
    path = f"/v1/playbook/versions/{number}"

    assert house.get(path, kind="ops").status_code == 404
    assert house.post(f"{path}/publish{WHY}", None, kind="ops").status_code == 404


def test_a_kept_version_is_put_into_force_again(house: House) -> None:
    put(house, BETTER)

    response = house.post("/v1/playbook/versions/1/publish", {"because": "It was better"}, kind="ops")

    assert (response.status_code, response.json["number"], response.json["because"]) == (200, 1, "It was better")
    assert number_in_force(house) == '"1"'


def test_going_back_guards_against_anothers_edit(house: House) -> None:
    put(house, BETTER)
    path = f"/v1/playbook/versions/1/publish{WHY}"

    late = house.client.post(path, headers={**house.bearer("ops"), "If-Match": '"1"'})
    again = house.post(f"/v1/playbook/versions/2/publish{WHY}", None, kind="ops")
    silent = house.post("/v1/playbook/versions/1/publish", None, kind="ops")

    assert (late.status_code, again.status_code, silent.status_code) == (412, 409, 422)


def test_going_back_tries_the_cases_kept_with_the_version(house: House) -> None:
    """They may fail where what decides has changed since, as a new Leadline or new holidays would."""
    put(house, BETTER)
    with house.database.begin() as tx:
        cases = sample_cases().replace("T09:15:00", "T09:20:00")
        tx.execute(update(playbook_versions).where(playbook_versions.c.number == 1).values(cases=cases))
    path = f"/v1/playbook/versions/1/publish{WHY}"

    tried = house.post(path, None, kind="ops")
    untried = house.post(path, {"without_cases": True}, kind="ops")

    assert (tried.status_code, tried.json["detail"][:26]) == (422, "1 of its 31 cases fails. T")
    assert (untried.status_code, number_in_force(house)) == (200, '"1"')


def test_a_check_tells_what_is_wrong_and_publishes_nothing(house: House) -> None:
    broken, clean = (yaml(house, "/v1/playbook/check", text) for text in (BROKEN, BETTER))

    assert (clean.status_code, clean.json) == (200, {"problems": []})
    assert [(each["line"] > 1, each["code"], each["hint"]) for each in broken.json["problems"]][:1] == [
        (True, "unknown-key", "did you mean 'then'?")
    ]
    assert number_in_force(house) == '"1"'


def test_cases_are_decided_by_the_playbook_in_force(house: House) -> None:
    report = house.post("/v1/playbook/test", {"cases": sample_cases()}, kind="ops").json

    assert (report["failed"], report["uncovered"]) == (0, [])


def test_a_draft_is_decided_on_the_cases_in_force(house: House) -> None:
    assert house.post("/v1/playbook/test", {"playbook": LAXER}, kind="ops").json["failed"] > 0
    assert house.post("/v1/playbook/test", {}, kind="ops").json["failed"] == 0


def test_without_cases_in_force_a_test_needs_some(house: House) -> None:
    put(house, BETTER, f"{WHY}&without_cases=true")

    assert house.post("/v1/playbook/test", {}, kind="ops").json["errors"][0]["field"] == "cases"


def test_cases_are_decided_by_a_draft(house: House) -> None:
    report = house.post("/v1/playbook/test", {"cases": sample_cases(), "playbook": LAXER}, kind="ops").json

    assert report["failed"] > 0
    assert any("respond_by" in line for case in report["cases"] for line in case["differences"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cases": "cases: []"}, "cases"),
        ({"cases": sample_cases(), "playbook": BROKEN}, "playbook"),
        ({"cases": None}, "cases"),
        ([], ""),
    ],
)
def test_broken_texts_are_named(house: House, body: object, field: str) -> None:
    response = house.post("/v1/playbook/test", body, kind="ops")

    assert (response.status_code, response.json["errors"][0]["field"]) == (422, field)
