"""Which cell of a table a value falls into, and where a number stands among others."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from scoring.attributes import coerce
from scoring.lead import Value

# Log-odds closer than this are the same: they differ by the order of a sum, not by the lead.
SAME = 1e-9


def folded(text: str) -> str:
    """The text without case and outer spaces, as categories are compared."""
    return text.strip().casefold()


def number_cell(edges: Sequence[float], value: Value | None) -> int:
    """The cell of a number among rising edges (cell k holds edges[k-1] < x <= edges[k]).

    The last cell, len(edges) + 1, is for what is missing, NaN or no number at all.
    """
    number = _float(value)
    return len(edges) + 1 if number != number else bisect_left(edges, number)


def category_cell(cells: Mapping[str, int], unseen: int, missing: int, value: Value | None) -> int:
    """The cell of a category by its folded text; a value that has no text, or a blank one, is missing."""
    if value is None:
        return missing
    text = value if isinstance(value, str) else coerce(value, "text")
    if not isinstance(text, str):
        return missing
    return cells.get(folded(text), unseen)


def percentile(reference: Sequence[float], x: float) -> float:
    """Where x stands among evenly spaced, rising quantiles: 0 below all of them, 100 above, straight lines between.

    In the middle of a run of equal quantiles where x equals them. Never falls as x rises.
    """
    left, right = bisect_left(reference, x - SAME), bisect_right(reference, x + SAME)
    last = len(reference) - 1
    if left < right:
        position = (left + right - 1) / 2
    elif 0 < left <= last:
        below, above = reference[left - 1], reference[left]
        position = left - 1 + (x - below) / (above - below)
    else:
        position = last if left else 0
    return 100.0 * position / last


def _float(value: Value | None) -> float:
    """The value as a float, infinite where it is too large for one; NaN where it is no number."""
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return _float(coerce(value, "number"))
    if not isinstance(value, int):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
