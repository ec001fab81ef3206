"""Tables cleaned of one another: a pair keeps only what its two features do together, each table averages zero.

A sum of step functions can be split into tables in many ways. The one shown to people moves whatever a feature does
on its own, over the training population, out of its pairs. Source: Lengerich et al., Purifying Interaction Effects
with the Functional ANOVA, AISTATS 2020.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]

# Rows of a pair that differ by less than this are one row; so many decimals lie far below what verification allows.
DECIMALS = 12
# Means move between rows and columns until they are this small, or for so many rounds where the features follow
# one another so closely that they would for ever.
SMALL = 1e-12
ROUNDS = 300


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """A purified pair: the row and column of each feature's cell, the values, and what moved to each feature's own."""

    rows: Cells
    columns: Cells
    values: Floats
    row_gains: Floats
    column_gains: Floats

    @property
    def matters(self) -> bool:
        """Whether the two features do anything together."""
        return bool(np.abs(self.values).max() > 10.0**-DECIMALS)


def purified(table: Floats, first: Cells, second: Cells) -> Pair:
    """The pair whose values, row gains and column gains add up to the table; `first` and `second` are the population.

    *Shape*: table (cells of the first feature, cells of the second); first and second (rows of the training data).
    """
    row_gains = table.mean(axis=1)
    column_gains = table.mean(axis=0) - table.mean()
    left = table - row_gains[:, None] - column_gains
    rows, row_keepers = _alike(left)
    columns, column_keepers = _alike(left[row_keepers].T)
    coarse = left[np.ix_(row_keepers, column_keepers)]
    values, row_means, column_means = _cleaned(coarse, _counts(coarse.shape, rows[first], columns[second]))
    return Pair(
        rows=rows,
        columns=columns,
        values=values,
        row_gains=row_gains + row_means[rows],
        column_gains=column_gains + column_means[columns],
    )


def centred(table: Floats, cells: Cells) -> tuple[Floats, float]:
    """The table with mean zero over the population, and the mean that it had."""
    mean = float(table[cells].mean())
    return table - mean, mean


def _alike(table: Floats) -> tuple[Cells, Cells]:
    """The number of each row's kind, and one row of each kind, in the order in which they come."""
    rounded = np.round(table, DECIMALS) + 0.0  # -0.0 becomes 0.0
    _, keepers, kinds = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(keepers)
    return np.argsort(order)[kinds.ravel()], keepers[order]


def _counts(shape: tuple[int, int], rows: Cells, columns: Cells) -> Floats:
    """How many of the population stand in each cell."""
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _cleaned(table: Floats, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """The table less its weighted row and column means, and these."""
    by_row, by_column = _shares(counts), _shares(counts.T)
    row_means, column_means = np.zeros(table.shape[0]), np.zeros(table.shape[1])
    values = table
    for _ in range(ROUNDS):
        across = (values * by_row).sum(axis=1)
        values = values - across[:, None]
        down = (values.T * by_column).sum(axis=1)
        values = values - down
        row_means, column_means = row_means + across, column_means + down
        if max(np.abs(across).max(), np.abs(down).max()) < SMALL:
            break
    return values, row_means, column_means


def _shares(counts: Floats) -> Floats:
    """Each row's weights; equal ones where nobody stands in the row."""
    totals = counts.sum(axis=1, keepdims=True)
    shares: Floats = np.where(totals > 0, counts / np.maximum(totals, 1.0), 1.0 / counts.shape[1])
    return shares
