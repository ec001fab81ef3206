"""A trained model that is a table: bin edges, categories and values, looked up by bisection."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

from scoring.facts import Facts
from scoring.lead import Value
from scoring.lookup import category_cell, folded, number_cell, percentile
from scoring.parts import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberFeature:
    """A number cut into cells: cell k holds edges[k-1] < x <= edges[k]; the last but one lies above every edge.

    The last cell (index len(edges) + 1) is for a missing value. `values` has one log-odds value a cell.
    """

    name: str
    edges: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryFeature:
    """A category with one cell a level (compared without case and outer spaces) and a last cell for missing.

    Where rare levels share a cell, that cell follows those of the levels and `grouped` names who is in it. A level
    never seen in training falls into cell `unseen`: the rare cell where there is one, else the missing cell.
    """

    name: str
    levels: tuple[str, ...]
    grouped: tuple[str, ...]
    unseen: int
    values: tuple[float, ...]


Feature = NumberFeature | CategoryFeature


@dataclass(frozen=True, kw_only=True, slots=True)
class PairTable:
    """What two features add together beyond their own values.

    `first` and `second` are indexes of features; `rows` and `columns` map a feature's cell to a row or column
    of this (coarser) table; `values` is row-major, `max(columns) + 1` wide.
    """

    first: int
    second: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """A monotone map from log-odds to probability.

    `sigmoid` maps through 1 / (1 + exp(-(slope * x + offset))); `isotonic` draws straight lines between
    (points, levels) and is flat outside them.
    """

    kind: Literal["sigmoid", "isotonic"]
    slope: float = 1.0
    offset: float = 0.0
    points: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()


class Tables(NamedTuple):
    """A scorecard laid out for looking up: by feature its name, cell finder and values; by pair the halves.

    The halves are two indexes of features and, by cell of the first and cell of the second, what each of them gains.
    """

    names: tuple[str, ...]
    finders: tuple[Callable[[Value | None], int], ...]
    values: tuple[tuple[float, ...], ...]
    halves: tuple[tuple[int, int, tuple[tuple[float, ...], ...]], ...]
    average_fit: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Scorecard:
    """A whole served model.

    Every table is centred on the training population (its mean there is 0), so `intercept` is the log-odds of
    an average lead. `reference` holds evenly spaced quantiles (0 % to 100 %) of the population's log-odds;
    the fit of a lead is where its log-odds stand among them. `parts` are features that are read off attributes.
    """

    version: str
    intercept: float
    features: tuple[NumberFeature | CategoryFeature, ...]
    pairs: tuple[PairTable, ...]
    calibration: Calibration
    reference: tuple[float, ...]
    parts: tuple[Part, ...] = ()
    tables: Tables = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tables_of(self))


class Contribution(NamedTuple):
    """What one attribute adds to a lead's log-odds, half of each of its pairs included, and to its fit.

    A named tuple, not a dataclass: a dozen are made for every lead, and these cost a third.
    """

    name: str
    value: Value | None
    log_odds: float
    fit: float


# The tuple as it is, without a look at its length: half of what Contribution(...) costs.
_contribution: Callable[[tuple[str, Value | None, float, float]], Contribution] = partial(tuple.__new__, Contribution)


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraisal:
    """What the model says of a lead: log-odds, probability 0..1, fit 0..100 with one decimal.

    The intercept and the contributions, added in order, are `log_odds` to the bit.
    """

    log_odds: float
    probability: float
    fit: float
    attributes: tuple[Contribution, ...]


def appraise(scorecard: Scorecard, facts: Facts) -> Appraisal:
    """The model's word on a lead; any value of any attribute has a cell, so every lead is appraised.

    The facts of a served lead come through `with_parts`.
    """
    tables = scorecard.tables
    values = list(map(facts.values.get, tables.names))
    cells = [find(value) for find, value in zip(tables.finders, values, strict=True)]
    gains = [own[cell] for own, cell in zip(tables.values, cells, strict=True)]
    for first, second, halves in tables.halves:
        half = halves[cells[first]][cells[second]]
        gains[first] += half
        gains[second] += half
    log_odds = scorecard.intercept
    for gain in gains:
        log_odds += gain
    fit = percentile(scorecard.reference, log_odds)
    parts = zip(tables.names, values, gains, _shares(scorecard, gains, fit), strict=True)
    return Appraisal(
        log_odds=log_odds,
        probability=probability_of(scorecard.calibration, log_odds),
        fit=round(fit, 1),
        attributes=tuple(map(_contribution, parts)),
    )


def cells_of(scorecard: Scorecard, facts: Facts) -> list[int]:
    """The cell of each feature's table that a lead falls into; its facts come through `with_parts`."""
    tables = scorecard.tables
    return [find(facts.values.get(name)) for name, find in zip(tables.names, tables.finders, strict=True)]


