"""What is still to come: leads as they come anyway, and what campaigns that are planned or run bring on top of that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing.campaigns import PLANNED_WEIGHT, Campaign, expected_by_day
from routing.handing import Handing
from routing.hours import midnight
from routing.periods import Stretch, day_in
from routing.projection import LOOK_BACK, UNKNOWN, Coming, Pace, coming_of, pace_of
from scoring.lookup import folded

DAY = timedelta(days=1)
# What all leads tell of a campaign's weighs at most as much as so many of its own.
TELLING = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """A submission of a lead: whose, when, and by which campaign it came (None: by none)."""

    lead_id: str
    at: datetime
    campaign: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bringing:
    """A campaign that is not over: what it brings on each of its days, going by what it has brought.

    `doubt` is the variance of what it is still to bring, over the square of that; `came` how many came by it lately.
    """

    name: str
    by_day: Mapping[date, float]
    doubt: float
    came: int

    def between(self, start: datetime, end: datetime, timezone: str) -> float:
        """How many leads it brings from one instant to another, the leads of a day spread over it."""
        return sum(leads * _overlap(day, start, end, timezone) for day, leads in self.by_day.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A share that is not quite known: its mean and variance."""

    mean: float
    variance: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What marketing has in hand: the campaigns that are not over. `came` is how many people did in eight weeks."""

    campaigns: tuple[Bringing, ...] = ()
    came: int = 0

    def share(self, campaign: Bringing, told: Counter[str | None]) -> Share:
        """Which share of the people that come by a campaign become leads of some kind.

        `told` counts such leads of the last eight weeks by campaign. The campaign's own say most; what all leads say
        weighs as much as twenty of them, or as all leads if they are fewer.

        Source: a beta distribution, with Jeffreys' prior for all leads.
        """
        everyone = self.came + 2 * UNKNOWN
        overall, weight = (min(told.total(), self.came) + UNKNOWN) / everyone, min(TELLING, everyone)
        known = campaign.came + weight
        mean = (min(told[campaign.name], campaign.came) + weight * overall) / known
        return Share(mean=mean, variance=mean * (1 - mean) / (known + 1))


NOTHING_PLANNED = Outlook()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """How many leads of some kind are still to come: in all, and of these by each campaign."""

    pace: Pace
    coming: Coming
    by_campaign: Mapping[str, float]


def once(came: Sequence[Came]) -> list[Came]:
    """Each person once for each campaign they came by, and without one who came by none."""
    first: dict[tuple[str, str | None], Came] = {}
    for one in came:
        first.setdefault((one.lead_id, None if one.campaign is None else folded(one.campaign)), one)
    led = {lead_id for lead_id, campaign in first if campaign is not None}
    return [one for (lead_id, campaign), one in first.items() if campaign is not None or lead_id not in led]


def outlook_of(planned: Sequence[Campaign], came: Sequence[Came], timezone: str, now: datetime) -> Outlook:
    """What the campaigns that are not over bring; `came` reaches back eight weeks, and to the first day of each."""
    today, by_campaign = day_in(now, timezone), dict[str | None, list[datetime]]()
    people = once([one for one in came if one.at < now])
    for one in people:
        by_campaign.setdefault(one.campaign, []).append(one.at)
    found = [
        _bringing(one, by_campaign.get(one.name, []), timezone, now) for one in planned if one.state(today) != "ended"
    ]
    return Outlook(campaigns=tuple(found), came=sum(one.at >= now - LOOK_BACK for one in people))


def ahead_of(
    leads: Sequence[Handing], outlook: Outlook, period: Stretch, now: datetime, until: datetime | None = None
) -> Ahead:
    """How many leads like these are still to come in a period: up to its end, or `until`.

    Those that came by a campaign of the calendar are no part of what comes anyway, so none is counted twice: what a
    campaign still brings is what was planned, and one that is over brings nothing more.
    """
    start, end = max(now, period.start), period.end if until is None else until
    first = min((one.handed_at for one in leads), default=None)
    pace = pace_of([one.handed_at for one in leads if one.campaign is None], period, now, first=first)
    coming, by_campaign = coming_of(pace, pace.between(start, end)), dict[str, float]()
    told = Counter(one.campaign for one in leads if now - LOOK_BACK <= one.handed_at < now)
    for campaign in outlook.campaigns:
        people, share = campaign.between(start, end, period.timezone), outlook.share(campaign, told)
        more = _coming(campaign, people, share, pace.spread)
        if more.mean:
            coming, by_campaign[campaign.name] = coming + more, more.mean
    return Ahead(pace=pace, coming=coming, by_campaign=by_campaign)


def _bringing(campaign: Campaign, came: Sequence[datetime], timezone: str, now: datetime) -> Bringing:
    """What a campaign brings.

    Source: its scale is gamma-distributed, of shape `PLANNED_WEIGHT` and what came, over the same and what was planned.
    """
    today, by_day = day_in(now, timezone), Counter(day_in(at, timezone) for at in came)
    are = sum(leads for day, leads in by_day.items() if campaign.starts_on <= day < today)
    return Bringing(
        name=campaign.name,
        by_day=expected_by_day(campaign, by_day, today),
        doubt=1 / (PLANNED_WEIGHT + are),
        came=sum(at >= now - LOOK_BACK for at in came),
    )


def _coming(campaign: Bringing, leads: float, share: Share, spread: float) -> Coming:
    """What a campaign that brings so many people brings of some kind of leads."""
    mean = leads * share.mean
    doubt = leads**2 * (share.mean**2 * campaign.doubt + share.variance * (1 + campaign.doubt))
    return Coming(mean=mean, variance=spread * mean + doubt)


def _overlap(day: date, start: datetime, end: datetime, timezone: str) -> float:
    """Which share of a day lies between two instants."""
    begins, ends = midnight(day, timezone), midnight(day + DAY, timezone)
    return max(min(end, ends) - max(start, begins), timedelta()) / (ends - begins)
