"""Rows by rank, and what of a ranking can be said however often each row counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranked:
    """Rows in falling order; `starts` is where each run of equals begins, `label` is 1 for those that converted."""

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    label: Floats

    @classmethod
    def of(cls, values: Floats, label: Floats) -> "Ranked":
        """Return the rows in the order of their values."""
        order = np.argsort(-values, kind="stable")
        ordered = values[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        return cls(order=order, starts=starts, label=label[order])

    def roc_auc(self, counts: Floats) -> float:
        """Return how often a converted row stands above another; equals count half."""
        won, lost = self._runs(counts)
        below = lost.sum() - np.cumsum(lost)
        return float(won @ (below + lost / 2) / (won.sum() * lost.sum()))

    def pr_auc(self, counts: Floats) -> float:
        """Return the mean precision at which each converted row is met from the top; equals are met together."""
        won, lost = self._runs(counts)
        met = np.cumsum(won)
        return float(won @ (met / np.maximum(met + np.cumsum(lost), 1)) / won.sum())

    def lift_top_decile(self, counts: Floats) -> float:
        """Return how many times more often the best tenth converts than all; equals at its end count in part."""
        won, lost = self._runs(counts)
        size, rows = won + lost, counts.sum()
        tenth = -(-rows // 10)
        taken = np.clip(tenth - (np.cumsum(size) - size), 0, size)
        share = np.divide(won, size, out=np.zeros_like(won), where=size > 0)
        return float(taken @ share / tenth / (won.sum() / rows))

    def _runs(self, counts: Floats) -> tuple[Floats, Floats]:
        counted = counts[self.order]
        won = np.add.reduceat(counted * self.label, self.starts)
        return won, np.add.reduceat(counted, self.starts) - won


def ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1; equals share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)


def rank_correlation(first: Floats, second: Floats) -> float | None:
    """Return Spearman's correlation; None where one side says the same of all.

    Source: C. Spearman, The proof and measurement of association between two things (1904): Pearson's, of the ranks.
    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(ranks(first), ranks(second))[0, 1])