def probability_of(calibration: Calibration, log_odds: float) -> float:
    """The calibrated probability, which never falls as the log-odds rise."""
    if calibration.kind == "sigmoid":
        return 1.0 / (1.0 + math.exp(min(-(calibration.slope * log_odds + calibration.offset), 700.0)))
    points, levels = calibration.points, calibration.levels
    above = bisect_right(points, log_odds)
    if above == 0 or above == len(points):
        return levels[0] if above == 0 else levels[-1]
    low, high = levels[above - 1], levels[above]
    along = (log_odds - points[above - 1]) / (points[above] - points[above - 1])
    return min(low + along * (high - low), high)


def _shares(scorecard: Scorecard, gains: Sequence[float], fit: float) -> list[float]:
    """Each gain's share of the fit above the average lead's; what raises log-odds never lowers fit.

    Gains share the way up and losses the way down, each in proportion; the two ways are the mean of climbing first
    and of descending first. One common rate would blow up where gains and losses cancel.
    """
    start, average = scorecard.intercept, scorecard.tables.average_fit
    up = down = 0.0
    for gain in gains:
        if gain > 0:
            up += gain
        else:
            down += gain
    top, bottom = percentile(scorecard.reference, start + up), percentile(scorecard.reference, start + down)
    # Of the same sign as their gains but for rounding, which is cut off.
    climb = max(top - average + fit - bottom, 0.0) / 2
    descent = min(bottom - average + fit - top, 0.0) / 2
    return [climb * (gain / up) if gain > 0 else descent * (gain / down) if gain < 0 else 0.0 for gain in gains]


def tables_of(scorecard: Scorecard) -> Tables:
    return Tables(
        names=tuple(feature.name for feature in scorecard.features),
        finders=tuple(_finder(feature) for feature in scorecard.features),
        values=tuple(feature.values for feature in scorecard.features),
        halves=tuple((pair.first, pair.second, _halves(pair)) for pair in scorecard.pairs),
        average_fit=percentile(scorecard.reference, scorecard.intercept),
    )


def _finder(feature: Feature) -> Callable[[Value | None], int]:
    # Partials of module functions, unlike closures, travel to worker processes.
    if isinstance(feature, NumberFeature):
        return partial(number_cell, feature.edges)
    missing = len(feature.values) - 1
    cells: dict[Value | None, int] = {None: missing, "": missing}
    cells |= dict.fromkeys(map(folded, feature.grouped), feature.unseen)
    for cell, level in enumerate(feature.levels):
        cells[level] = cells[folded(level)] = cell
    return partial(category_cell, cells, feature.unseen)


def _halves(pair: PairTable) -> tuple[tuple[float, ...], ...]:
    """Half of the pair's table, by cell of the first feature and cell of the second."""
    width = max(pair.columns) + 1
    coarse = [
        tuple(pair.values[row * width + column] / 2 for column in pair.columns) for row in range(max(pair.rows) + 1)
    ]
    return tuple(coarse[row] for row in pair.rows)
