"""A trained model that is a table: bin edges, categories and values, looked up by bisection."""

from dataclasses import dataclass
from typing import Literal


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

    A level never seen in training falls into cell `unseen`: the group of rare levels where there is one,
    else the missing cell. `grouped` names the levels that share the rare cell.
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
    """A monotone map from log-odds to probability: straight lines between points, flat outside.

    `sigmoid` maps through 1 / (1 + exp(-(slope * x + offset))); `isotonic` interpolates (points, levels).
    """

    kind: Literal["sigmoid", "isotonic"]
    slope: float = 1.0
    offset: float = 0.0
    points: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Scorecard:
    """A whole served model.

    Every table is centred on the training population (its mean there is 0), so `intercept` is the log-odds of
    an average lead. `reference` holds evenly spaced quantiles (0 % to 100 %) of the population's log-odds;
    the fit of a lead is where its log-odds stand among them.
    """

    version: str
    intercept: float
    features: tuple[NumberFeature | CategoryFeature, ...]
    pairs: tuple[PairTable, ...]
    calibration: Calibration
    reference: tuple[float, ...]
