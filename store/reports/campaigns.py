"""The report on campaigns: what each brought and what sales made of it, whom it won, and what is still to come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from routing.audience import AIMS, Aim, Contrast, aims_of, contrasts_of
from routing.campaigns import Campaign, CampaignState, Names, expected_by_day, names_of
from routing.handing import Handing
from routing.outlook import Came, Outlook, once
from routing.periods import Stretch, day_in
from routing.projection import LOOK_BACK
from routing.response import Delay, delay_of
from routing.surges import Surge
from rules.playbook import Playbook
from scoring.lookup import folded
from scoring.scorecard import Scorecard
from store.arrivals import KnownLead, came_in, known_leads
from store.campaigns import standing_campaigns
from store.database import Transaction
from store.handings import handings, named
from store.reports.agreement import outlook_now
from store.reports.surges import AHEAD, surges_ahead


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
    """What campaigns brought in a period, what is ahead, how won leads differ, and whom to aim at next.

    `untold` are teams to which campaigns bring leads and of which nobody knows how many they can take.
    """

    period: str
    campaigns: tuple[CampaignResult, ...]
    ahead: tuple[DayAhead, ...]
    surges: tuple[Surge, ...]
    untold: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    audience: tuple[Aim, ...]


def campaigns_report(
    tx: Transaction, playbook: Playbook, scorecard: Scorecard, period: Stretch, now: datetime
) -> CampaignsReport:
    """Returns what campaigns brought in a period and what is ahead of them from now on."""
    planned = standing_campaigns(tx)
    names, timezone = names_of(planned), period.timezone
    recent, until = min(period.start, now - LOOK_BACK), max(period.end, now)
    handed = handings(tx, recent, until, playbook.attributes, names=names, timezone=timezone)
    inside = [one for one in handed if one.handed_at in period]
    came, known = came_in(tx, names, recent, until, timezone), known_leads(tx, playbook.attributes, recent, until)
    outlook = outlook_now(tx, planned, timezone, now)
    surges, untold = surges_ahead(tx, playbook, outlook, handed, timezone, now)
    attributes = (*AIMS, *playbook.attributes)
    return CampaignsReport(
        period=period.name,
        campaigns=_results(planned, names, once([one for one in came if one.at in period]), known, inside, period, now),
        ahead=_ahead(outlook, timezone, now),
        surges=surges,
        untold=untold,
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


def _ahead(outlook: Outlook, timezone: str, now: datetime) -> tuple[DayAhead, ...]:
    """Returns what campaigns bring from today on, four weeks ahead."""
    today = day_in(now, timezone)
    found = (
        DayAhead(campaign=one.name, day=day, expected=round(expected, 1))
        for one in outlook.campaigns
        for day, expected in one.by_day.items()
        if today <= day < today + AHEAD
    )
    return tuple(sorted(found, key=lambda one: (one.day, one.campaign)))
