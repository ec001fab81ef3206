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
    number = value if type(value) is float else _float(value)
    return len(edges) + 1 if number != number else bisect_left(edges, number)


def category_cell(cells: Mapping[Value | None, int], unseen: int, value: Value | None) -> int:
    """The cell of a category by its folded text, else `unseen`; a value that has no text is where None is.

    `cells` holds folded texts and None, and may hold the levels as they are mostly written, to find them sooner.
    """
    cell = cells.get(value)
    if cell is not None:
        return cell
    text = value if isinstance(value, str) or value is None else coerce(value, "text")
    return cells.get(folded(text), unseen) if isinstance(text, str) else cells[None]


def percentile(reference: Sequence[float], x: float) -> float:
    """Where x stands among evenly spaced, rising quantiles: 0 below all of them, 100 above, straight lines between.

    In the middle of a run of equal quantiles where x equals them. Never falls as x rises.

    >>> [percentile((-2.0, 0.0, 0.0, 0.0, 1.0), x) for x in (-3, -1, 0, 0.5, 2)]
    [0.0, 12.5, 50.0, 87.5, 100.0]
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
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str):
        return _float(coerce(value, "number"))
    return value if isinstance(value, float) else math.nan
