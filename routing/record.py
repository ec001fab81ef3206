"""How sales has kept a promise so far, and the share that will come to at the end of a period, with an interval."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from routing.projection import QUANTILES, UNKNOWN, Projection

# So many of the latest promises say how the next will go; older ones say less and less of today's team.
REMEMBERED = 60
# Fewer days, or broken promises, say nothing of whether good and bad days differ.
DAYS_THAT_TELL = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """A promise that was due: on which day the lead was handed to sales, and whether it was kept."""

    day: date
    kept: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A promise in a period: `settled` is what was due, `early` was kept before it was due, `open` can still be kept.

    `recent` are the latest settled before the period.
    """

    settled: Sequence[Tried]
    early: int
    open: int
    recent: Sequence[Tried]

    @property
    def kept(self) -> int:
        """How many of the settled were kept."""
        return sum(one.kept for one in self.settled)


def projected_share(record: Record, coming: tuple[int, int, int], promised: float) -> Projection:
    """The share kept at the end of a period in which few, some or many more are still to come.

    How many are kept of all that is not settled is beta-binomial, and no fewer than are kept already. What was kept
    before it was due is no sign of how the next will go: its like that will be late is still open.
    """
    unsettled = [record.early + record.open + more for more in coming]
    ends = [_shares(record, ahead) for ahead in unsettled]
    low, value, high = min(end[0] for end in ends), ends[1][1], max(end[2] for end in ends)
    likely = _likely(record, unsettled[1], promised)
    return Projection(value=value, low=low, high=high, likely=likely)


def _shares(record: Record, ahead: int) -> tuple[float, float, float]:
    """The quantiles of the share when so many more will be settled; nothing is known of a share of nothing."""
    kept, whole = record.kept, len(record.settled) + ahead
    if not whole:
        good, bad = _evidence(record)
        return 0.0, good / (good + bad), 1.0
    if not ahead:
        return (kept / whole,) * 3
    more = _kept_ahead(record, ahead)
    below = more.cdf(record.early - 1)
    low, middle, high = (max(float(more.ppf(below + part * (1 - below))), record.early) for part in QUANTILES)
    return (kept + low) / whole, (kept + middle) / whole, (kept + high) / whole


def _likely(record: Record, ahead: int, promised: float) -> float:
    """How likely the share is no less than was promised when so many more will be settled."""
    needed = math.ceil(promised * (len(record.settled) + ahead) - record.kept - 1e-9)
    if needed <= record.early:
        return 1.0
    if needed > ahead:
        return 0.0
    more = _kept_ahead(record, ahead)
    possible = float(more.sf(record.early - 1))
    return min(float(more.sf(needed - 1)) / possible, 1.0) if possible else 0.0


def _evidence(record: Record) -> tuple[float, float]:
    """How many promises were kept and broken, with half a one more of each (Jeffreys' prior)."""
    told = [one.kept for one in (*record.recent, *record.settled)]
    return UNKNOWN + sum(told), UNKNOWN + len(told) - sum(told)


def _kept_ahead(record: Record, ahead: int) -> Any:
    """The distribution of how many of so many are kept, as wide as good and bad days make it.

    Source: the beta-binomial of n, mean p and concentration s has variance n p (1 - p) (1 + (n - 1) / (s + 1)); s is
    what gives that variance times the spread.
    """
    from scipy.stats import betabinom  # takes half a second to load, which no server pays that makes no report

    good, bad = _evidence(record)
    share, concentration = good / (good + bad), good + bad
    wider = _spread(record) * (1 + (ahead - 1) / (concentration + 1))
    if ahead > 1:
        concentration = max((ahead - 1) / (wider - 1) - 1, 1.0)
    return betabinom(ahead, share * concentration, (1 - share) * concentration)


def _spread(record: Record) -> float:
    """Pearson's chi-squared of the days over its degrees of freedom, never under that of pure chance."""
    told = [*record.recent, *record.settled]
    days, kept = Counter(one.day for one in told), Counter(one.day for one in told if one.kept)
    share = kept.total() / len(told) if told else 0.0
    if len(days) < DAYS_THAT_TELL or min(kept.total(), len(told) - kept.total()) < DAYS_THAT_TELL:
        return 1.0
    squares = sum((kept[day] - of * share) ** 2 / (of * share * (1 - share)) for day, of in days.items())
    return max(squares / (len(days) - 1), 1.0)
