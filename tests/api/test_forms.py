"""The public door of websites' forms."""

import re
from io import BytesIO

import pytest

from store.keys import create_key, find_key, revoke_key
from store.leads import submissions_of
from tests.api.builders import HOT, NOW, House

FIELDS = {
    "email": "ann@big.example",
    "title": "VP Engineering",
    "country": "Germany",
    "employees": "4000",
    "source": "demo_request",
    "consent": "yes",
    "message": "Show us <b>everything</b>",
}


def test_a_form_posted_as_json_gets_nothing_but_an_id(each_house: House) -> None:
    response = each_house.client.post(each_house.form, json=HOT)

    assert response.status_code == 201
    assert list(response.json) == ["id"]


def test_an_id_tells_nothing_of_whether_the_person_was_known(house: House) -> None:
    first, again = (house.client.post(house.form, json=HOT).json["id"] for _ in range(2))

    assert first != again
    assert house.get(f"/v1/leads/{first}").status_code == 404


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_an_html_form_sends_its_visitor_to_the_thank_you_page(house: House, content_type: str) -> None:
    response = house.client.post(house.form, data=FIELDS, content_type=content_type)

    assert (response.status_code, response.headers["Location"]) == (303, "/demo/thanks")


def test_the_fields_of_a_form_are_the_lead_and_further_ones_its_attributes(each_house: House) -> None:
    each_house.client.post(each_house.form, data={**FIELDS, "areas": ["crm", "mail"]})

    lead = each_house.get("/v1/leads").json["leads"][0]

    assert (lead["country"], lead["attributes"]) == ("DE", {"employees": "4000", "areas": ["crm", "mail"]})
    assert lead["consent"] == {"marketing": True, "at": None}
    assert (lead["team"], lead["state"]) == ("emea-enterprise", "assigned")


def test_what_was_sent_is_kept_with_its_form(house: House) -> None:
    house.client.post(house.form, data=FIELDS)
    lead = house.get("/v1/leads").json["leads"][0]

    with house.database.read() as tx:
        sent = submissions_of(tx, lead["id"])

    assert [(each.form, each.body["message"]) for each in sent] == [("demo", "Show us <b>everything</b>")]


def test_a_filled_trap_looks_like_success_and_keeps_nothing(house: House) -> None:
    page = house.client.post(house.form, data={**FIELDS, "homepage": "http://spam.example"})
    json = house.client.post(house.form, json={**HOT, "homepage": "x"})

    assert (page.status_code, json.status_code) == (303, 201)
    assert house.get("/v1/leads").json["leads"] == []
    assert b'leadline_leads_total{door="form",outcome="trapped"} 2.0' in house.client.get("/metrics").data


def test_an_empty_trap_is_no_attribute(house: House) -> None:
    house.client.post(house.form, data={**FIELDS, "homepage": " "})

    assert "homepage" not in house.get("/v1/leads").json["leads"][0]["attributes"]


def test_a_browser_gets_a_page_with_what_was_typed_kept_and_escaped(house: House) -> None:
    response = house.client.post(house.form, data={**FIELDS, "email": '"><script>', "phone": "12"})
    page = response.text

    assert (response.status_code, response.mimetype) == (422, "text/html")
    assert '<a href="#f-email">E-mail</a>: not an e-mail address' in page
    assert 'value="&#34;&gt;&lt;script&gt;"' in page
    assert "Show us &lt;b&gt;everything&lt;/b&gt;</textarea>" in page
    assert '<input type="hidden" name="source" value="demo_request">' in page
    assert "<script>" not in page


def test_a_missing_required_field_is_asked_for_on_the_page(house: House) -> None:
    page = house.client.post(house.form, data={"phone": "+49 30 123456"}).text

    assert '<a href="#f-email">E-mail</a>: required' in page
    assert re.search(r'<input id="f-email"\s+name="email"', page)


def test_a_script_that_asks_for_json_gets_a_problem(house: House) -> None:
    response = house.client.post(house.form, data={"email": "ann"}, headers={"Accept": "application/json"})

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")


def test_a_script_that_asks_for_json_gets_json(house: House) -> None:
    response = house.client.post(house.form, data=FIELDS, headers={"Accept": "application/json"})

    assert (response.status_code, list(response.json)) == (201, ["id"])


def test_a_field_given_twice_is_an_error(house: House) -> None:
    response = house.client.post(
        house.form, data={"email": ["a@b.example", "c@d.example"]}, headers={"Accept": "application/json"}
    )

    assert response.json["errors"] == [{"field": "email", "message": "given 2 times"}]


def test_a_file_is_refused(house: House) -> None:
    response = house.client.post(house.form, data={**FIELDS, "cv": (BytesIO(b"x"), "cv.pdf")})

    assert (response.status_code, response.json["detail"]) == (
        415,
        "Files are not taken here; the field 'cv' holds one.",
    )


def test_a_form_of_ten_megabytes_is_too_large(house: House) -> None:
    response = house.client.post(house.form, data={"message": "x" * 10_000_000})

    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize("kind", ["crm", "admin"])
def test_only_a_forms_key_names_a_form(house: House, kind: str) -> None:
    assert house.client.post(f"/v1/forms/{house.keys[kind]}/leads", json=HOT).status_code == 404


def test_an_unknown_form_is_not_found(house: House) -> None:
    response = house.client.post("/v1/forms/form_nobody/leads", json=HOT)

    assert (response.status_code, response.json["detail"]) == (404, "No form has this key.")


def test_a_browser_at_an_unknown_form_gets_a_page(house: House) -> None:
    response = house.client.post("/v1/forms/form_nobody/leads", data=FIELDS, headers={"Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "No form has this key." in response.text


def test_a_form_that_the_playbook_does_not_have_is_not_found(house: House) -> None:
    with house.database.begin() as tx:
        key = create_key(tx, "form", "pricing", NOW)

    assert (
        house.client.post(f"/v1/forms/{key}/leads", json=HOT).json["detail"]
        == "The playbook in force has no form pricing."
    )


def test_a_form_whose_key_is_revoked_is_gone(house: House) -> None:
    with house.database.begin() as tx:
        key = find_key(tx, house.keys["form"])
        assert key is not None
        revoke_key(tx, key.id, NOW)

    assert house.client.post(house.form, json=HOT).status_code == 410


def test_the_forms_own_pages_may_post_from_a_script(house: House) -> None:
    asked = house.client.options(house.form, headers={"Origin": "http://localhost:8000"})
    posted = house.client.post(house.form, json={}, headers={"Origin": "http://localhost:8000"})

    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "POST")
    assert asked.headers["Access-Control-Allow-Origin"] == "http://localhost:8000"
    assert (posted.status_code, posted.headers["Access-Control-Allow-Origin"]) == (422, "http://localhost:8000")


def test_other_pages_scripts_may_not_read_the_answer(house: House) -> None:
    asked = house.client.options(house.form, headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in asked.headers
    assert asked.headers["Vary"] == "Origin"
