import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lead import Value
from scoring.lookup import category_cell, number_cell, percentile
from tests.builders import NOW
from tests.scoring.strategies import references

EDGES = (10.0, 100.0)
MISSING = 3
BEYOND = math.nextafter(10.0, math.inf)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (9, 0),
        (10, 0),
        (10.0, 0),
        (BEYOND, 1),
        (100, 1),
        (101, 2),
        (float("inf"), 2),
        (float("-inf"), 0),
        (10**400, 2),
        (-(10**400), 0),
        ("50", 1),
        (" 1e3 ", 2),
        ("1e999", 2),
        (True, 0),
        (None, MISSING),
        (float("nan"), MISSING),
        ("", MISSING),
        ("many", MISSING),
        (NOW, MISSING),
        ((50,), MISSING),
    ],
)
def test_a_number_falls_between_its_edges(value: Value | None, cell: int) -> None:
    assert number_cell(EDGES, value) == cell


def test_an_integer_counts_as_the_float_it_is_trained_as() -> None:
    assert number_cell((2.0**53,), 2**53 + 1) == 0


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("demo", 0),
        (" DEMO ", 0),
        ("strasse", 1),
        ("Straße", 1),
        (1200.0, 2),
        (1200, 2),
        (True, 3),
        (("demo",), 0),
        ("other", 8),
        (7, 8),
        ("", 9),
        ("  ", 9),
        (None, 9),
        (float("nan"), 9),
        (("a", "b"), 9),
    ],
)
def test_a_category_is_found_by_its_text(value: Value | None, cell: int) -> None:
    cells: dict[Value | None, int] = {"demo": 0, "strasse": 1, "1200": 2, "true": 3, "": 9, None: 9}

    assert category_cell(cells, 8, value) == cell


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (-9.0, 0.0),
        (0.0, 0.0),
        (0.5, 12.5),
        (1.0, 25.0),
        (2.0, 62.5),
        (2.0 - 1e-12, 62.5),
        (2.0 + 1e-12, 62.5),
        (2.5, 87.5),
        (3.0, 100.0),
        (9.0, 100.0),
    ],
)
def test_a_percentile_lies_on_straight_lines_and_in_the_middle_of_runs(x: float, expected: float) -> None:
    assert percentile((0.0, 1.0, 2.0, 2.0, 3.0), x) == expected


def test_a_population_of_equals_stands_in_its_middle() -> None:
    assert [percentile((1.0, 1.0, 1.0), x) for x in (0.0, 1.0, 2.0)] == [0.0, 50.0, 100.0]


@given(references, st.lists(st.one_of(st.floats(-9, 9), st.floats(allow_nan=False)), min_size=2).map(sorted))
def test_a_percentile_never_falls_as_the_number_rises(reference: tuple[float, ...], rising: list[float]) -> None:
    found = [percentile(reference, x) for x in [*rising, *sorted(reference)]]

    assert found[: len(rising)] == sorted(found[: len(rising)])
    assert all(0 <= one <= 100 for one in found)


@given(references, st.data())
def test_a_percentile_never_falls_close_to_a_quantile(reference: tuple[float, ...], data: st.DataObject) -> None:
    near = data.draw(st.sampled_from(reference))
    steps = sorted(data.draw(st.lists(st.floats(-3e-9, 3e-9), min_size=2)))

    found = [percentile(reference, near + step) for step in steps]

    assert found == sorted(found)
