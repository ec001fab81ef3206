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

# Numbers beyond this say no more to a linear model, and their squares would be infinite.
LARGEST_LINEAR = 1e9
# Fewer than scikit-learn's 255: tables stay small and readable, and on thousands of leads nothing is lost.
BINS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A kind of model: what it is in a few words, and how a new one is made for the columns from a seed."""

    about: str
    estimator: Callable[[Sequence[Column], int], Any]


def _boosting(columns: Sequence[Column], seed: int, **over: Any) -> Any:
    categories = [column.kind == "category" for column in columns]
    cells = [len(column.levels) + bool(column.grouped) for column in columns]
    given = {
        "learning_rate": 0.1,
        "max_iter": 120,
        "max_leaf_nodes": 8,
        "max_depth": 4,
        "min_samples_leaf": 10,
        "l2_regularization": 1.0,
        "max_features": 0.6,
        "max_bins": max(BINS, *cells),
        "early_stopping": False,
        "categorical_features": categories,
        "random_state": seed,
    }
    return HistGradientBoostingClassifier(**{**given, **over})


def _served(columns: Sequence[Column], seed: int) -> Any:
    return _boosting(columns, seed, interaction_cst="pairwise")


def _additive(columns: Sequence[Column], seed: int) -> Any:
    return _boosting(columns, seed, interaction_cst="no_interactions")


def _unrestricted(columns: Sequence[Column], seed: int) -> Any:
    # Given more trees and finer cuts than the others, so that what it is held up for is its best.
    return _boosting(columns, seed, max_bins=255, max_iter=150, learning_rate=0.06)


def _logistic(columns: Sequence[Column], _: int) -> Any:
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
    return make_pipeline(features, LogisticRegression(max_iter=1000))


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "served": Family(about="boosting, at most two columns at once", estimator=_served),
        "logistic": Family(about="regression, columns add up", estimator=_logistic),
        "additive": Family(about="boosting, one column at a time", estimator=_additive),
        "unrestricted": Family(about="boosting, any columns together", estimator=_unrestricted),
    }
)
