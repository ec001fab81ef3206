import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Facts
from scoring.scorecard import Calibration, Scorecard, appraise
from scoring.scorecard_json import ScorecardError, scorecard_from_json, scorecard_to_json
from tests.builders import scorecard
from tests.scoring.strategies import facts_of_any_lead, scorecards


def document(**over: Any) -> dict[str, Any]:
    isotonic = Calibration(kind="isotonic", points=(-1.0, 1.0), levels=(0.1, 0.9))
    found: dict[str, Any] = json.loads(json.dumps(scorecard_to_json(scorecard(calibration=isotonic))))
    return {**found, **over}


@given(scorecards())
def test_a_scorecard_written_and_read_is_the_same(card: Scorecard) -> None:
    assert scorecard_from_json(json.loads(json.dumps(scorecard_to_json(card)))) == card


def test_whole_numbers_are_read_as_the_floats_they_stand_for() -> None:
    read = scorecard_from_json(document(intercept=-1))

    assert type(read.intercept) is float


Change = Callable[[dict[str, Any]], None]


def spoil(path: str, value: object) -> Change:
    """A change that puts the value at the path, such as `features/0/edges`."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))

    def change(document: dict[str, Any]) -> None:
        found: Any = document
        for step in way:
            found = found[step]
        found[last] = value

    return change


def drop(path: str) -> Change:
    """A change that takes the field at the path away."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))

    def change(document: dict[str, Any]) -> None:
        found: Any = document
        for step in way:
            found = found[step]
        del found[last]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop("version"), "version: is missing"),
        (drop("features"), "features: is missing"),
        (drop("features/0/edges"), "features[0].edges: is missing"),
        (drop("calibration/kind"), "calibration.kind: is missing"),
        (
            spoil("note", 1),
            (
                "the document has an unknown field 'note'; "
                "it may have version, intercept, features, pairs, calibration, reference, parts"
            ),
        ),
        (
            spoil("features/0/note", 1),
            "features[0]: has an unknown field 'note'; it may have kind, name, edges, values",
        ),
        (spoil("version", " "), "version: must be text"),
        (spoil("version", 1), "version: must be text"),
        (spoil("intercept", "1"), "intercept: must be a number"),
        (spoil("intercept", True), "intercept: must be a number"),
        (spoil("intercept", 10**400), "intercept: must lie within -1,000,000 and 1,000,000"),
        (spoil("intercept", float("nan")), "intercept: must lie within -1,000,000 and 1,000,000"),
        (spoil("features", {}), "features: must be a list"),
        (spoil("features/0", None), "features[0]: must be an object"),
        (spoil("features/0/kind", "list"), "features[0].kind: must be number or category"),
        (spoil("features/0/name", ""), "features[0].name: must be text"),
        (
            spoil("features/0/name", " SOURCE"),
            "features: must differ but for case and outer spaces; repeated: source",
        ),
        (spoil("features/0/edges", [10, 10, 1000]), "features[0].edges: must rise"),
        (spoil("features/0/edges", [10, 9, 1000]), "features[0].edges: must rise"),
        (spoil("features/0/edges/1", float("inf")), "features[0].edges[1]: must be finite"),
        (spoil("features/0/edges/1", None), "features[0].edges[1]: must be a number"),
        (
            spoil("features/0/edges", [10]),
            "features[0].values: must hold 3 numbers, one for each cell and one for missing, not 5",
        ),
        (
            spoil("features/0/values/0", -1e7),
            "features[0].values[0]: must lie within -1,000,000 and 1,000,000",
        ),
        (spoil("features/1/levels/0", 3), "features[1].levels[0]: must be text"),
        (
            spoil("features/1/levels", ["Radio", "webinar"]),
            "features[1].levels: must differ but for case and outer spaces; repeated: radio",
        ),
        (spoil("features/1/unseen", 1), "features[1].unseen: must be 2, the cell after the levels' own"),
        (spoil("features/1/unseen", -1), "features[1].unseen: must be a whole number from 0 on"),
        (spoil("features/1/unseen", 2.0), "features[1].unseen: must be a whole number from 0 on"),
        (
            spoil("features/1/values", [0, 0, 0]),
            "features[1].values: must hold 4 numbers, one for each level, the rare ones if any, and missing, not 3",
        ),
        (spoil("pairs/0/first", 3), "pairs[0].first: must be below 3, the number of features"),
        (spoil("pairs/0/first", False), "pairs[0].first: must be a whole number from 0 on"),
        (spoil("pairs/0/rows/0", -1), "pairs[0].rows[0]: must be a whole number from 0 on"),
        (
            spoil("pairs/0/rows", [0, 1]),
            "pairs[0].rows: must hold 5 indexes, one for each cell of employees, not 2",
        ),
        (
            spoil("pairs/0/columns", [0, 1]),
            "pairs[0].columns: must hold 4 indexes, one for each cell of source, not 2",
        ),
        (
            spoil("pairs/0/rows/0", 10**12),
            "pairs[0].values: must hold 2000000000002 numbers, one for each row and column, not 4",
        ),
        (spoil("calibration", []), "calibration: must be an object"),
        (spoil("calibration/kind", "none"), "calibration.kind: must be sigmoid or isotonic"),
        (
            spoil("calibration", {"kind": "sigmoid", "slope": -1, "offset": 0}),
            "calibration.slope: must not be negative: probability must not fall as log-odds rise",
        ),
        (spoil("calibration/points", [1, 1]), "calibration.points: must rise"),
        (spoil("calibration/levels", [0.9, 0.1]), "calibration.levels: must not fall"),
        (
            spoil("calibration/levels", [0.5]),
            "calibration.levels: must hold 2 probabilities, one for each point, not 1",
        ),
        (spoil("calibration/levels", [0.5, 1.1]), "calibration.levels: must be probabilities, from 0 to 1"),
        (spoil("reference", [1]), "reference: must hold at least the lowest and the highest log-odds"),
        (spoil("reference", [2, 1]), "reference: must not fall"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Change, message: str) -> None:
    spoiled = document()
    change(spoiled)

    with pytest.raises(ScorecardError) as caught:
        scorecard_from_json(spoiled)

    assert str(caught.value) == message


