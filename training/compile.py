"""Fitted boosting models into one scorecard: a tree over two features is a table, and tables add up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.scorecard import Calibration, CategoryFeature, Feature, NumberFeature, PairTable, Scorecard
from training.dataset import Column
from training.purify import Pair, centred, purified
from training.trees import Axis, axes_of, baseline, steps_of

Tables = dict[tuple[int, ...], NDArray[np.float64]]


def compile_scorecard(
    members: Sequence[Any],
    columns: Sequence[Column],
    *,
    version: str,
    calibration: Calibration,
    reference: Sequence[float],
) -> Scorecard:
    """The mean of the members' decision functions as a scorecard, its tables centred on the training population.

    Raises: CompileError where a tree tests more than two features.
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
    )


def _added(members: Sequence[Any], axes: Sequence[Axis]) -> Tables:
    """The mean over the members of the sums of their trees, by the features that the trees test."""
    tables: Tables = {(): np.array(sum(baseline(member) for member in members) / len(members))}
    for member in members:
        for steps in steps_of(member, axes):
            found = tables.get(steps.features, 0.0)
            tables[steps.features] = found + steps.values / len(members)
    return tables


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
