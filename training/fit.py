"""Fits models on parts of the rows: the folds, what models say of rows they never saw, the bag that is served."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from training.dataset import Dataset, matrix
from training.families import FAMILIES
from training.table import DataError

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]
Folds = NDArray[np.int64]

FOLDS = 5
# Edges are midpoints of numbers: between these even a midpoint stays finite, as a scorecard's edges must.
LARGEST = 1e300


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A model to fit: a family, the rows it learns from, and its seed."""

    family: str
    rows: Rows
    seed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Bag:
    """The fitted members, and for each row the log-odds from the member that was not fitted on it."""

    members: tuple[Any, ...]
    held_out: Floats


def folds_of(label: NDArray[np.bool_], groups: NDArray[np.int64], seed: int) -> Folds:
    """Each row's fold, 0 to 4: rows of a group in one fold, both outcomes shared out evenly.

    Raises: DataError where the groups are too few or too large for that.
    """
    if any(len(np.unique(groups[label == outcome])) < FOLDS for outcome in (True, False)):
        raise DataError(_too_few(groups))
    folds = np.zeros(len(label), dtype=np.int64)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for number, (_, held_out) in enumerate(splitter.split(label, label, groups)):
        folds[held_out] = number
    if any(len(np.unique(folds[label == outcome])) < FOLDS for outcome in (True, False)):
        raise DataError(_too_few(groups))
    return folds


def _too_few(groups: NDArray[np.int64]) -> str:
    return (
        f"the rows fall into {len(np.unique(groups))} groups that must stay together, too few to share out both "
        f"outcomes over {FOLDS} folds; name another --group column, or more columns to tell rows apart"
    )


def bag_of(data: Dataset, folds: Folds, seed: int, jobs: int) -> Bag:
    """The served bag: for each fold a member fitted on the rows outside it."""
    features, held_out = matrix(data), np.zeros(len(data.label))
    parts = [Part(family="served", rows=folds != fold, seed=seed + fold) for fold in range(FOLDS)]
    fits = (delayed(_fitted)(_estimator(data, part), features, data.label, part.rows) for part in parts)
    members = tuple(Parallel(n_jobs=jobs)(fits))
    for member, part in zip(members, parts, strict=True):
        held_out[~part.rows] = log_odds_of(member, features[~part.rows])
    return Bag(members=members, held_out=held_out)


def answers_of(data: Dataset, parts: Sequence[Part], jobs: int) -> Iterator[Floats]:
    """The log-odds of every row by each part's model, in order, as soon as they are there."""
    features = matrix(data)
    fits = (delayed(_answers)(_estimator(data, part), features, data.label, part.rows) for part in parts)
    yield from Parallel(n_jobs=jobs, return_as="generator")(fits)


def log_odds_of(model: Any, features: Floats) -> Floats:
    """What the model says of each row, in log-odds."""
    # One thread, here and below: parts already keep the cores busy, and waiting threads would slow one another down.
    with threadpool_limits(1):
        return np.asarray(model.decision_function(features), dtype=np.float64)


def _estimator(data: Dataset, part: Part) -> Any:
    return FAMILIES[part.family].estimator(data.columns, part.seed)


def _fitted(estimator: Any, features: Floats, label: Rows, rows: Rows) -> Any:
    with threadpool_limits(1):
        return estimator.fit(_learnable(features[rows]), label[rows])


def _learnable(features: Floats) -> Floats:
    """The rows within what an edge may be; a column that none of them fills is constant, as nothing can be learned."""
    return np.where(np.isnan(features).all(axis=0), 0.0, np.clip(features, -LARGEST, LARGEST))


def _answers(estimator: Any, features: Floats, label: Rows, rows: Rows) -> Floats:
    return log_odds_of(_fitted(estimator, features, label, rows), features)
