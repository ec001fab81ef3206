"""Whatever is posted to whichever door, the answer is never a fault of ours."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.builders import House


def encodable(text: str) -> str:
    """The text as a browser could send it."""
    return text.encode("utf-8", "replace").decode()


LEAD_ID = "0193e5f4-0000-7000-8000-000000000000"
FIELDS = (
    *("email", "phone", "external_id", "country", "title", "message", "consent", "created_at", "attributes"),
    *("activities", "kind", "at", "marketing", "homepage", "score", "employees"),
)
TYPES = (
    *("application/json", "application/x-ndjson", "application/x-www-form-urlencoded"),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/yaml",
        "application/json; charset=nonsense",
        "",
    ),
)
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["ann@big.example", "+4930123456", "2026-11-24T10:00:00Z", "0001-01-01T00:00:00+14:00", "NO", "\0", "9" * 400]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**63, -(2**63) - 1, 2**64, 10**400])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | TEXT, inner, max_size=5),
    max_leaves=15,
)
BODIES = st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
PLAYBOOK = ("/v1/playbook/check", "/v1/playbook/test", "/v1/playbook/diff", "/v1/playbook/versions/1/publish?because=x")
PATHS = (
    "/v1/leads",
    "/v1/score",
    "/v1/leads/batch",
    "/v1/score/batch",
    f"/v1/leads/{LEAD_ID}/activities",
    "form",
)

FUZZ = settings(
    max_examples=150,
    deadline=None,
    # The house outlives an example on purpose: what one leaves behind must not upset the next.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("path", PATHS + PLAYBOOK)
def test_any_body_at_any_door_is_answered(house: House, path: str) -> None:
    @FUZZ
    @given(
        body=BODIES, content_type=st.sampled_from(TYPES), accept=st.sampled_from(["", "text/html", "application/json"])
    )
    def answered(body: bytes, content_type: str, accept: str) -> None:
        headers = {**house.bearer("ops" if path in PLAYBOOK else "crm"), "Accept": accept}
        response = house.client.post(
            house.form if path == "form" else path, data=body, content_type=content_type, headers=headers
        )
        assert response.status_code < 500
        assert b'"status":5' not in response.data

    answered()


MOVES = ("accept", "contact", "hold", "outcome", "reassign", "reject", "resume")
SAID = st.dictionaries(
    st.sampled_from(["reason", "outcome", "amount", "how", "rep"]),
    st.sampled_from(["won", "lost", "no decision", "bad timing", "call", "Ana", "Ben"]) | NUMBERS | TEXT,
    max_size=3,
).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))


@FUZZ
@given(moves=st.lists(st.tuples(st.sampled_from(MOVES), SAID | BODIES, st.sampled_from(["", "1", "\t"])), max_size=8))
def test_any_moves_in_any_order_are_answered(house: House, moves: list[tuple[str, bytes, str]]) -> None:
    """What is possible is done, and everything else refused."""
    lead_id = house.post("/v1/leads", {"email": "ann@big.example", "source": "demo_request"}).json["lead_id"]

    for kind, body, key in moves:
        headers = {**house.bearer("crm"), **({"Idempotency-Key": key} if key else {})}
        path = f"/v1/leads/{lead_id}/{kind}"
        answered = house.client.post(path, data=body, content_type="application/json", headers=headers)
        assert answered.status_code in {200, 400, 409, 422}


@FUZZ
@given(fields=st.dictionaries(st.sampled_from(FIELDS) | TEXT, st.lists(TEXT, max_size=2), max_size=6))
def test_any_fields_of_a_form_are_answered(house: House, fields: dict[str, list[str]]) -> None:
    clean = {encodable(name): [encodable(text) for text in texts] for name, texts in fields.items()}

    assert house.client.post(house.form, data=clean, content_type=TYPES[2]).status_code in {303, 422}


@FUZZ
@given(
    path=TEXT.map(encodable),
    query=st.dictionaries(st.sampled_from(["limit", "cursor", "team"]), TEXT),
)
def test_any_address_is_answered(house: House, path: str, query: dict[str, str]) -> None:
    clean = {name: encodable(text) for name, text in query.items()}

    assert house.client.get(f"/v1/leads/{path}", headers=house.bearer("crm")).status_code < 500
    assert house.client.get("/v1/leads", query_string=clean, headers=house.bearer("crm")).status_code < 500
    assert house.client.post(f"/v1/forms/{path}/leads", json={}).status_code < 500
    for door in ("", "/publish"):
        address = f"/v1/playbook/versions/{path}{door}"
        assert house.client.open(address, "POST" if door else "GET", headers=house.bearer("ops")).status_code < 500
    assert house.client.get("/v1/playbook/versions", query_string=clean, headers=house.bearer("ops")).status_code < 500


@FUZZ
@given(
    headers=st.dictionaries(
        st.sampled_from(["Authorization", "Idempotency-Key", "X-Request-Id", "Accept", "Origin"]),
        st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40),
    )
)
def test_any_headers_are_answered(house: House, headers: dict[str, str]) -> None:
    assert house.client.post("/v1/leads", json={"external_id": "x"}, headers=headers).status_code < 500
    assert house.client.post(house.form, json={"external_id": "x"}, headers=headers).status_code < 500
