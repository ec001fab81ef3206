"""What reps had in their periods, and how a month is counted on when a team or its weights change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from routing.credits import credits_anew
from rules.playbook import Team

# A rep's month, day and week; the month is the team's.
Periods = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What a rep had in a period, and until when they are away now, if they are.

    `weight` is what a month is shared by; None for a day, a week, and who was not of the team.
    """

    assigned: int
    credit: float
    last_assigned_at: datetime | None
    weight: float | None
    absent_until: datetime | None


# By rep and period.
Counts = Mapping[tuple[str, str], Count]


def month_of(periods: Mapping[str, Periods]) -> str:
    """Returns the month of a team whose reps have these periods."""
    return next(iter(periods.values()))[0]


def reweighed(team: Team, month: str, counts: Counts) -> Counts:
    """Returns a month's counts anew where somebody is new, back or gone, or a weight has changed; else none.

    The next leads then go neither all to who is new, back or of more weight now, nor past who is of less.
    """
    weights = {rep.name: rep.weight for rep in team.reps}
    had = {rep: count for (rep, period), count in counts.items() if period == month}
    was = {rep: count.weight for rep, count in had.items() if count.weight is not None}
    if was == weights:
        return {}
    total = sum(had[rep].assigned + had[rep].credit for rep in was)
    short = {rep: total * was[rep] / sum(was.values()) - had[rep].assigned - had[rep].credit for rep in was}
    credit = credits_anew(team.reps, {rep: count.assigned for rep, count in had.items()}, short)
    gone = {(rep, month): replace(had[rep], weight=None) for rep in was if rep not in weights}
    there = {(rep, month): replace(had[rep], credit=credit[rep], weight=weights[rep]) for rep in weights}
    return {**gone, **there}
