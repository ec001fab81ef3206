"""Why a score is what it is: reasons in tenths of a point that add up to it exactly."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from scoring.attributes import coerce
from scoring.lead import Value

ReasonKind = Literal["base", "attribute", "activity", "rule", "limit"]

# How an attribute stands by its log-odds: below the first edge, between it and the second, ...
STANDING_EDGES = (-1.0, -0.3, -0.05, 0.05, 0.3, 1.0)
STANDINGS = (
    "much below average",
    "below average",
    "slightly below average",
    "about average",
    "slightly above average",
    "above average",
    "much above average",
)
LONGEST_VALUE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One part of a score.

    `base` is what an average lead starts from, `limit` what the 0..100 limits took or gave.
    `points` is on the 0..100 scale with one decimal; `log_odds` is set for attributes and the base.
    """

    kind: ReasonKind
    name: str
    value: Value | None = None
    points: float
    log_odds: float | None = None
    text: str


def apportioned(points: Sequence[float], total: float) -> list[float]:
    """The points in tenths that add up to `total` (itself in tenths) exactly, by largest remainder.

    None is a tenth or more away from what it was where the points add up to `total` but for its rounding, and what
    is exactly nothing stays so. There is at least one point.

    >>> apportioned([33.33, 33.33, -16.66], 50.0)
    [33.3, 33.3, -16.6]
    """
    tenths = [10 * point for point in points]
    whole = [math.floor(tenth) for tenth in tenths]
    rising = sorted(range(len(tenths)), key=lambda one: whole[one] - tenths[one])
    each, some = divmod(round(10 * total) - sum(whole), len(tenths))
    for one in rising[:some]:
        whole[one] += 1
    return [(tenth + each) / 10 for tenth in whole]


def attribute_text(name: str, value: Value | None, log_odds: float) -> str:
    """What an attribute says, in words: `employees 1200: much above average`, `industry is missing: about average`."""
    standing = STANDINGS[bisect_right(STANDING_EDGES, log_odds)]
    return f"{name} is missing: {standing}" if value is None else f"{name} {_shown(value)}: {standing}"


def activity_text(kind: str, at: datetime, points: float, half_life: timedelta) -> str:
    """What an activity says, in words: `demo_request on 2026-03-01: +32.1 points, halved every 14 days`."""
    return f"{kind} on {at.date()}: {points:+.1f} points, halved every {_span(half_life)}"


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        text = ", ".join(map(_shown, value))
    else:
        text = value if isinstance(value, str) else str(coerce(value, "text"))
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= unit and seconds % unit == 0:
            return name if seconds == unit else f"{seconds / unit:.0f} {name}s"
    return f"{seconds:g} seconds"
