"""How the parts of a score are weighed: the playbook's scoring section, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPoints:
    """What one activity is worth on the 0..100 scale, and how many of its kind count in one UTC day."""

    points: float
    at_most: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EngagementScheme:
    """Points by kind of activity; each activity's points halve every `half_life`."""

    half_life: timedelta
    activities: Mapping[str, ActivityPoints]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """A letter and the lowest score that earns it."""

    letter: str
    from_score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """Weights of fit and engagement, the score that qualifies, and the grades, best first, the last from 0."""

    fit_weight: float
    engagement_weight: float
    qualify_at: float
    grades: tuple[Grade, ...]
    engagement: EngagementScheme
