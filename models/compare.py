"""Which of two versions tells leads apart better, on the same rows, and how sure one can be of it.

Source: the paired bootstrap, B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: rows are
drawn with replacement, both versions judged on the same draw, and the middle 95 % of the differences is the interval.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np

from models.ranked import Floats, Ranked
from models.version import ModelError

Weighted = Callable[[Floats], float]
Word = Literal["better", "worse", "no clear difference"]

SEED = 20_261_124
RESAMPLES = 1000
INTERVAL = (2.5, 97.5)
# Of each outcome; with fewer the intervals say nothing.
FEWEST = 20
# More rows would only take longer: the interval is narrow already.
MOST_ROWS = 50_000
# Whether more of a metric is better, or less.
SIGNS: Mapping[str, int] = MappingProxyType({"roc_auc": 1, "log_loss": -1, "brier": -1, "lift_top_decile": 1})
# By which a version is refused; the others follow these two.
DECIDING = ("roc_auc", "log_loss")
_LEAST = 1e-15


class Said(NamedTuple):
    """What a version says of a row that it was not trained on."""

    log_odds: float
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A row: whether it converted, and what both versions say of it."""

    label: bool
    first: Said
    second: Said


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A metric of both versions, and second minus first with its 95 % interval."""

    metric: str
    first: float
    second: float
    difference: float
    low: float
    high: float

    @property
    def word(self) -> Word:
        """How the second is beside the first: better or worse where the whole interval says so."""
        low, high = sorted((SIGNS[self.metric] * self.low, SIGNS[self.metric] * self.high))
        return "better" if low > 0 else "worse" if high < 0 else "no clear difference"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two versions on the same rows."""

    rows: int
    positives: int
    differences: tuple[Difference, ...]

    @property
    def worse(self) -> tuple[Difference, ...]:
        """Where the second is clearly worse, by the metrics that decide."""
        return tuple(each for each in self.differences if each.metric in DECIDING and each.word == "worse")


def compare(rows: Sequence[Judged], seed: int = SEED) -> Comparison:
    """Return both versions' metrics on the rows and how they differ; the same seed gives the same intervals.

    Raises: ModelError where the rows are too few to say anything.
    """
    rows = rows[:MOST_ROWS]
    label = np.array([row.label for row in rows], dtype=np.float64)
    won = int(label.sum())
    if min(won, len(label) - won) < FEWEST:
        raise ModelError(f"{len(label):,} rows, {won:,} of them converted: {FEWEST} of each outcome are needed")
    first, second = _metrics([row.first for row in rows], label), _metrics([row.second for row in rows], label)
    draws = _draws(len(label), seed)
    return Comparison(
        rows=len(label),
        positives=won,
        differences=tuple(_difference(metric, first[metric], second[metric], draws) for metric in SIGNS),
    )


def _draws(rows: int, seed: int) -> list[Floats]:
    """Return how often each row counts in each draw."""
    random = np.random.default_rng(seed)
    draws = (np.bincount(random.integers(0, rows, rows), minlength=rows) for _ in range(RESAMPLES))
    return [draw.astype(np.float64) for draw in draws]


def _difference(metric: str, first: Weighted, second: Weighted, draws: Sequence[Floats]) -> Difference:
    once = np.ones(len(draws[0]))
    low, high = np.percentile([second(draw) - first(draw) for draw in draws], INTERVAL)
    before, after = first(once), second(once)
    return Difference(
        metric=metric, first=before, second=after, difference=after - before, low=float(low), high=float(high)
    )


def _metrics(said: Sequence[Said], label: Floats) -> dict[str, Weighted]:
    """Return each metric as a function of how often each row counts."""
    log_odds, probability = np.array(said, dtype=np.float64).T
    probability = np.clip(probability, _LEAST, 1 - _LEAST)
    losses = -np.log(np.where(label == 1, probability, 1 - probability))
    errors = (probability - label) ** 2
    ranked = Ranked.of(log_odds, label)
    return {
        "roc_auc": ranked.roc_auc,
        "log_loss": lambda counts: float(counts @ losses / counts.sum()),
        "brier": lambda counts: float(counts @ errors / counts.sum()),
        "lift_top_decile": ranked.lift_top_decile,
    }
