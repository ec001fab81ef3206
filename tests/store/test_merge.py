"""One person out of what was known and what was just sent."""

from dataclasses import fields
from datetime import UTC, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lead import Consent, Lead, Value
from store.lead_json import lead_from_json, lead_to_json
from store.merge import merged
from tests.builders import NOW, lead

EARLIER = NOW - timedelta(days=1)
TEXT = st.none() | st.text(max_size=5)
VALUES: st.SearchStrategy[Value] = (
    st.text(max_size=5)
    | st.integers()
    | st.floats(allow_nan=False)
    | st.booleans()
    | st.datetimes(timezones=st.just(UTC))
    | st.lists(st.text(max_size=3) | st.integers(), max_size=3).map(tuple)
)
CONSENTS = st.none() | st.builds(Consent, marketing=st.booleans(), at=st.none() | st.datetimes(timezones=st.just(UTC)))
NAMES = [field.name for field in fields(Lead) if field.name not in ("created_at", "consent", "attributes")]
LEADS = st.builds(
    Lead,
    created_at=st.datetimes(timezones=st.just(UTC)),
    consent=CONSENTS,
    attributes=st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    **dict.fromkeys(NAMES, TEXT),
)


@given(old=LEADS, new=LEADS)
def test_nothing_known_is_lost_and_everything_new_is_taken(old: Lead, new: Lead) -> None:
    """For every field and every attribute."""
    both = merged(old, new)

    for name in NAMES:
        sent = getattr(new, name)
        assert getattr(both, name) == (getattr(old, name) if sent is None else sent)
    assert both.attributes == {**old.attributes, **new.attributes}
    assert both.created_at == min(old.created_at, new.created_at)


@given(one=LEADS)
def test_merging_the_same_again_changes_nothing(one: Lead) -> None:
    """A form posted twice leaves the person as they were."""
    assert merged(one, one) == one


@given(one=LEADS)
def test_a_lead_comes_back_from_its_document_as_it_was(one: Lead) -> None:
    """With whole numbers whole, instants instants and lists lists."""
    back = lead_from_json(orjson.loads(orjson.dumps(lead_to_json(one))))

    assert back == one
    assert {name: type(value) for name, value in back.attributes.items()} == {
        name: type(value) for name, value in one.attributes.items()
    }


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        (None, None, None),
        (Consent(marketing=True), None, Consent(marketing=True)),
        (None, Consent(marketing=True), Consent(marketing=True)),
        (Consent(marketing=True), Consent(marketing=False), Consent(marketing=False)),
        (Consent(marketing=True, at=EARLIER), Consent(marketing=False, at=NOW), Consent(marketing=False, at=NOW)),
        (Consent(marketing=False, at=NOW), Consent(marketing=True, at=EARLIER), Consent(marketing=False, at=NOW)),
        (Consent(marketing=False, at=NOW), Consent(marketing=True), Consent(marketing=True)),
    ],
)
def test_the_later_consent_counts(old: Consent | None, new: Consent | None, counts: Consent | None) -> None:
    """An old list sent late does not bring back a consent that was taken back."""
    assert merged(lead(consent=old), lead(consent=new)).consent == counts
