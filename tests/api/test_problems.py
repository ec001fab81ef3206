"""Everything that goes wrong over HTTP is a problem document."""

import pytest

from tests.api.builders import HOT, House


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (b"", "The body is not JSON: line 1, column 1: Input is a zero-length, empty document."),
        (b'{"email": "a",\n "b": tru}', "The body is not JSON: line 2, column 7: invalid literal, expected 'true'."),
        (
            b'{"email": "\xff"}',
            "The body is not JSON: line 1, column 1: str is not valid UTF-8: surrogates not allowed.",
        ),
        (b'{"a": NaN}', "The body is not JSON: line 1, column 7: unexpected character, expected a JSON value."),
        (b'{"a": 1e999}', "The body is not JSON: line 1, column 7: number is infinity when parsed as double."),
        (b'"\\ud800"', "The body is not JSON: line 1, column 2: no low surrogate in string."),
        (b"[" * 5000, "The body is not JSON: line 1, column 1026: depth limit exceeded."),
    ],
)
def test_what_is_not_json_is_told_where(house: House, text: bytes, detail: str) -> None:
    response = house.client.post("/v1/leads", data=text, content_type="application/json", headers=house.bearer("crm"))

    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.json["detail"] == detail


def test_of_a_name_given_twice_the_last_counts(house: House) -> None:
    text = b'{"external_id": "a", "external_id": "b"}'
    house.client.post("/v1/leads", data=text, content_type="application/json", headers=house.bearer("crm"))

    assert house.get("/v1/leads").json["leads"][0]["external_id"] == "b"


@pytest.mark.parametrize("path", ["/v1/leads", "/v1/score"])
def test_a_body_of_ten_megabytes_is_too_large(house: House, path: str) -> None:
    response = house.post(path, {**HOT, "message": "x" * 10_000_000})

    assert (response.status_code, response.json["detail"]) == (
        413,
        "The body is too large; at most 1,000,000 bytes are taken here.",
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_refused(house: House, content_type: str) -> None:
    response = house.client.post("/v1/leads", data=b"{}", content_type=content_type, headers=house.bearer("crm"))

    assert (response.status_code, response.mimetype) == (415, "application/problem+json")
    assert response.headers["Accept-Post"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/v1/nowhere", 404), ("DELETE", "/v1/leads", 405), ("PUT", "/healthz", 405)],
)
def test_what_is_not_there_is_a_problem_too(house: House, method: str, path: str, status: int) -> None:
    response = house.client.open(path, method=method)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.json["status"] == status


def test_a_wrong_method_is_told_the_right_ones(house: House) -> None:
    assert "POST" in house.client.delete("/v1/leads").headers["Allow"]


def test_a_person_at_a_wrong_address_gets_a_page(house: House) -> None:
    response = house.client.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_a_fault_of_ours_says_nothing_of_its_inside(house: House) -> None:
    def fail() -> str:
        raise RuntimeError("secret of the house")

    house.app.testing = False
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    house.app.view_functions["health.get_health"] = fail

    response = house.client.get("/healthz")

    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "secret" not in response.text


@pytest.mark.parametrize(("given", "echoed"), [("abc-1.2:3", True), ("", False), ("a b", False), ("x" * 129, False)])
def test_a_request_id_is_echoed_when_it_is_one(house: House, given: str, echoed: bool) -> None:
    answered = house.client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]

    assert (answered == given) is echoed
    assert answered
