"""The report on the agreement: both sides measured, the quotas, and what the teams can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.agreement import Delivered, Done, measure_delivery, measure_duty
from routing.campaigns import Campaign, names_of
from routing.handing import Handing
from routing.hours import midnight
from routing.outlook import NOTHING_PLANNED, Outlook, ahead_of, outlook_of
from routing.periods import Stretch, day_in, stretch_of
from routing.projection import LOOK_BACK
from routing.quota import Need, need_of
from rules.playbook import Period, Playbook
from store.absences import absences_within
from store.arrivals import came_in
from store.campaigns import standing_campaigns
from store.database import Transaction
from store.handings import handings
from store.tallies import tallies_of

PERIODS: tuple[Period, ...] = ("week", "month", "quarter")
# Outcomes of so long before a period tell how the next will go.
RECENT = timedelta(days=14)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementReport:
    """Both sides of the agreement as they stand at `at`: each promise says in which period."""

    at: datetime
    period: str
    playbook: int
    marketing: tuple[Delivered, ...]
    sales: tuple[Done, ...]
    quotas: tuple[Need, ...]


def agreement_report(tx: Transaction, playbook: Playbook, period: Stretch, now: datetime) -> AgreementReport:
    """Returns how the agreement of the playbook stands in a period, by what is known now.

    Each promise is measured in the period of its kind that holds the last instant of `period`, or now within it, or
    the first one of a period to come.
    """
    at = max(min(now, period.end - INSTANT), period.start)
    agreement = playbook.agreement
    periods = {per: stretch_of(at, per, period.timezone) for per in PERIODS}
    starts = {per: each.start for per, each in periods.items()}
    until = min(max(each.end for each in periods.values()), now)
    planned = standing_campaigns(tx)
    read = handings(
        tx,
        _first(playbook, starts, now),
        until,
        playbook.attributes,
        clocked=_clocked(playbook, starts, now),
        names=names_of(planned),
        timezone=period.timezone,
    )
    outlook = outlook_now(tx, planned, period.timezone, now)
    return AgreementReport(
        at=now,
        period=period.name,
        playbook=playbook.number,
        marketing=tuple(measure_delivery(one, read, periods[one.per], now, outlook) for one in agreement.marketing),
        sales=tuple(measure_duty(one, read, periods[one.per], now, outlook) for one in agreement.sales),
        quotas=_needs(tx, playbook, read, periods, now, outlook),
    )


def outlook_now(tx: Transaction, planned: Sequence[Campaign], timezone: str, now: datetime) -> Outlook:
    """Returns what marketing has in hand; where no campaign is planned or runs, nothing is read for it."""
    today = day_in(now, timezone)
    going = [one for one in planned if one.state(today) != "ended"]
    if not going:
        return NOTHING_PLANNED
    since = min(now - LOOK_BACK, *(midnight(one.starts_on, timezone) for one in going))
    return outlook_of(going, came_in(tx, names_of(planned), since, now, timezone), timezone, now)


def _first(playbook: Playbook, starts: Mapping[Period, datetime], now: datetime) -> datetime:
    """Returns from when on handings matter: eight weeks before the first period, a while before what falls into it."""
    agreement = playbook.agreement
    pers = [team.quota.per for team in playbook.teams.values() if team.quota is not None]
    pers += [one.per for one in agreement.marketing] + [one.per for one in agreement.sales]
    began = [starts[per] for per in pers]
    due = [starts[one.per] - one.within - RECENT for one in agreement.sales if one.within is not None]
    return min(min([*began, now]) - LOOK_BACK, *due, now)


def _clocked(playbook: Playbook, starts: Mapping[Period, datetime], now: datetime) -> datetime:
    """Returns from when on clocks matter: for what they promise, and where outcomes are promised under one SLA."""
    first = _first(playbook, starts, now)
    told = [first if one.slas else now for one in playbook.agreement.sales if one.within is not None]
    return min([*told, *(starts[one.per] - LOOK_BACK for one in playbook.agreement.sales if one.within is None), now])


def _needs(
    tx: Transaction,
    playbook: Playbook,
    read: Sequence[Handing],
    periods: Mapping[Period, Stretch],
    now: datetime,
    outlook: Outlook,
) -> tuple[Need, ...]:
    """Returns what each team's quota needs against what comes and what its reps can take."""
    teams = [(team, team.quota) for team in playbook.teams.values() if team.quota is not None]
    tallies = tallies_of(tx, now) if teams else {}
    pers = {quota.per for _, quota in teams}
    away = {per: absences_within(tx, periods[per].start, periods[per].end) for per in pers}
    needs = []
    for team, quota in teams:
        period, its = periods[quota.per], [one for one in read if one.team == team.name]
        ahead = ahead_of(its, outlook, period, now)
        told, came = tallies.get(team.name, ()), sum(one.handed_at in period for one in its)
        needs.append(need_of(team, quota, playbook.calendars, told, came, ahead, period, away[quota.per]))
    return tuple(needs)
