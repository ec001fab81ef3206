"""The kinds of model that are fitted side by side: the served one, and what it is held against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from training.dataset import Column
from training.search import Setting

# Numbers beyond this say no more to a linear model, and their squares would be infinite.
LARGEST_LINEAR = 1e9
# Fewer than scikit-learn's 255: tables stay small and readable, and on thousands of leads nothing is lost.
BINS = 32


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Recipe:
    """What a model is made of: columns, a setting, and 1 or -1 for columns it may only rise or fall with."""

    columns: Sequence[Column]
    setting: Setting
    monotone: Sequence[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A kind of model: what it is in a few words, and how a new one is made of a recipe and a seed."""

    about: str
    estimator: Callable[[Recipe, int], Any]


def _boosting(recipe: Recipe, seed: int, **over: Any) -> Any:
    columns, setting = recipe.columns, recipe.setting
    categories = [column.kind == "category" for column in columns]
    cells = [len(column.levels) + bool(column.grouped) for column in columns]
    given = {
        "learning_rate": setting.learning_rate,
        "max_iter": setting.trees,
        "max_leaf_nodes": setting.leaves,
        "max_depth": 4,
        "min_samples_leaf": setting.least,
        "l2_regularization": setting.l2,
        "max_features": 0.6,
        "max_bins": max(BINS, *cells),
        "early_stopping": False,
        "categorical_features": categories,
        "monotonic_cst": list(recipe.monotone),
        "random_state": seed,
    }
    return HistGradientBoostingClassifier(**{**given, **over})


def _pairwise(recipe: Recipe, seed: int) -> Any:
    return _boosting(recipe, seed, interaction_cst="pairwise")


def _additive(recipe: Recipe, seed: int) -> Any:
    return _boosting(recipe, seed, interaction_cst="no_interactions")


def _unrestricted(recipe: Recipe, seed: int) -> Any:
    # Given finer cuts than the others, so that what it is held up for is its best.
    return _boosting(recipe, seed, max_bins=255)


def _logistic(recipe: Recipe, _: int) -> Any:
    columns = recipe.columns
    categories = [index for index, column in enumerate(columns) if column.kind == "category"]
    numbers = [index for index, column in enumerate(columns) if column.kind == "number"]
    bounded = FunctionTransformer(np.clip, kw_args={"a_min": -LARGEST_LINEAR, "a_max": LARGEST_LINEAR})
    filled = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    features = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
            ("numbers", make_pipeline(bounded, filled, StandardScaler()), numbers),
        ]
    )
    return make_pipeline(features, LogisticRegression(C=1 / recipe.setting.l2, max_iter=1000))


SERVED: Mapping[str, Family] = MappingProxyType(
    {
        "pairwise": Family(about="boosting, at most two columns at once", estimator=_pairwise),
        "additive": Family(about="boosting, one column at a time", estimator=_additive),
    }
)
BESIDE: Mapping[str, Family] = MappingProxyType(
    {
        "logistic": Family(about="regression, columns add up", estimator=_logistic),
        "additive": SERVED["additive"],
        "unrestricted": Family(about="boosting, any columns together", estimator=_unrestricted),
    }
)


def family_of(name: str, served: str) -> Family:
    """The family of a name; which one "served" is, `served` says."""
    return SERVED[served] if name == "served" else BESIDE[name]
