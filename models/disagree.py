"""Where a version that scores in silence would decide otherwise than the one that serves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.ranked import rank_correlation

LARGEST = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a version comes to of a lead."""

    probability: float
    score: float
    grade: str
    qualified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """A decision of the version that serves, and what the shadow says instead."""

    decision_id: str
    serving: Verdict
    shadow: Verdict

    @property
    def apart(self) -> tuple[float, float]:
        """By how much the two differ: in score, then in probability."""
        return abs(self.shadow.score - self.serving.score), abs(self.shadow.probability - self.serving.probability)


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """How a shadow and the version that serves differ over live decisions.

    `agreement` and `same_grade` are shares of the decisions, `rank_correlation` is Spearman's of the probabilities
    (None where one says the same of all). `gained` would qualify by the shadow alone, `lost` by the serving one alone.
    """

    decisions: int
    agreement: float
    same_grade: float
    rank_correlation: float | None
    gained: int
    lost: int
    largest: tuple[Sides, ...]


def disagreement(decisions: Sequence[Sides]) -> Disagreement | None:
    """Return how the two differ, with the ten largest differences; None where there is no decision of both."""
    if not decisions:
        return None
    gained = sum(each.shadow.qualified and not each.serving.qualified for each in decisions)
    lost = sum(each.serving.qualified and not each.shadow.qualified for each in decisions)
    count = len(decisions)
    return Disagreement(
        decisions=count,
        agreement=1 - (gained + lost) / count,
        same_grade=sum(each.serving.grade == each.shadow.grade for each in decisions) / count,
        rank_correlation=rank_correlation(
            np.array([each.serving.probability for each in decisions]),
            np.array([each.shadow.probability for each in decisions]),
        ),
        gained=gained,
        lost=lost,
        largest=tuple(sorted((each for each in decisions if any(each.apart)), key=_by_difference)[:LARGEST]),
    )


def _by_difference(sides: Sides) -> tuple[float, float, str]:
    score, probability = sides.apart
    return -score, -probability, sides.decision_id
