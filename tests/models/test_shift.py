"""The population stability index."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.shift import Bin, Shift, feature_bins, score_bins, shift_of
from scoring.scorecard import CategoryFeature, NumberFeature
from tests.builders import scorecard

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12)
SOURCE = scorecard().features[1]
EMPLOYEES = NumberFeature(name="employees", edges=(10.0, 100.0, 1000.0), values=(0.0,) * 5)


def bins(*counts: tuple[int, int]) -> list[Bin]:
    """Bins with these counts, in training and live."""
    return [Bin(name=str(number), trained=old, live=new) for number, (old, new) in enumerate(counts)]


def test_the_index_is_the_textbook_s() -> None:
    """From half and half to four fifths and one fifth: 0.3 ln(1.6) - 0.3 ln(0.4)."""
    found = shift_of("source", bins((50_000, 80_000), (50_000, 20_000)))

    assert found.psi == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4), abs=1e-4)
    assert found.word == "drifted"


@given(COUNTS)
def test_it_is_never_negative_nor_infinite(counts: list[tuple[int, int]]) -> None:
    found = shift_of("x", bins(*counts))

    assert 0 <= found.psi < math.inf
    assert 0 <= found.chance < math.inf


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_the_same_shares_are_no_change(counts: list[int]) -> None:
    found = shift_of("x", bins(*((count, count) for count in counts)))

    assert found.psi == pytest.approx(0)
    assert found.word == "as in training"


def test_chance_is_exceeded_as_seldom_as_it_says() -> None:
    """Samples of the very training population: one in twenty is over, at any number of leads."""
    random, shares = np.random.default_rng(1), np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.1])
    for live in (60, 400):
        over = 0
        for _ in range(400):
            drawn = zip(random.multinomial(5000, shares), random.multinomial(live, shares), strict=True)
            found = shift_of("x", bins(*((int(old), int(new)) for old, new in drawn)))
            over += found.psi > found.chance

        assert 0.02 < over / 400 < 0.09


@pytest.mark.parametrize(
    ("psi", "chance", "word"),
    [(0.09, 0, "as in training"), (0.1, 0, "moved"), (0.25, 0, "drifted"), (0.4, 0.5, "as in training")],
)
def test_what_chance_explains_is_no_change(psi: float, chance: float, word: str) -> None:
    assert Shift(name="x", psi=psi, chance=chance, bins=()).word == word


def test_the_bin_that_moved_most_is_named() -> None:
    found = shift_of("x", bins((50, 10), (30, 60), (20, 30)))

    assert found.most is not None
    assert found.most.name == "0"


def test_cells_of_numbers_become_about_ten_bins_of_like_size() -> None:
    edges = tuple(float(edge) for edge in range(99))
    feature = NumberFeature(name="x", edges=edges, values=(0.0,) * 101)

    found = feature_bins(feature, [10] * 100 + [7], [0] * 100 + [9])

    assert [each.trained for each in found] == [100] * 10 + [7]
    assert (found[0].name, found[1].name, found[9].name) == ("up to 9", "9 to 19", "over 89")
    assert found[-1] == Bin(name="missing", trained=7, live=9)


def test_a_number_nobody_told_has_bins_all_the_same() -> None:
    found = feature_bins(EMPLOYEES, [0, 0, 0, 0, 9], [1, 2, 3, 4, 0])

    assert sum(each.live for each in found) == 10
    assert found[-1] == Bin(name="missing", trained=9, live=0)


def test_rare_categories_are_one_bin_and_missing_stays_apart() -> None:
    assert isinstance(SOURCE, CategoryFeature)

    found = feature_bins(SOURCE, [500, 5, 20, 400], [3, 4, 5, 6])

    assert found == [
        Bin(name="demo_request", trained=500, live=3),
        Bin(name="rare", trained=25, live=9),
        Bin(name="missing", trained=400, live=6),
    ]


def test_scores_fall_into_tenths_of_the_training_leads() -> None:
    reference = [step / 100 for step in range(1001)]

    found = score_bins(reference, 5000, [-1.0, 0.5, 9.99, 30.0])

    assert [each.name for each in found][::9] == ["fit 0 to 10", "fit 90 to 100"]
    assert [each.live for each in found] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert all(abs(each.trained - 500) <= 5 for each in found)


def test_scores_that_are_all_alike_are_one_or_two_bins() -> None:
    found = score_bins([1.0] * 101, 100, [1.0, 2.0])

    assert [(each.trained, each.live) for each in found] == [(100, 1), (0, 1)]
