"""From log-odds to probability: a sigmoid, or a monotone line of straight pieces where that fits truly better."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from scoring.scorecard import Calibration, probability_of

Floats = NDArray[np.float64]
Label = NDArray[np.bool_]
Folds = NDArray[np.int64]
Fit = Callable[[Floats, Label], Calibration]

FOLDS = 5


def calibration_of(log_odds: Floats, label: Label, seed: int) -> Calibration:
    """The map that fits outcomes best, by cross-validated log loss; a sigmoid unless isotonic clearly beats it.

    `log_odds` must come from models that were not fitted on the same rows. Clearly: by more than twice the standard
    error of the difference.
    """
    fold = np.random.default_rng(seed).permutation(len(label)) % FOLDS
    gain = _losses(sigmoid_of, log_odds, label, fold) - _losses(isotonic_of, log_odds, label, fold)
    clear = gain.mean() > 2 * gain.std() / np.sqrt(len(gain))
    return isotonic_of(log_odds, label) if clear else sigmoid_of(log_odds, label)


def sigmoid_of(log_odds: Floats, label: Label) -> Calibration:
    """The sigmoid of greatest likelihood; flat at the mean outcome where log-odds speak against it."""
    if np.ptp(log_odds) > 0:
        model = LogisticRegression(C=np.inf).fit(log_odds[:, None], label)
        if model.coef_[0, 0] > 0:
            return Calibration(kind="sigmoid", slope=float(model.coef_[0, 0]), offset=float(model.intercept_[0]))
    rate = float(label.mean())
    return Calibration(kind="sigmoid", slope=0.0, offset=float(np.log(rate / (1 - rate))))


def isotonic_of(log_odds: Floats, label: Label) -> Calibration:
    """The rising steps of least squares; no probability comes closer to 0 or 1 than half a lead in all of them."""
    least = 0.5 / len(label)
    steps = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(log_odds, label)
    return Calibration(
        kind="isotonic", points=tuple(steps.X_thresholds_.tolist()), levels=tuple(steps.y_thresholds_.tolist())
    )


def probabilities_of(calibration: Calibration, log_odds: Floats) -> Floats:
    """The probability of each, by the very function that serves."""
    return np.array([probability_of(calibration, each) for each in log_odds.tolist()])


def _losses(fit: Fit, log_odds: Floats, label: Label, fold: Folds) -> Floats:
    """The log loss of each row under the calibration fitted on the other folds."""
    losses = np.zeros(len(label))
    for number in range(FOLDS):
        held_out = fold == number
        probability = probabilities_of(fit(log_odds[~held_out], label[~held_out]), log_odds[held_out])
        losses[held_out] = -np.log(np.where(label[held_out], probability, 1 - probability))
    return losses
