"""A lead as a caller sends it, and every way it can be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.parse import FieldError, InputError, parse_activities, parse_lead, parse_list, parse_scoring
from scoring.lead import Activity, Consent, Lead

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["email", "phone", "country", "consent", "created_at", "attributes", "message", "activities", "x"]
)


def errors_of(data: object, required: tuple[str, ...] = ()) -> dict[str, str]:
    """The field errors of a lead that cannot be taken."""
    with pytest.raises(InputError) as caught:
        parse_lead(data, NOW, required=required)
    return {error.field: error.message for error in caught.value.errors}


def test_a_whole_lead_is_normalised() -> None:
    sent = {
        "email": " Ann@Big.Example ",
        "phone": "030 123456",
        "external_id": "crm-7",
        "country": "Germany",
        "title": "VP Engineering",
        "consent": {"marketing": True, "at": "2026-11-24T09:00:00+01:00"},
        "created_at": "2026-11-24T10:30:00+01:00",
        "attributes": {"employees": 1200, "areas": ["a", "b"], "vip": True, "note": "  ", "gone": None},
    }

    parsed = parse_lead(sent, NOW)

    assert parsed == Lead(
        email="ann@big.example",
        phone="+4930123456",
        external_id="crm-7",
        country="DE",
        title="VP Engineering",
        consent=Consent(marketing=True, at=datetime(2026, 11, 24, 8, tzinfo=UTC)),
        created_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        attributes={"employees": 1200, "areas": ("a", "b"), "vip": True},
    )


def test_a_lead_without_created_at_is_created_now() -> None:
    assert parse_lead({"email": "ann@big.example"}, NOW).created_at == NOW


def test_null_and_blank_fields_are_missing() -> None:
    parsed = parse_lead({"email": "ann@big.example", "title": None, "company": "  ", "consent": None}, NOW)

    assert (parsed.title, parsed.company, parsed.consent) == (None, None, None)


def test_every_error_is_told_at_once() -> None:
    sent = {"email": "ann", "phone": "12", "country": "Atlantis", "created_at": "2026-11-24T10:00:00", "titel": "CTO"}

    assert errors_of(sent) == {
        "titel": "unknown field; did you mean title?",
        "email": "not an e-mail address; write it like ann@company.example",
        "country": "not a country; give its ISO 3166 code (NO) or its name (Norway)",
        "created_at": "2026-11-24T10:00:00 has no offset; write 2026-11-24T10:00:00Z if it is UTC, or "
        "2026-11-24T10:00:00+01:00",
    }


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ([], "", "a JSON object expected, not a list"),
        ("x", "", "a JSON object expected, not text"),
        (None, "", "a JSON object expected, not null"),
        ({}, "email", "one of email, phone and external_id is required"),
        ({"email": None, "phone": " "}, "email", "one of email, phone and external_id is required"),
        ({"email": 5}, "email", "text expected, not a number"),
        ({"email": ["a@b.example"]}, "email", "text expected, not a list"),
        ({"external_id": True}, "external_id", "text expected, not true or false"),
        ({"external_id": "a\0b"}, "external_id", "holds a NUL character, which cannot be kept"),
        ({"external_id": "\ud800"}, "external_id", "holds half a character (a lone surrogate), which cannot be kept"),
        ({"external_id": "x" * 201}, "external_id", "201 characters; at most 200 are taken"),
        ({"external_id": "x", "message": "m" * 10_001}, "message", "10,001 characters; at most 10,000 are taken"),
        (
            {"phone": "030 123456"},
            "phone",
            "not a phone number; write it with its country code, like +47 22 12 34 56, or give country",
        ),
        ({"external_id": "x", "shoe_size": 1}, "shoe_size", "unknown field; further names belong in attributes"),
        ({"external_id": "x", "consent": True}, "consent", "a JSON object expected"),
        ({"external_id": "x", "consent": {}}, "consent.marketing", "true or false is required"),
        (
            {"external_id": "x", "consent": {"marketing": "yes"}},
            "consent.marketing",
            "true or false expected, not text",
        ),
        ({"external_id": "x", "consent": {"marketing": True, "on": 1}}, "consent.on", "unknown field"),
        (
            {"external_id": "x", "created_at": 5},
            "created_at",
            "time as text expected (2026-11-24T10:00:00Z), not a number",
        ),
        (
            {"external_id": "x", "created_at": "soon"},
            "created_at",
            "not an RFC 3339 time; write it like 2026-11-24T10:00:00Z",
        ),
        (
            {"external_id": "x", "created_at": "2026-02-30T10:00:00Z"},
            "created_at",
            "no such time: day is out of range for month",
        ),
        (
            {"external_id": "x", "created_at": "0001-01-01T00:00:00+14:00"},
            "created_at",
            "this time cannot be expressed in UTC",
        ),
        (
            {"external_id": "x", "created_at": "1969-12-31T23:59:59Z"},
            "created_at",
            "1969-12-31T23:59:59+00:00 is before 1970",
        ),
        (
            {"external_id": "x", "created_at": "2026-11-26T10:00:00Z"},
            "created_at",
            "2026-11-26T10:00:00+00:00 is in the future (it is 2026-11-24T10:00:00+00:00)",
        ),
        ({"external_id": "x", "attributes": []}, "attributes", "an object of names and values expected, not a list"),
        (
            {"external_id": "x", "attributes": {"a": {}}},
            "attributes.a",
            "a scalar or a list of scalars expected, not an object",
        ),
        (
            {"external_id": "x", "attributes": {"a": [[1]]}},
            "attributes.a",
            "a scalar or a list of scalars expected, not a list",
        ),
        ({"external_id": "x", "attributes": {"a": float("nan")}}, "attributes.a", "not a finite number"),
        ({"external_id": "x", "attributes": {"a": 10**400}}, "attributes.a", "not a finite number"),
        ({"external_id": "x", "attributes": {"a": [1] * 101}}, "attributes.a", "101 items; at most 100 are taken"),
        (
            {"external_id": "x", "attributes": {" ": 1}},
            "attributes. ",
            "an attribute's name is 1 to 100 printable characters",
        ),
        (
            {"external_id": "x", "attributes": {"score": 100}},
            "attributes.score",
            "Leadline works score out itself; give your attribute another name",
        ),
        (
            {"external_id": "x", "attributes": {"email": "a@b.example"}},
            "attributes.email",
            "email is a field of the lead itself; give it beside attributes, not in it",
        ),
    ],
)
def test_an_error_names_its_field_and_what_was_expected(sent: object, field: str, message: str) -> None:
    assert errors_of(sent) == {field: message}


def test_a_whole_number_beyond_the_databases_is_a_decimal() -> None:
    parsed = parse_lead({"external_id": "x", "attributes": {"big": 2**64, "small": -(2**63)}}, NOW)

    assert parsed.attributes == {"big": 2.0**64, "small": -(2**63)}


def test_required_fields_are_asked_for_beside_other_errors() -> None:
    assert errors_of({"phone": "12"}, required=("email", "employees")) == {
        "email": "required",
        "employees": "required",
        "phone": "not a phone number; write it with its country code, like +47 22 12 34 56, or give country",
    }


def test_a_great_many_errors_are_cut_short() -> None:
    found = errors_of({f"field{number}": 1 for number in range(5_000)})

    assert len(found) == 22
    assert found[""] == "5,000 unknown fields; the first 20 are listed"


def test_a_lead_to_score_brings_its_activities() -> None:
    sent = {
        "email": "ann@big.example",
        "activities": [{"kind": "webinar", "at": "2026-11-20T10:00:00Z"}, {"kind": "x"}],
    }

    assert parse_scoring(sent, NOW)[1] == (
        Activity(kind="webinar", at=datetime(2026, 11, 20, 10, tzinfo=UTC)),
        Activity(kind="x", at=NOW),
    )


def test_errors_of_activities_carry_their_place() -> None:
    with pytest.raises(InputError) as caught:
        parse_scoring({"activities": [{"kind": ""}, {"kind": "x", "att": 1}]}, NOW)

    assert caught.value.errors == (
        FieldError(field="activities.0.kind", message="required"),
        FieldError(field="activities.1.att", message="unknown field; did you mean at?"),
        FieldError(field="email", message="one of email, phone and external_id is required"),
    )


def test_one_activity_or_a_list_of_them_is_taken() -> None:
    one = {"kind": "pricing_page", "at": "2026-11-24T09:00:00Z"}

    assert parse_activities(one, NOW) * 2 == parse_activities([one, one], NOW)


def test_too_many_activities_are_refused() -> None:
    with pytest.raises(InputError, match="1,001 activities; at most 1,000"):
        parse_activities([{"kind": "x"}] * 1001, NOW)


def test_a_list_takes_fifty_leads_unless_told_otherwise() -> None:
    assert parse_list({"qualified": "true", "email": "ANN@big.example"}) == {
        "limit": 50,
        "qualified": True,
        "email": "ann@big.example",
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("limit", "0", "a whole number from 1 to 200 expected"),
        ("limit", "many", "a whole number from 1 to 200 expected"),
        ("cursor", "abc", "not a cursor that a page gave"),
        ("qualified", "maybe", "true or false expected"),
        ("team", "a\0b", "holds a NUL character, which cannot be kept"),
        ("grades", "A", "unknown field; did you mean grade?"),
    ],
)
def test_a_parameter_that_is_not_right_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_list({name: value})

    assert caught.value.errors == (FieldError(field=name, message=message),)


@given(data=JSON | st.dictionaries(FIELDS, JSON))
def test_whatever_is_sent_is_a_lead_or_field_errors(data: object) -> None:
    lead: Lead | tuple[FieldError, ...]
    try:
        lead, _ = parse_scoring(data, NOW)
    except InputError as bad:
        lead = bad.errors

    if isinstance(lead, Lead):
        assert any((lead.email, lead.phone, lead.external_id))
        assert lead.created_at <= NOW + timedelta(days=1)
    else:
        assert all(error.message for error in lead)
