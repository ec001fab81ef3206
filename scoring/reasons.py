"""Why a score is what it is: reasons in tenths of a point that add up to it exactly."""

from dataclasses import dataclass
from typing import Literal

from scoring.lead import Value

ReasonKind = Literal["base", "attribute", "activity", "rule", "limit"]


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
