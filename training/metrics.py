"""How good held-out answers are: order, probabilities, and what the best tenth is worth, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ranked import Ranked

Floats = NDArray[np.float64]
Label = NDArray[np.bool_]
Counts = NDArray[np.int64]

TENTHS = 10
# Resamples behind an interval, and the shares of them below its lower and its upper end.
RESAMPLES = 400
ENDS = (0.025, 0.975)


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged:
    """Held-out rows, their answers, and the rows in the order of either answer; made once for many resamples.

    `ranked` has them by log-odds; `by_probability` from the least probable.
    """

    label: Label
    log_odds: Floats
    probability: Floats
    losses: Floats
    ranked: Ranked
    by_probability: Counts


def judged(label: Label, log_odds: Floats, probability: Floats) -> Judged:
    """The rows, ready to be judged; order is judged by the log-odds, the rest by the probability."""
    given = np.where(label, probability, 1 - probability)
    return Judged(
        label=label,
        log_odds=log_odds,
        probability=probability,
        losses=-np.log(np.maximum(given, np.finfo(np.float64).eps)),
        ranked=Ranked.of(log_odds, label.astype(np.float64)),
        by_probability=np.argsort(probability, kind="stable"),
    )


def metrics_of(rows: Judged, times: Counts | None = None) -> dict[str, float]:
    """The figures of a model card, each row counted so many `times` (once where not given)."""
    counts = np.ones(len(rows.label), dtype=np.int64) if times is None else times
    each, total = counts.astype(np.float64), counts.sum()
    return {
        "roc_auc": rows.ranked.roc_auc(each),
        "pr_auc": rows.ranked.pr_auc(each),
        "log_loss": float(each @ rows.losses / total),
        "brier": float(each @ (rows.probability - rows.label) ** 2 / total),
        "lift_top_decile": rows.ranked.lift_top_decile(each),
        "calibration_error": _calibration_error(rows, counts),
    }


def intervals_of(rows: Judged, seed: int) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each figure, by bootstrap over the rows; the same seed draws the same rows.

    The ends are moved by what resamples are off on average: a calibration error is larger in every resample, for
    drawing rows twice adds noise to each tenth.
    """
    random, size, found = np.random.default_rng(seed), len(rows.label), metrics_of(rows)
    drawn = [metrics_of(rows, _resample(random, rows.label, size)) for _ in range(RESAMPLES)]
    return {name: _ends([each[name] for each in drawn], value) for name, value in found.items()}


def _ends(drawn: Sequence[float], value: float) -> tuple[float, float]:
    low, high = (np.quantile(drawn, ENDS) + value - np.mean(drawn)).tolist()
    return max(low, 0.0), high


def tenths(order: Counts) -> list[Counts]:
    """The rows in ten parts of equal size, in the order given."""
    return np.array_split(order, TENTHS)


def _resample(random: np.random.Generator, label: Label, size: int) -> Counts:
    """How often each row is drawn; one that leaves out a whole outcome is drawn again."""
    while True:
        counts = np.bincount(random.integers(size, size=size), minlength=size)
        if 0 < counts @ label < size:
            return counts


def _calibration_error(rows: Judged, counts: Counts) -> float:
    """The mean distance between probability and outcome over tenths of the rows, from least to most probable."""
    times = counts[rows.by_probability]
    leads = np.concatenate([[0], np.cumsum(times)])
    excess = (rows.probability - rows.label)[rows.by_probability]
    sums = np.concatenate([[0.0], np.cumsum(times * excess)])
    borders = np.interp(np.linspace(0, leads[-1], TENTHS + 1), leads, sums)
    return float(np.abs(np.diff(borders)).sum() / leads[-1])
