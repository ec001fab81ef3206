"""The report on campaigns: what each brought and what sales made of it, whom it won, and what is still to come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from routing.audience import AIMS, Aim, Contrast, aims_of, contrasts_of
from routing.campaigns import Campaign, CampaignState, Names, expected_by_day, names_of
from routing.handing import Handing
from routing.periods import Stretch, day_in, stretch_of
from routing.projection import LOOK_BACK, pace_of
from routing.response import Delay, delay_of
from routing.surges import Surge, surges_of
from rules.playbook import Playbook
from scoring.lookup import folded
from scoring.scorecard import Scorecard
from store.absences import absences_within
from store.arrivals import Came, KnownLead, came_in, known_leads, named, once
from store.campaigns import standing_campaigns
from store.database import Transaction
from store.handings import handings

AHEAD = timedelta(days=28)
# A campaign's own leads tell how many of them which team gets, once there are so many.
TELLING = 30
DAY = timedelta(days=1)

# What each campaign that is not over brings on each of its days, by its name.
ByDay = Mapping[str, Mapping[date, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignResult:
    """What a campaign brought in a period and what sales made of it; `name` None is all that came without one.

    `state`, `planned` (leads in the whole period), `expected` (until now) are None for a campaign that nobody planned.
    A person counts once a period for each campaign they came by, first or again; what sales made of leads counts in the
    period in which they were handed to sales.
    """

    name: str | None
    state: CampaignState | None
    planned: float | None
    expected: float | None
    leads: int
    qualified: int
    handed: int
    in_time: int
    late: int
    response: Delay | None
    won: int
    lost: int
    rejected: int
    amount: float
    reject_reasons: Mapping[str, int]
    lost_reasons: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayAhead:
    """What a campaign is still expected to bring on a day."""

    campaign: str
    day: date
    expected: float


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignsReport:
    """What campaigns brought in a period, what is ahead, how won leads differ, and whom to aim at next."""

    period: str
    campaigns: tuple[CampaignResult, ...]
    ahead: tuple[DayAhead, ...]
    surges: tuple[Surge, ...]
    contrasts: tuple[Contrast, ...]
    audience: tuple[Aim, ...]


def campaigns_report(
    tx: Transaction, playbook: Playbook, scorecard: Scorecard, period: Stretch, now: datetime
) -> CampaignsReport:
    """Returns what campaigns brought in a period and what is ahead of them from now on."""
    planned = standing_campaigns(tx)
    names = names_of(planned)
    recent, until = min(period.start, now - LOOK_BACK), max(period.end, now)
    came = came_in(tx, names, recent, until, period.timezone)
    known = known_leads(tx, playbook.attributes, recent, until)
    handed = handings(tx, recent, until, playbook.attributes)
    inside = [one for one in handed if one.handed_at in period]
    attributes = (*AIMS, *playbook.attributes)
    by_day = _by_day(planned, once(came), period.timezone, now)
    return CampaignsReport(
        period=period.name,
        campaigns=_results(planned, names, once([one for one in came if one.at in period]), known, inside, period, now),
        ahead=_ahead(by_day, period.timezone, now),
        surges=_surges(tx, playbook, names, by_day, came, handed, period.timezone, now),
        contrasts=contrasts_of(
            [one.facts for one in inside if one.outcome == "won"],
            [one.facts for one in inside if one.outcome in ("lost", "rejected")],
            attributes,
        ),
        audience=aims_of(scorecard, [one.facts for one in known.values()], attributes),
    )


def _results(
    planned: Sequence[Campaign],
    names: Names,
    came: Sequence[Came],
    known: Mapping[str, KnownLead],
    handed: Sequence[Handing],
    period: Stretch,
    now: datetime,
) -> tuple[CampaignResult, ...]:
    """Returns a result for each campaign that was planned for the period or that leads name, most leads first."""
    first, *_, last = period.days()
    found: dict[str | None, _Found] = {}
    for plan in planned:
        if plan.starts_on <= last and plan.ends_on >= first:
            found[folded(plan.name)] = _Found(name=plan.name)
    for lead in came:
        _found(found, lead.campaign).came.append(lead)
    for one in handed:
        _found(found, named(one.facts, one.handed_at, names, period.timezone)).handed.append(one)
    plans, today = {folded(one.name): one for one in planned}, period.day_of(now)
    results = [_result(each, plans.get(name or ""), known, period, today) for name, each in found.items()]
    return tuple(sorted(results, key=lambda one: (-one.leads, -one.handed, one.name or "~")))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What came by a campaign, and was handed to sales."""

    name: str | None
    came: list[Came] = field(default_factory=list)
    handed: list[Handing] = field(default_factory=list)


