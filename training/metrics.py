"""How good held-out answers are: order, probabilities, and what the best tenth is worth."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

Floats = NDArray[np.float64]
Label = NDArray[np.bool_]

BINS = 10


def metrics_of(label: Label, log_odds: Floats, probability: Floats) -> dict[str, float]:
    """The figures of a model card, on rows that the model never saw; order is judged by the log-odds."""
    return {
        "roc_auc": float(roc_auc_score(label, log_odds)),
        "pr_auc": float(average_precision_score(label, log_odds)),
        "log_loss": float(log_loss(label, probability)),
        "brier": float(brier_score_loss(label, probability)),
        "lift_top_decile": lift_top_decile(label, log_odds),
        "calibration_error": calibration_error(label, probability),
    }


def lift_top_decile(label: Label, log_odds: Floats) -> float:
    """How many times more often the best tenth converts than all; equals at its end count in part."""
    size = -(-len(label) // 10)
    last = np.partition(log_odds, -size)[-size]
    above, equal = log_odds > last, log_odds == last
    wins = label[above].sum() + (size - above.sum()) * label[equal].mean()
    return float(wins / size / label.mean())


def calibration_error(label: Label, probability: Floats) -> float:
    """The mean distance between probability and outcome over tenths of the rows, from least to most probable."""
    order = np.argsort(probability, kind="stable")
    gaps = [abs(float((probability[part] - label[part]).sum())) for part in np.array_split(order, BINS)]
    return sum(gaps) / len(label)
