"""Campaigns: whose a lead is, and what each is expected to bring on each of its days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from scoring.lookup import folded

CampaignState = Literal["planned", "running", "ended", "cancelled"]

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
    cancelled_at: datetime | None = None

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
        """Whether it is planned, running or ended on a day, or was cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if today < self.starts_on:
            return "planned"
        return "running" if today <= self.ends_on else "ended"


# Campaigns by the texts that name them.
Names = Mapping[str, Sequence[Campaign]]


def names_of(planned: Iterable[Campaign]) -> Names:
    """The campaigns by the texts that name them, in the shape in which texts are compared."""
    found: dict[str, list[Campaign]] = {}
    for one in planned:
        for text in dict.fromkeys((folded(one.name), folded(one.utm_campaign or one.name))):
            found.setdefault(text, []).append(one)
    return found


def attributed(campaign: object, utm_campaign: object, day: date, names: Names) -> str | None:
    """The campaign that a lead of a day names by `campaign`, else by `utm_campaign`; None when it names none.

    Of several that share a utm_campaign it is the one that runs on the day, or next to it. One that nobody planned is
    called as it was written.
    """
    said = [text for text in (campaign, utm_campaign) if isinstance(text, str) and text.strip()]
    for text in said:
        matching = names.get(folded(text))
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


def _planned(campaign: Campaign) -> dict[date, float]:
    """What each day was planned to bring; together what is expected in all."""
    days = campaign.days()
    weights = [
        1 + LAUNCH * 0.5**number + (DEADLINE * 0.5 ** (len(days) - 1 - number) if campaign.deadline else 0.0)
        for number in range(len(days))
    ]
    return {day: campaign.expected_leads * weight / sum(weights) for day, weight in zip(days, weights, strict=True)}