def _found(found: dict[str | None, _Found], name: str | None) -> _Found:
    """Returns what came by a campaign, however its name is written; nothing so far of one that is met first."""
    return found.setdefault(None if name is None else folded(name), _Found(name=name))


def _result(
    found: _Found, campaign: Campaign | None, known: Mapping[str, KnownLead], period: Stretch, today: date
) -> CampaignResult:
    """Returns what one campaign brought."""
    name, came, handed = found.name, found.came, found.handed
    duties = Counter(one.duties.get("respond") for one in handed)
    outcomes = Counter(one.outcome for one in handed)
    return CampaignResult(
        name=name,
        state=None if campaign is None else campaign.state(today),
        planned=None if campaign is None else _planned(campaign, period, period.days()[-1]),
        expected=None if campaign is None else _planned(campaign, period, today),
        leads=len(came),
        qualified=sum(known[one.lead_id].qualified for one in came),
        handed=len(handed),
        in_time=duties["kept"],
        late=duties["broken"],
        response=delay_of(one.response for one in handed),
        won=outcomes["won"],
        lost=outcomes["lost"],
        rejected=outcomes["rejected"],
        amount=sum(one.amount or 0.0 for one in handed if one.outcome == "won"),
        reject_reasons=_reasons(handed, "rejected"),
        lost_reasons=_reasons(handed, "lost"),
    )


def _planned(campaign: Campaign, period: Stretch, until: date) -> float:
    """Returns how many leads a campaign was planned to bring in a period up to the end of a day."""
    days = set(period.days())
    by_day = expected_by_day(campaign, {}, campaign.starts_on)
    return round(sum(leads for day, leads in by_day.items() if day in days and day <= until), 1)


def _reasons(handed: Sequence[Handing], outcome: str) -> dict[str, int]:
    """Returns how often each reason was given, most often first."""
    counts = Counter(one.reason for one in handed if one.outcome == outcome and one.reason is not None)
    return dict(counts.most_common())


def _ahead(by_day: ByDay, timezone: str, now: datetime) -> tuple[DayAhead, ...]:
    """Returns what campaigns bring from today on, four weeks ahead."""
    today = day_in(now, timezone)
    found = (
        DayAhead(campaign=name, day=day, expected=round(expected, 1))
        for name, its in by_day.items()
        for day, expected in its.items()
        if today <= day < today + AHEAD
    )
    return tuple(sorted(found, key=lambda one: (one.day, one.campaign)))


def _by_day(planned: Sequence[Campaign], came: Sequence[Came], timezone: str, now: datetime) -> ByDay:
    """Returns what campaigns bring, going by what they have brought."""
    today, days = day_in(now, timezone), dict[str | None, Counter[date]]()
    for one in came:
        days.setdefault(one.campaign, Counter())[day_in(one.at, timezone)] += 1
    going = (one for one in planned if one.state(today) != "ended")
    return {one.name: expected_by_day(one, days.get(one.name, Counter()), today) for one in going}


def _surges(
    tx: Transaction,
    playbook: Playbook,
    names: Names,
    by_day: ByDay,
    came: Sequence[Came],
    handed: Sequence[Handing],
    timezone: str,
    now: datetime,
) -> tuple[Surge, ...]:
    """Returns the days of the next four weeks on which campaigns bring a team more than it can take."""
    week = stretch_of(now, "week", timezone)
    today, away = week.day_of(now), absences_within(tx, now, now + AHEAD)
    days = [today + step * DAY for step in range(AHEAD.days)]
    by_team: dict[str, list[tuple[str | None, datetime]]] = {}
    for one in handed:
        by_team.setdefault(one.team, []).append((named(one.facts, one.handed_at, names, timezone), one.handed_at))
    brought = Counter(one.campaign for one in came)
    found: list[Surge] = []
    for team in playbook.teams.values():
        its = by_team.get(team.name, [])
        usual = [at for name, at in its if name not in by_day]
        pace = pace_of(usual, week, now)
        rates = {day: pace.rate * pace.weekdays[day.weekday()] if usual else 0.0 for day in days}
        got = Counter(name for name, _ in its)
        shares = {name: _share(name, brought, got) for name in by_day}
        more = {name: {day: leads * shares[name] for day, leads in on.items()} for name, on in by_day.items()}
        found += surges_of(team, playbook.calendars, rates, more, away, timezone)
    return tuple(sorted((one for one in found if one.campaigns), key=lambda one: (one.day, one.team)))


def _share(name: str, brought: Counter[str | None], got: Counter[str | None]) -> float:
    """Returns which share of a campaign's leads a team gets: as of its own so far, or of all while those are few."""
    if brought[name] >= TELLING:
        return got[name] / brought[name]
    return got.total() / brought.total() if brought else 0.0
