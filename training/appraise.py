"""The scorecard's word on many leads at once: the same, to the bit, as `scoring.scorecard.appraise` on each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.lead import Value
from scoring.lookup import SAME
from scoring.scorecard import NumberFeature, Scorecard, probability_of

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]
# Values of one of these types are equal only where they also read the same.
PLAIN = (str, int, float, bool)


@dataclass(frozen=True, kw_only=True, eq=False)
class Appraisals:
    """What the model says of leads: one element each; `gains` and `shares` of shape (leads, features).

    `gains` are each attribute's log-odds, `shares` what of the fit each of them makes. `fit` has one decimal.
    """

    log_odds: Floats
    probability: list[float]
    fit: list[float]
    gains: Floats
    shares: Floats


def appraise_all(scorecard: Scorecard, values: Sequence[Sequence[Value | None]], leads: int) -> Appraisals:
    """Return the appraisals of so many leads; `values` holds those of each of the scorecard's features in turn."""
    tables = scorecard.tables
    cells = [
        _cells(feature.edges if isinstance(feature, NumberFeature) else None, find, column)
        for feature, find, column in zip(scorecard.features, tables.finders, values, strict=True)
    ]
    gains = [np.array(own)[cell] for own, cell in zip(tables.values, cells, strict=True)]
    for first, second, halves in tables.halves:
        half = np.array(halves)[cells[first], cells[second]]
        gains[first] = gains[first] + half
        gains[second] = gains[second] + half
    log_odds = np.full(leads, scorecard.intercept)
    for gain in gains:
        log_odds = log_odds + gain
    fit = percentiles(scorecard.reference, log_odds)
    return Appraisals(
        log_odds=log_odds,
        probability=[probability_of(scorecard.calibration, each) for each in log_odds.tolist()],
        fit=[round(each, 1) for each in fit.tolist()],
        gains=np.column_stack(gains) if gains else np.zeros((leads, 0)),
        shares=_shares(scorecard, gains, fit),
    )


def percentiles(reference: Sequence[float], x: Floats) -> Floats:
    """Return where each x stands among evenly spaced, rising quantiles: `scoring.lookup.percentile` of each."""
    points, last = np.array(reference), len(reference) - 1
    left = np.searchsorted(points, x - SAME, side="left")
    right = np.searchsorted(points, x + SAME, side="right")
    position = np.where(left > 0, float(last), 0.0)
    equal, between = left < right, (left >= right) & (left > 0) & (left <= last)
    position[equal] = (left[equal] + right[equal] - 1) / 2
    start = left[between]
    below, above = points[start - 1], points[start]
    position[between] = (start - 1) + (x[between] - below) / (above - below)
    return np.asarray(100.0 * position / last, dtype=np.float64)


def memo_of(find: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Return what `find` says of each value, asked once for those that are alike where that is safe."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) > 1 or not kinds <= set(PLAIN):
        return [find(value) for value in values]
    known = _Memo(find)
    return list(map(known.__getitem__, values))


class _Memo(dict[Any, Any]):
    """Answers by value."""

    def __init__(self, find: Callable[[Any], Any]) -> None:
        self._find = find

    def __missing__(self, value: Any) -> Any:
        answer = self[value] = self._find(value)
        return answer


def _cells(edges: Sequence[float] | None, find: Callable[[Value | None], int], values: Sequence[Value | None]) -> Cells:
    if edges is not None and set(map(type, values)) <= {float}:
        return np.searchsorted(np.array(edges), np.array(values, dtype=np.float64), side="left")
    return np.array(memo_of(find, values), dtype=np.int64)


def _shares(scorecard: Scorecard, gains: Sequence[Floats], fit: Floats) -> Floats:
    """Return each gain's share of the fit above the average lead's, step by step as `scoring.scorecard` has it."""
    start, average = scorecard.intercept, scorecard.tables.average_fit
    up, down = np.zeros(len(fit)), np.zeros(len(fit))
    for gain in gains:
        up = up + np.where(gain > 0, gain, 0.0)
        down = down + np.where(gain > 0, 0.0, gain)
    top, bottom = percentiles(scorecard.reference, start + up), percentiles(scorecard.reference, start + down)
    climb = np.maximum(top - average + fit - bottom, 0.0) / 2
    descent = np.minimum(bottom - average + fit - top, 0.0) / 2
    if not gains:
        return np.zeros((len(fit), 0))
    return np.column_stack([_share(gain, up, down, climb, descent) for gain in gains])


def _share(gain: Floats, up: Floats, down: Floats, climb: Floats, descent: Floats) -> Floats:
    share = np.zeros(len(gain))
    gains, losses = gain > 0, gain < 0
    share[gains] = climb[gains] * (gain[gains] / up[gains])
    share[losses] = descent[losses] * (gain[losses] / down[losses])
    return share
