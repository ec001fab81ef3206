"""How far live leads have moved from the training population: the population stability index.

Sources: PSI and its thresholds 0.1 and 0.25, N. Siddiqi, Credit Risk Scorecards (2006), on monitoring; what chance
alone gives, B. Yurdakul, Statistical Properties of Population Stability Index (2018): chi-squared, with one degree of
freedom less than bins, times (1/trained + 1/live).
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scoring.scorecard import CategoryFeature, Feature

Word = Literal["as in training", "moved", "drifted"]

MOVED = 0.1
DRIFTED = 0.25
BINS = 10
# A category rarer than this among the training leads is counted with the other rare ones.
RARE = 0.02
# The standard normal quantile of 95 %, one-sided.
NINETY_FIVE = 1.6449


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Some values of an attribute, with their counts among the training leads and the live ones."""

    name: str
    trained: int
    live: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """How far an attribute, or the score, has moved; `chance` is what 95 of 100 samples of no change stay under."""

    name: str
    psi: float
    chance: float
    bins: tuple[Bin, ...]

    @property
    def word(self) -> Word:
        """Whether it has moved more than chance explains, and how far."""
        if self.psi < MOVED or self.psi <= self.chance:
            return "as in training"
        return "moved" if self.psi < DRIFTED else "drifted"

    @property
    def most(self) -> Bin | None:
        """The bin that has gained or lost the largest share; None without leads."""
        trained, live = sum(each.trained for each in self.bins), sum(each.live for each in self.bins)
        if not trained or not live:
            return None
        return max(self.bins, key=lambda each: abs(each.live / live - each.trained / trained))


def shift_of(name: str, bins: Sequence[Bin]) -> Shift:
    """Return how far something has moved by its bins; those that nobody ever fell into do not count."""
    met = tuple(each for each in bins if each.trained or each.live)
    trained, live = sum(each.trained for each in met), sum(each.live for each in met)
    if not trained or not live or len(met) < 2:
        return Shift(name=name, psi=0.0, chance=0.0, bins=met)
    # Half a lead in each bin: an empty one would make the index infinite.
    expected = [(each.trained + 0.5) / (trained + len(met) / 2) for each in met]
    actual = [(each.live + 0.5) / (live + len(met) / 2) for each in met]
    psi = sum((new - old) * math.log(new / old) for old, new in zip(expected, actual, strict=True))
    chance = _chi_squared(len(met) - 1) * (1 / trained + 1 / live)
    return Shift(name=name, psi=psi, chance=chance, bins=met)


def feature_bins(feature: Feature, trained: Sequence[int], live: Sequence[int]) -> list[Bin]:
    """Return an attribute's cells as bins: numbers in about ten of like size, rare categories in one, missing apart."""
    pairs = list(zip(trained, live, strict=True))
    cells, missing = pairs[:-1], Bin(name="missing", trained=trained[-1], live=live[-1])
    if isinstance(feature, CategoryFeature):
        names = [*feature.levels, *(["rare"] if feature.grouped else [])]
        return [*_categories(names, cells, sum(trained)), missing]
    return [*_numbers(feature.edges, cells), missing]


def score_bins(reference: Sequence[float], rows: int, log_odds: Sequence[float]) -> list[Bin]:
    """Return tenths of the training population by log-odds, whose evenly spaced quantiles `reference` holds."""
    last = len(reference) - 1
    edges = sorted({reference[last * tenth // 10] for tenth in range(1, 10)})
    trained, live = _counted(reference, edges), _counted(log_odds, edges)
    bounds = pairwise([0.0, *(100 * bisect_left(reference, edge) / last for edge in edges), 100.0])
    return [
        Bin(name=f"fit {low:.0f} to {high:.0f}", trained=round(old / len(reference) * rows), live=new)
        for (low, high), old, new in zip(bounds, trained, live, strict=True)
    ]


def _counted(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_left(edges, value)] += 1
    return counts


def _categories(names: Sequence[str], cells: Sequence[tuple[int, int]], rows: int) -> Iterator[Bin]:
    rare = Bin(name="rare", trained=0, live=0)
    for name, (trained, live) in zip(names, cells, strict=True):
        if trained >= RARE * rows and name != "rare":
            yield Bin(name=name, trained=trained, live=live)
        else:
            rare = Bin(name="rare", trained=rare.trained + trained, live=rare.live + live)
    yield rare


def _numbers(edges: Sequence[float], cells: Sequence[tuple[int, int]]) -> Iterator[Bin]:
    """Cells next to each other, until each bin has its share of the training leads."""
    share = sum(trained for trained, _ in cells) / BINS
    low, trained, live = -math.inf, 0, 0
    for high, (old, new) in zip((*edges, math.inf), cells, strict=True):
        trained, live = trained + old, live + new
        if trained >= share or high == math.inf:
            yield Bin(name=_between(low, high), trained=trained, live=live)
            low, trained, live = high, 0, 0


def _between(low: float, high: float) -> str:
    if low == -math.inf:
        return "any number" if high == math.inf else f"up to {high:g}"
    return f"over {low:g}" if high == math.inf else f"{low:g} to {high:g}"


def _chi_squared(degrees: int) -> float:
    """Return the 95 % quantile. Source: E. Wilson and M. Hilferty, The distribution of chi-square (1931)."""
    ninth = 2 / (9 * degrees)
    return degrees * (1 - ninth + NINETY_FIVE * math.sqrt(ninth)) ** 3


def document_of(shift: Shift) -> Mapping[str, object]:
    """Return a shift as JSON."""
    most = shift.most
    return {
        "psi": shift.psi,
        "chance": shift.chance,
        "is": shift.word,
        "bins": [{"name": each.name, "trained": each.trained, "live": each.live} for each in shift.bins],
        "most": None if most is None else most.name,
    }
