"""A version leaves the house as a file and comes back, or is refused."""

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange import exported, imported, renamed
from models.version import ModelError, sealed
from tests.models.builders import version

COUNTS = {"employees": (5, 20, 30, 40, 5), "source": (30, 40, 20, 10), "email_kind": (50, 30, 10, 10)}
WHOLE = version(by="Ada", parent="2026-02-01.3", population=COUNTS)


def document() -> dict[str, Any]:
    """The document of a whole version."""
    parsed: dict[str, Any] = json.loads(exported(WHOLE))
    return parsed


def places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every place in a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*way, key)
        yield from places(value, (*way, key))


PLACES = sorted(places(document()), key=str)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=4) | st.just("../x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def test_what_comes_back_is_the_same_to_the_byte() -> None:
    assert imported(exported(WHOLE)) == WHOLE
    assert exported(imported(exported(WHOLE))) == exported(WHOLE)


def test_a_version_may_come_back_under_another_name() -> None:
    assert imported(exported(renamed(WHOLE, "from-oslo.1"))).scorecard.version == "from-oslo.1"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b", ".hidden", "a" * 65, "a\n"])
def test_what_could_lead_out_of_the_folder_is_no_name(name: str) -> None:
    with pytest.raises(ModelError, match="cannot name a version"):
        renamed(WHOLE, name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON: line 1, column 1"),
        (b"\x80\x04\x95", "not JSON"),
        (b'{"format": 1,', "not JSON: line 1, column 14"),
        (b"[" * 5000, "not JSON"),
        (b"[]", "the document must be an object"),
        (b'{"format": NaN}', "not JSON"),
    ],
)
def test_what_is_no_document_is_told_so(text: bytes, said: str) -> None:
    with pytest.raises(ModelError) as refused:
        imported(text)

    assert said in str(refused.value)


def test_every_problem_of_a_malformed_file_is_named() -> None:
    broken = document()
    broken["name"] = "../../x"
    broken["population"]["employees"] = [1, 2]
    broken["population"]["shoe_size"] = [1]
    broken["scorecard"]["intercept"] = "much"
    broken["extra"] = 1
    del broken["card"]["seed"]

    with pytest.raises(ModelError) as refused:
        imported(orjson.dumps(broken))

    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "the document has an unknown field 'extra'; it may have "
        + ", ".join(("format", "name", "created_at", "by", "parent", "scorecard", "card", "population", "sha256")),
        "name",
        "card.seed",
        "scorecard",
    ]


def test_counts_that_do_not_fit_the_tables_are_refused() -> None:
    broken = document()
    broken["population"] |= {"employees": [1, 2], "shoe_size": [1]}

    with pytest.raises(ModelError) as refused:
        imported(orjson.dumps(broken))

    assert str(refused.value).splitlines() == [
        "population.employees: must hold 5 counts, one a cell of its table, not 2",
        "population: has 'shoe_size', which is no attribute of the scorecard",
    ]


def test_a_sealed_document_with_something_unknown_inside_is_refused() -> None:
    odd = document()
    odd["card"]["surprise"] = 1

    with pytest.raises(ModelError, match="what this Leadline does not know"):
        imported(orjson.dumps(sealed(odd)))


@given(way=st.sampled_from(PLACES), value=VALUES, drop=st.booleans(), seal=st.booleans())
def test_no_changed_document_gets_in(way: tuple[Any, ...], value: object, drop: bool, seal: bool) -> None:
    """Sealed anew or not: it is refused with a ModelError, or it is a version that is the same to the byte again."""
    changed = document()
    inner = changed
    for key in way[:-1]:
        inner = inner[key]
    if drop:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value

    try:
        text = json.dumps(sealed(changed) if seal else changed).encode()
        found = imported(text)
    except ModelError:
        return
    assert seal or changed == document()
    assert orjson.loads(exported(found)) == orjson.loads(text)


@given(st.binary(max_size=50), st.integers(0, len(exported(WHOLE))), st.integers(0, 50))
def test_no_damaged_file_gets_in(inserted: bytes, at: int, cut: int) -> None:
    whole = exported(WHOLE)
    damaged = whole[:at] + inserted + whole[at + cut :]

    try:
        found = imported(damaged)
    except ModelError:
        return
    assert found == WHOLE
