"""Fitted boosting models into one scorecard: a leaf is a box over at most two features, and boxes add up to tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.scorecard import Calibration, CategoryFeature, Feature, NumberFeature, PairTable, Scorecard
from training.dataset import Column
from training.purify import Pair, centred, purified
from training.table import TrainingError
from training.trees import Axis, axes_of, baseline, leaves_of

Tables = dict[tuple[int, ...], NDArray[np.float64]]


class CompileError(TrainingError):
    """Models that no scorecard can stand for, or a scorecard that does not say what its models say."""


def compile_scorecard(
    members: Sequence[Any],
    columns: Sequence[Column],
    *,
    version: str,
    calibration: Calibration,
    reference: Sequence[float],
) -> Scorecard:
    """The mean of the members' decision functions as a scorecard, its tables centred on the training population.

    Raises: CompileError where the way to a leaf tests more than two features.
    """
    axes = axes_of(members, columns)
    tables = _added(members, axes)
    population = [axis.cells(column.values) for axis, column in zip(axes, columns, strict=True)]
    own = [tables.get((index,), np.zeros(len(axis.points))) for index, axis in enumerate(axes)]
    pairs: list[PairTable] = []
    for first, second in sorted(key for key in tables if len(key) == 2):
        pair = purified(tables[first, second], population[first], population[second])
        own[first], own[second] = own[first] + pair.row_gains, own[second] + pair.column_gains
        pairs += [_pair_table(first, second, pair)] if pair.matters else []
    centres = [centred(table, cells) for table, cells in zip(own, population, strict=True)]
    return Scorecard(
        version=version,
        intercept=float(tables[()]) + sum(mean for _, mean in centres),
        features=tuple(map(_feature, columns, axes, [table for table, _ in centres])),
        pairs=tuple(pairs),
        calibration=calibration,
        reference=tuple(map(float, reference)),
        parts=tuple(column.part for column in columns if column.part is not None),
    )


def _added(members: Sequence[Any], axes: Sequence[Axis]) -> Tables:
    """The mean of the members as one table for each set of features met on the way to a leaf."""
    tables: Tables = {(): np.array(sum(map(baseline, members)) / len(members))}
    for member in members:
        for leaf in leaves_of(member, axes):
            features = tuple(sorted(leaf.box))
            if features not in tables:
                tables[features] = _blank(features, axes)
            tables[features][np.ix_(*(leaf.box[feature] for feature in features))] += leaf.value / len(members)
    return tables


def _blank(features: Sequence[int], axes: Sequence[Axis]) -> NDArray[np.float64]:
    if len(features) > 2:
        raise CompileError(
            f"a tree tests {len(features)} columns on the way to one leaf, and a scorecard's tables hold two: "
            'fit with interaction_cst="pairwise"'
        )
    return np.zeros([len(axes[feature].points) for feature in features])


def _feature(column: Column, axis: Axis, values: NDArray[np.float64]) -> Feature:
    if column.kind == "number":
        edges = axis.points[:-2].tolist()
        return NumberFeature(name=column.name, edges=tuple(edges), values=tuple(values.tolist()))
    return CategoryFeature(
        name=column.name,
        levels=column.levels,
        grouped=column.grouped,
        unseen=len(column.levels),
        values=tuple(values.tolist()),
    )


def _pair_table(first: int, second: int, pair: Pair) -> PairTable:
    return PairTable(
        first=first,
        second=second,
        rows=tuple(pair.rows.tolist()),
        columns=tuple(pair.columns.tolist()),
        values=tuple(pair.values.ravel().tolist()),
    )
