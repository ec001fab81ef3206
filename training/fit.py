"""Fits models on parts of the rows: the folds, what models say of rows they never saw, the bag that is served."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from training.dataset import Dataset, matrix
from training.families import Recipe, family_of
from training.plan import BAGS, Plan, constraints_of
from training.search import Setting
from training.table import DataError

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]
Folds = NDArray[np.int64]

FOLDS = 5
# Edges are midpoints of numbers: between these even a midpoint stays finite, as a scorecard's edges must.
LARGEST = 1e300


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A model to fit: a family and its setting, the rows it learns from and their weights, those it is asked of."""

    family: str
    setting: Setting
    rows: Rows
    asked: Rows
    seed: int
    weights: Floats | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Bag:
    """The fitted members, and for each row the mean log-odds from the members that were not fitted on it."""

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


def bag_of(data: Dataset, plan: Plan, setting: Setting, weights: Floats | None = None) -> Bag:
    """The served bag: for each seed and fold a member fitted on the rows outside that fold.

    Raises: DataError where the rows cannot be split, or a monotone column is none.
    """
    features, held_out = matrix(data), np.zeros(len(data.label))
    parts = [part for bag in range(BAGS[plan.search]) for part in _bag(data, plan.seed + bag, setting, weights)]
    fits = (delayed(_fitted)(_estimator(data, plan, part), features, data.label, part) for part in parts)
    members = tuple(Parallel(n_jobs=plan.jobs)(fits))
    for member, part in zip(members, parts, strict=True):
        held_out[part.asked] += log_odds_of(member, features[part.asked])
    return Bag(members=members, held_out=held_out / BAGS[plan.search])


def _bag(data: Dataset, seed: int, setting: Setting, weights: Floats | None) -> Iterator[Part]:
    folds = folds_of(data.label, data.groups, seed)
    for fold in range(FOLDS):
        left = folds == fold
        yield Part(family="served", setting=setting, rows=~left, asked=left, seed=seed + fold, weights=weights)


def answers_of(data: Dataset, plan: Plan, parts: Sequence[Part]) -> Iterator[Floats]:
    """The log-odds of the rows that each part's model is asked of, in order, as soon as they are there."""
    features = matrix(data)
    fits = (delayed(_answers)(_estimator(data, plan, part), features, data.label, part) for part in parts)
    yield from Parallel(n_jobs=plan.jobs, return_as="generator")(fits)


def log_odds_of(model: Any, features: Floats) -> Floats:
    """What the model says of each row, in log-odds."""
    # One thread, here and below: parts already keep the cores busy, and waiting threads would slow one another down.
    with threadpool_limits(1):
        return np.asarray(model.decision_function(features), dtype=np.float64)


def _estimator(data: Dataset, plan: Plan, part: Part) -> Any:
    recipe = Recipe(columns=data.columns, setting=part.setting, monotone=constraints_of(plan, data.columns))
    return family_of(part.family, plan.served).estimator(recipe, part.seed)


def _fitted(estimator: Any, features: Floats, label: Rows, part: Part) -> Any:
    weight = "logisticregression__sample_weight" if isinstance(estimator, Pipeline) else "sample_weight"
    given = {} if part.weights is None else {weight: part.weights[part.rows]}
    with threadpool_limits(1):
        return estimator.fit(_learnable(features[part.rows]), label[part.rows], **given)


def _learnable(features: Floats) -> Floats:
    """The rows within what an edge may be; a column that none of them fills is constant, as nothing can be learned."""
    return np.where(np.isnan(features).all(axis=0), 0.0, np.clip(features, -LARGEST, LARGEST))


def _answers(estimator: Any, features: Floats, label: Rows, part: Part) -> Floats:
    return log_odds_of(_fitted(estimator, features, label, part), features[part.asked])
