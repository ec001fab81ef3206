"""What a fitted HistGradientBoostingClassifier holds, as tables; the one place that knows scikit-learn's insides.

Source: sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx, `_predict_one_from_raw_data`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.dataset import Column

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Axis:
    """The cells of a column, by a value standing in each: its rising edges, infinity, NaN; or its codes, NaN."""

    kind: str
    points: Floats

    def cells(self, values: Floats) -> NDArray[np.int64]:
        """The cell of each value of the column."""
        if self.kind == "number":
            found = np.searchsorted(self.points[:-2], values, side="left")
        else:
            found = np.nan_to_num(values).astype(np.int64)
        return np.where(np.isnan(values), len(self.points) - 1, found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Leaf:
    """A leaf: its value, and the cells that lead there for each feature (index of a column) tested on the way."""

    value: float
    box: Mapping[int, Mask]


def axes_of(members: Sequence[Any], columns: Sequence[Column]) -> tuple[Axis, ...]:
    """The columns' axes, cut wherever a tree of any member cuts."""
    edges: list[set[float]] = [set() for _ in columns]
    for member in members:
        order = _order(member)
        for [tree] in member._predictors:
            tests = tree.nodes[(tree.nodes["is_leaf"] == 0) & (tree.nodes["is_categorical"] == 0)]
            for feature, edge in zip(tests["feature_idx"], tests["num_threshold"], strict=True):
                edges[order[feature]].add(float(edge))
    return tuple(map(_axis, columns, edges))


def baseline(member: Any) -> float:
    """The log-odds that the member starts from."""
    return float(member._baseline_prediction.item())


def leaves_of(member: Any, axes: Sequence[Axis]) -> Iterator[Leaf]:
    """Every leaf of every tree of the member."""
    order = _order(member)
    codes = [_codes(member, place, axes[column]) for place, column in enumerate(order)]
    for [tree] in member._predictors:
        tests = {
            number: (order[node["feature_idx"]], _goes_left(tree, node, codes[node["feature_idx"]]))
            for number, node in enumerate(tree.nodes)
            if not node["is_leaf"]
        }
        yield from _leaves(tree.nodes, tests, 0, {})


def _axis(column: Column, edges: set[float]) -> Axis:
    # A split between missing and the rest has the threshold infinity: no edge between numbers.
    if column.kind == "number":
        return Axis(kind="number", points=np.array([*sorted(edges - {np.inf}), np.inf, np.nan]))
    codes = range(len(column.levels) + bool(column.grouped))
    return Axis(kind="category", points=np.array([*codes, np.nan], dtype=np.float64))


def _order(member: Any) -> list[int]:
    """The column behind each feature index of a tree: where there are categories, these come first."""
    if member._preprocessor is None:
        return list(range(member.n_features_in_))
    return [*np.flatnonzero(member.is_categorical_).tolist(), *np.flatnonzero(~member.is_categorical_).tolist()]


def _codes(member: Any, place: int, axis: Axis) -> Floats:
    """What the trees see for each point of the axis; a category that the member never met is missing to it."""
    if axis.kind == "number":
        return axis.points
    met = member._preprocessor.named_transformers_["encoder"].categories_[place]
    codes = {float(category): float(code) for code, category in enumerate(met) if not np.isnan(category)}
    return np.array([codes.get(point, np.nan) for point in axis.points.tolist()])


def _goes_left(tree: Any, node: Any, codes: Floats) -> Mask:
    """Whether each point of the node's feature goes left."""
    if node["is_categorical"]:
        bits = tree.raw_left_cat_bitsets[node["bitset_idx"]]
        known = np.nan_to_num(codes).astype(np.int64)
        left = (bits[known // 32] >> (known % 32).astype(np.uint32)) & 1 == 1
    else:
        left = codes <= node["num_threshold"]
    return np.where(np.isnan(codes), bool(node["missing_go_to_left"]), left)


def _leaves(nodes: Any, tests: Mapping[int, tuple[int, Mask]], number: int, box: Mapping[int, Mask]) -> Iterator[Leaf]:
    """The leaves below a node that these cells lead to."""
    node = nodes[number]
    if node["is_leaf"]:
        yield Leaf(value=float(node["value"]), box=box)
        return
    feature, left = tests[number]
    here = box.get(feature, np.True_)
    yield from _leaves(nodes, tests, int(node["left"]), {**box, feature: here & left})
    yield from _leaves(nodes, tests, int(node["right"]), {**box, feature: here & ~left})
