"""How a promise stands, in words: on course, or short by how much."""

from collections.abc import Callable
from typing import Literal

from routing.projection import Projection

State = Literal["on course", "in danger", "too early", "kept", "missed"]

Written = Callable[[float], str]


def leads_in_words(state: State, so_far: int, promised: int, projection: Projection, by_campaigns: float = 0.0) -> str:
    """How a promised number of leads stands: `short by 12 (5 to 20), with 45 that campaigns still bring`."""
    if state in ("kept", "missed"):
        how = "kept" if state == "kept" else f"missed by {promised - so_far:,}"
        return f"{how}: {so_far:,} of {promised:,}"
    told = _ahead(state, promised, projection, "{:,.0f}".format, "")
    return told if by_campaigns < 0.5 else f"{told}, with {by_campaigns:,.0f} that campaigns still bring"


def share_in_words(state: State, share: float | None, promised: float, projection: Projection) -> str:
    """How a promised share of leads stands: `short by 4.5 points (2.0 to 7.5)`."""
    if state in ("kept", "missed"):
        if share is None:
            return "kept: no lead to keep it to"
        how = "kept" if state == "kept" else f"missed by {100 * (promised - share):.1f} points"
        return f"{how}: {share:.1%} of {promised:.0%}"
    if state == "in danger":
        points = Projection(**{name: 100 * getattr(projection, name) for name in ("value", "low", "high", "likely")})
        return _ahead(state, 100 * promised, points, "{:.1f}".format, " points")
    return _ahead(state, promised, projection, "{:.1%}".format, "")


def _ahead(state: State, promised: float, projection: Projection, written: Written, unit: str) -> str:
    if state == "too early":
        return "too early to tell"
    if state == "on course":
        low, high = written(projection.low), written(projection.high)
        return f"on course: {written(projection.value)}" + ("" if low == high else f" ({low} to {high})")
    short = written(max(promised - projection.value, 0.0))
    worst, best = promised - projection.low, promised - projection.high
    most = f"{written(best)} to {written(worst)}"
    if best < 0:
        most = f"at worst {written(worst)}, at best {written(-best)} over"
    return f"short by {short}{unit}" + ("" if written(best) == written(worst) else f" ({most})")
