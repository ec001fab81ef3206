"""Campaigns: what they are expected to bring on each day, and which days bring more than sales can work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from routing.hours import midnight
from routing.periods import works_on
from rules.playbook import Calendar, Rep, Team
from scoring.lookup import folded

CampaignState = Literal["planned", "running", "ended"]

# A launch brings so many times a usual day's leads more on its first day, half of that on the next, and so on; a
# deadline does the same backwards from the last day.
LAUNCH = 3.0
DEADLINE = 2.0
# What was planned weighs as much as so many leads that have come.
PLANNED_WEIGHT = 20.0
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """What marketing runs from `starts_on` to `ends_on`, both included: leads that name it, or its `utm_campaign`.

    `expected_leads` is what it is planned to bring in all; with a `deadline` people come late.
    """

    id: str
    name: str
    starts_on: date
    ends_on: date
    expected_leads: int
    deadline: bool = False
    utm_campaign: str | None = None
    about: str | None = None
    author: str
    planned_at: datetime

    def named(self, text: str) -> bool:
        """Whether a text names it, in any case."""
        return folded(text) in (folded(self.name), folded(self.utm_campaign or self.name))

    def away_from(self, day: date) -> int:
        """How many days lie between a day and the campaign's; none where it is one of them."""
        return max((self.starts_on - day).days, (day - self.ends_on).days, 0)

    def days(self) -> tuple[date, ...]:
        """Its days."""
        return tuple(self.starts_on + step * DAY for step in range((self.ends_on - self.starts_on).days + 1))

    def state(self, today: date) -> CampaignState:
        """Whether it is planned, running or ended on a day."""
        if today < self.starts_on:
            return "planned"
        return "running" if today <= self.ends_on else "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Surge:
    """A working day on which a team is to get more leads than its reps can take: `behind` of them wait.

    `expected` is what comes that day, with what waited from before; `takes` what the reps can take.
    """

    team: str
    day: date
    expected: float
    takes: float
    behind: float
    campaigns: tuple[str, ...]


def attributed(campaign: object, utm_campaign: object, day: date, planned: Sequence[Campaign]) -> str | None:
    """The campaign that a lead of a day names by `campaign`, else by `utm_campaign`; None when it names none.

    Of several that share a utm_campaign it is the one that runs on the day, or next to it. One that nobody planned is
    called as it was written.
    """
    said = [text for text in (campaign, utm_campaign) if isinstance(text, str) and text.strip()]
    for text in said:
        matching = [one for one in planned if one.named(text)]
        if matching:
            return min(matching, key=lambda one: (one.away_from(day), one.starts_on, one.name)).name
    return said[0].strip() if said else None


def clashing(campaign: Campaign, planned: Sequence[Campaign]) -> Campaign | None:
    """A campaign that runs on a day of this one and is named alike, so that nobody could tell whose a lead is."""
    words = (campaign.name, campaign.utm_campaign or campaign.name)
    for other in planned:
        together = other.starts_on <= campaign.ends_on and campaign.starts_on <= other.ends_on
        if together and folded(other.name) != folded(campaign.name) and any(map(other.named, words)):
            return other
    return None


def expected_by_day(campaign: Campaign, came: Mapping[date, int], today: date) -> dict[date, float]:
    """How many leads a campaign is to bring on each of its days: those past as they came, the others as planned.

    What is planned is scaled by what has come against what was planned until yesterday, the more the more has come.
    """
    planned = _planned(campaign)
    past = [day for day in planned if day < today]
    were, are = sum(planned[day] for day in past), sum(came.get(day, 0) for day in past)
    scale = (PLANNED_WEIGHT + are) / (PLANNED_WEIGHT + were)
    return {day: float(came.get(day, 0)) if day < today else planned[day] * scale for day in planned}


def surges_of(
    team: Team,
    calendars: Mapping[str, Calendar],
    usual: Mapping[date, float],
    campaigns: Mapping[str, Mapping[date, float]],
    away: Mapping[str, Sequence[tuple[datetime, datetime]]],
    timezone: str,
) -> tuple[Surge, ...]:
    """The working days on which a team gets more than its reps can take; none where a rep has no limit.

    `usual` is what comes to the team on each day anyway, `campaigns` what each campaign adds. What comes on a day on
    which nobody works, and what is left over, waits for the next.
    """
    surges, waiting = [], 0.0
    for day in sorted(usual):
        takes = capacity_on(team, calendars, day, away, timezone)
        if takes is None:
            return ()
        added = {name: by_day.get(day, 0.0) for name, by_day in campaigns.items()}
        expected = waiting + usual[day] + sum(added.values())
        waiting = max(expected - takes, 0.0)
        if takes and waiting >= 1:
            guilty = tuple(name for name, more in added.items() if more >= 0.5)
            surges.append(
                Surge(team=team.name, day=day, expected=expected, takes=takes, behind=waiting, campaigns=guilty)
            )
    return tuple(surges)


def capacity_on(
    team: Team,
    calendars: Mapping[str, Calendar],
    day: date,
    away: Mapping[str, Sequence[tuple[datetime, datetime]]],
    timezone: str,
) -> float | None:
    """How many leads the reps of a team can take on a day; None where one has no limit.

    A weekly limit is shared out over the days on which the rep works; who is away at noon is away.
    """
    noon = midnight(day, timezone) + DAY / 2
    total = 0.0
    for rep in team.reps:
        if rep.capacity is None:
            return None
        calendar = calendars[rep.calendar or team.calendar]
        there = not any(start <= noon < end for start, end in away.get(rep.name, ()))
        if there and works_on(calendar, day, timezone):
            total += _daily(rep, calendar, day, timezone)
    return total


def _planned(campaign: Campaign) -> dict[date, float]:
    """What each day was planned to bring; together what is expected in all."""
    days = campaign.days()
    weights = [
        1 + LAUNCH * 0.5**number + (DEADLINE * 0.5 ** (len(days) - 1 - number) if campaign.deadline else 0.0)
        for number in range(len(days))
    ]
    return {day: campaign.expected_leads * weight / sum(weights) for day, weight in zip(days, weights, strict=True)}


def _daily(rep: Rep, calendar: Calendar, day: date, timezone: str) -> float:
    if rep.capacity is None:
        raise ValueError(f"{rep.name} has no limit")
    if rep.capacity.per == "day":
        return rep.capacity.count
    monday = day - day.weekday() * DAY
    worked = sum(works_on(calendar, monday + step * DAY, timezone) for step in range(7))
    return rep.capacity.count / worked
