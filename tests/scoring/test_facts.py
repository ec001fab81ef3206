from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.attributes import BUILT_IN, SCORED, Attribute
from scoring.facts import Facts, fact_of, facts_of, with_values
from scoring.lead import Consent, Value
from tests.builders import facts, lead
from tests.scoring.strategies import values

FRIDAY_LATE = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
DECLARED = {
    "employees": Attribute(kind="number", about="Employees"),
    "trial": Attribute(kind="flag", about="Whether the person tried the product"),
    "interests": Attribute(kind="list", about="What the person is interested in"),
}


def test_fields_and_what_is_read_off_them_are_facts() -> None:
    ann = lead(
        created_at=FRIDAY_LATE,
        email="ann@big.example",
        phone="+4930123456",
        title="VP of Engineering",
        country="DE",
        source="webinar",
        message="Hello",
        consent=Consent(marketing=True),
    )

    assert facts_of(ann, {}).values == {
        "created_at": FRIDAY_LATE,
        "email": "ann@big.example",
        "phone": "+4930123456",
        "title": "VP of Engineering",
        "country": "DE",
        "source": "webinar",
        "message": "Hello",
        "consent": True,
        "email_domain": "big.example",
        "email_kind": "company",
        "seniority": "vp",
        "department": "engineering",
        "local_hour": 0,
        "weekday": "sat",
        "has_phone": True,
        "message_length": 5,
    }


def test_what_is_missing_is_no_fact_but_the_missing_phone() -> None:
    nobody = lead(created_at=FRIDAY_LATE, email=None, country=None, external_id="7")

    assert facts_of(nobody, {}).values == {"created_at": FRIDAY_LATE, "external_id": "7", "has_phone": False}


def test_a_refused_consent_is_a_fact() -> None:
    assert facts_of(lead(consent=Consent(marketing=False)), {}).values["consent"] is False


def test_blank_text_is_missing() -> None:
    found = facts_of(lead(title="  ", attributes={"employees": " ", "note": ""}), DECLARED)

    assert not {"title", "seniority", "employees", "note"} & set(found.values)
    assert found.clashes == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"employees": "1200"}, {"employees": 1200.0}),
        ({"trial": "yes"}, {"trial": True}),
        ({"interests": "crm"}, {"interests": ("crm",)}),
        ({"undeclared": "1200"}, {"undeclared": "1200"}),
        ({"employees": float("nan"), "undeclared": float("nan")}, {}),
    ],
)
def test_declared_attributes_take_their_kind_and_others_stay(
    given: dict[str, Value], expected: dict[str, Value]
) -> None:
    plain = facts_of(lead(), DECLARED)

    found = facts_of(lead(attributes=given), DECLARED)

    assert found == Facts(values={**plain.values, **expected})


def test_a_value_that_clashes_with_its_kind_is_missing_and_kept_aside() -> None:
    found = facts_of(lead(attributes={"employees": "many", "trial": "yes"}), DECLARED)

    assert "employees" not in found.values
    assert found.clashes == {"employees": "many"}


def test_a_given_seniority_counts_where_no_title_tells() -> None:
    told = facts_of(lead(attributes={"seniority": "vp"}), {})
    read = facts_of(lead(title="CEO", attributes={"seniority": "vp"}), {})

    assert (told.values["seniority"], read.values["seniority"]) == ("vp", "executive")


def test_an_attribute_cannot_pass_for_a_field_or_for_a_score() -> None:
    found = facts_of(lead(attributes={"email": "eve@big.example", "fit": 100, "tags": ("hot",)}), {})

    assert found.values["email"] == "ann@big.example"
    assert not found.values.keys() & SCORED.keys()


def test_values_are_added_and_settle_a_clash() -> None:
    before = Facts(values={"employees": 5, "country": "DE"}, clashes={"trial": "maybe", "founded": "?"})

    after = with_values(before, {"employees": 50, "trial": True})

    assert after == Facts(values={"employees": 50, "country": "DE", "trial": True}, clashes={"founded": "?"})
    assert before.values == {"employees": 5, "country": "DE"}


def test_facts_made_by_hand_have_no_clashes() -> None:
    assert facts(employees=5) == Facts(values={"employees": 5}, clashes={})


@given(st.dictionaries(st.sampled_from([*DECLARED, *BUILT_IN, "other"]), values))
def test_any_attributes_make_facts(attributes: dict[str, Value]) -> None:
    found = facts_of(lead(attributes=attributes), DECLARED)

    assert not found.values.keys() & found.clashes.keys()


@given(st.dictionaries(st.sampled_from([*DECLARED, *BUILT_IN, "other"]), values), st.booleans())
def test_one_fact_is_what_all_facts_say_of_it(attributes: dict[str, Value], known: bool) -> None:
    """Of a lead that says much of itself, and of one that says nothing but what stands among its attributes."""
    fields = {"email": "ann@big.example", "title": "VP Sales", "country": "DE", "message": " ", "phone": "+4930123456"}
    given_lead = lead(attributes=attributes, **(fields if known else {}))

    found = facts_of(given_lead, DECLARED).values

    names = [*DECLARED, *BUILT_IN, "other", "nothing"]
    assert {name: fact_of(given_lead, DECLARED, name) for name in names} == {name: found.get(name) for name in names}
