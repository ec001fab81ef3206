"""Calibration turns log-odds into honest probabilities and never changes the order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring.scorecard import Calibration, probability_of
from training.calibrate import calibration_of, isotonic_of, probabilities_of, sigmoid_of
from training.metrics import judged, metrics_of

Floats = NDArray[np.float64]
Label = NDArray[np.bool_]


def outcomes(log_odds: Floats, seed: int = 0) -> Label:
    """Outcomes drawn with these log-odds."""
    return np.random.default_rng(seed).random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def spread(rows: int, seed: int = 1) -> Floats:
    """Log-odds as a population has them."""
    return np.random.default_rng(seed).normal(-1, 1.5, rows)


def test_a_sigmoid_finds_the_line_that_outcomes_were_drawn_from() -> None:
    truth = spread(20_000)

    found = sigmoid_of(2 * truth + 1, outcomes(truth))

    assert [found.slope, found.offset] == pytest.approx([0.5, -0.5], abs=0.05)


def test_overconfident_log_odds_become_honest_probabilities() -> None:
    truth = spread(8000)
    label = outcomes(truth)

    found = probabilities_of(calibration_of(3 * truth, label, seed=0), 3 * truth)

    assert metrics_of(judged(label, truth, found))["calibration_error"] < 0.02


def test_a_sigmoid_is_kept_where_it_fits() -> None:
    truth = spread(4000)

    assert calibration_of(0.5 * truth, outcomes(truth), seed=0).kind == "sigmoid"


def test_isotonic_is_chosen_where_no_sigmoid_fits() -> None:
    log_odds = spread(4000)
    flat_then_steep = np.where(log_odds < 0, -2.0, np.where(log_odds < 1.5, 2.0, 2.1))

    assert calibration_of(log_odds, outcomes(flat_then_steep), seed=0).kind == "isotonic"


@given(
    seed=st.integers(0, 1000), rows=st.integers(20, 200), ties=st.sampled_from([0, 1, 6]), tried=st.lists(st.floats())
)
def test_calibration_keeps_the_order(seed: int, rows: int, ties: int, tried: list[float]) -> None:
    log_odds = np.round(spread(rows, seed), ties)
    label = outcomes(log_odds, seed)
    label[:2] = (True, False)
    rising = sorted(each for each in tried if each == each)

    for calibration in (sigmoid_of(log_odds, label), isotonic_of(log_odds, label)):
        found = [probability_of(calibration, each) for each in rising]
        assert found == sorted(found)


def test_log_odds_that_speak_against_the_outcome_are_not_turned_round() -> None:
    truth = spread(500)

    found = sigmoid_of(-truth, outcomes(truth))

    assert [found.slope, probability_of(found, 3.0)] == pytest.approx([0.0, outcomes(truth).mean()])


def test_equal_log_odds_get_the_rate_of_all() -> None:
    label = np.arange(8) < 2

    assert sigmoid_of(np.full(8, 0.7), label) == Calibration(kind="sigmoid", slope=0.0, offset=np.log(0.25 / 0.75))


def test_isotonic_never_promises_certainty() -> None:
    found = isotonic_of(np.arange(10.0), np.arange(10) >= 5)

    assert (found.levels[0], found.levels[-1]) == (0.05, 0.95)
