"""The report on the agreement: both sides measured, the quotas, and what the teams can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from routing.agreement import Delivered, Done, measure_delivery, measure_duty
from routing.handing import Handing
from routing.periods import Stretch, stretch_of
from routing.projection import LOOK_BACK, pace_of
from routing.quota import Need, need_of
from rules.playbook import Period, Playbook, Team
from store.database import Transaction
from store.handings import handings
from store.tables import absences

YEAR = timedelta(days=365)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementReport:
    """Both sides of the agreement as they stand at `at`: each promise in the period of its kind that holds `at`."""

    at: datetime
    period: str
    playbook: int
    marketing: tuple[Delivered, ...]
    sales: tuple[Done, ...]
    quotas: tuple[Need, ...]


def agreement_report(tx: Transaction, playbook: Playbook, period: Stretch, now: datetime) -> AgreementReport:
    """Returns how the agreement of the playbook stands in a period: as of now, or as it ended."""
    at = min(now, period.end - INSTANT)
    agreement = playbook.agreement
    read = handings(tx, _first(playbook, period, at), period.end, playbook.attributes)

    def of(per: Period) -> Stretch:
        return stretch_of(at, per, period.timezone)

    return AgreementReport(
        at=now if now < period.end else period.end,
        period=period.name,
        playbook=playbook.number,
        marketing=tuple(measure_delivery(one, read, of(one.per), now) for one in agreement.marketing),
        sales=tuple(measure_duty(one, read, of(one.per), now) for one in agreement.sales),
        quotas=tuple(
            _need(tx, team, playbook, read, of(team.quota.per), now)
            for team in playbook.teams.values()
            if team.quota is not None
        ),
    )


def _first(playbook: Playbook, period: Stretch, at: datetime) -> datetime:
    """Returns from when on handings matter: eight weeks before the longest promise, a year where a quota is set."""
    starts = [stretch_of(at, "quarter", period.timezone).start, period.start]
    within = max((one.within or timedelta() for one in playbook.agreement.sales), default=timedelta())
    first = min(starts) - LOOK_BACK - within
    return min(first, at - YEAR) if any(team.quota for team in playbook.teams.values()) else first


def _need(
    tx: Transaction, team: Team, playbook: Playbook, read: Sequence[Handing], period: Stretch, now: datetime
) -> Need:
    """Returns what a team's quota needs against what comes and what its reps can take."""
    if team.quota is None:
        raise ValueError(f"team {team.name} has no quota")
    its = [one for one in read if one.team == team.name]
    came = [one.handed_at for one in its]
    pace = pace_of(came, period, now)
    ahead = pace.rate * pace.between(max(now, period.start), period.end)
    comes = sum(at in period for at in came) + ahead
    return need_of(team, team.quota, playbook.calendars, its, comes, period, _away(tx, period), now)


def _away(tx: Transaction, period: Stretch) -> Mapping[str, timedelta]:
    """Returns how long each rep is absent in a period; absences that overlap count once."""
    inside = (absences.c.starts_at < period.end, absences.c.ends_at > period.start)
    away: dict[str, timedelta] = {}
    until: dict[str, datetime] = {}
    for row in tx.execute(select(absences).where(*inside).order_by(absences.c.starts_at)):
        start = max(row.starts_at, period.start, until.get(row.rep, period.start))
        end = min(row.ends_at, period.end)
        if end > start:
            away[row.rep] = away.get(row.rep, timedelta()) + (end - start)
            until[row.rep] = end
    return away
