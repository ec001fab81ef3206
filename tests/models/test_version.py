import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.version import ModelError, version_from_json, version_to_json
from tests.models.builders import version


def exported() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(version_to_json(version())))
    return document


def test_a_version_survives_the_way_through_json() -> None:
    assert version_from_json(exported()) == version()


def test_the_state_is_the_registry_s_word_not_the_document_s() -> None:
    assert version_from_json(exported(), state="champion").state == "champion"


def test_a_document_changed_after_export_is_refused() -> None:
    document = exported()
    document["scorecard"]["intercept"] += 0.1

    with pytest.raises(ModelError, match="sha256: does not match: the document was changed after it was exported"):
        version_from_json(document)


def test_every_problem_is_named_at_once() -> None:
    document = exported()
    del document["card"]["split"]
    document["created_at"] = "yesterday"
    document["scorecard"]["features"][0]["edges"] = [3, 2, 1]

    with pytest.raises(ModelError) as refused:
        version_from_json(document)

    assert str(refused.value).splitlines() == [
        "created_at: must be a time with an offset, such as 2026-11-24T09:00:00+00:00",
        "card.split: is missing",
        "scorecard: features[0].edges: must rise",
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(exported())), value=json_values)
def test_no_document_gets_in_but_a_sealed_one(field: str, value: object) -> None:
    document = {**exported(), field: value}

    if document != exported():
        with pytest.raises(ModelError):
            version_from_json(document)


@given(json_values)
def test_anything_else_is_refused_with_a_clear_error(document: object) -> None:
    with pytest.raises(ModelError):
        version_from_json(document)