def test_a_pair_is_of_two_features() -> None:
    own = {"first": 1, "second": 1, "rows": [0, 0, 0, 0], "columns": [0, 0, 0, 0], "values": [0]}

    with pytest.raises(ScorecardError, match=r"^pairs\[0\].second: must be another feature than first$"):
        scorecard_from_json(document(pairs=[own]))


def test_a_pair_without_features_is_refused() -> None:
    with pytest.raises(ScorecardError) as caught:
        scorecard_from_json(document(features=[]))

    assert caught.value.problems == (
        "pairs[0].first: must be below 0, the number of features",
        "pairs[0].second: must be below 0, the number of features",
    )


def test_all_problems_are_told_at_once_and_the_message_stays_readable() -> None:
    with pytest.raises(ScorecardError) as caught:
        scorecard_from_json(document(version="", reference=["?"] * 100))

    assert len(caught.value.problems) == 101
    assert str(caught.value).splitlines()[0] == "version: must be text"
    assert str(caught.value).splitlines()[-1] == "and 81 more"


@pytest.mark.parametrize("document", [None, [], "scorecard", 3])
def test_what_is_no_object_is_no_scorecard(document: object) -> None:
    with pytest.raises(ScorecardError, match=r"^the document must be an object$"):
        scorecard_from_json(document)


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["kind", "name", "edges", "values", "levels", "first"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def read_or_refused(found: object) -> Scorecard | None:
    try:
        return scorecard_from_json(found)
    except ScorecardError:
        return None


@given(st.data(), facts_of_any_lead)
def test_a_document_with_junk_anywhere_is_refused_or_serves(data: st.DataObject, known: Facts) -> None:
    spoiled = document()
    inside: Any = spoiled
    while True:
        step = data.draw(st.sampled_from(list(inside) if isinstance(inside, dict) else range(len(inside))))
        if not isinstance(inside[step], dict | list) or not inside[step] or data.draw(st.booleans()):
            break
        inside = inside[step]
    inside[step] = data.draw(junk)

    read = read_or_refused(spoiled)

    if read is not None:
        assert scorecard_from_json(scorecard_to_json(read)) == read
        assert 0 <= appraise(read, known).probability <= 1
