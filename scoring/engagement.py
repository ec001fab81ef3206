"""How much a lead has lately done: points for activities that fade with time."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scoring.lead import Activity
from scoring.scheme import EngagementScheme

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPart:
    """What one activity is still worth, on the 0..100 scale."""

    kind: str
    at: datetime
    points: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """The sum of the parts, held within 0..100, with one decimal; the parts from the oldest on."""

    value: float
    parts: tuple[ActivityPart, ...]


def engagement_of(activities: Sequence[Activity], scheme: EngagementScheme, now: datetime) -> Engagement:
    """The engagement at `now`: points * 0.5 ** (age / half_life), summed over the activities that count.

    Of a kind with a daily cap the earliest of each UTC day count. What is later than `now`, or of a kind that the
    scheme does not name, counts nothing.
    """
    taken: Counter[tuple[str, int]] = Counter()
    parts = []
    for activity in sorted(activities, key=lambda one: one.at):
        worth = scheme.activities.get(activity.kind)
        if worth is None or activity.at > now:
            continue
        day = (activity.kind, (activity.at - _EPOCH).days)
        taken[day] += 1
        if worth.at_most is None or taken[day] <= worth.at_most:
            left = 0.5 ** ((now - activity.at) / scheme.half_life)
            parts.append(ActivityPart(kind=activity.kind, at=activity.at, points=worth.points * left))
    total = math.fsum(part.points for part in parts)
    return Engagement(value=round(min(max(total, 0.0), 100.0), 1), parts=tuple(parts))
