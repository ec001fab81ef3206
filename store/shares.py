"""How many leads each rep of a team has had: this month for fairness, today and this week for capacity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, update

from routing.reps import Standing
from rules.playbook import Calendar, Rep, Team
from store.absences import absent_until
from store.database import Transaction
from store.locks import hold
from store.rows import add
from store.tables import shares


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What a rep had in a period."""

    assigned: int
    credit: float
    last_assigned_at: datetime | None


# By rep and period.
Counts = Mapping[tuple[str, str], Count]

IN_TEAM = shares.c.team == bindparam("in_team")
PERIODS = shares.c.period.in_(bindparam("periods", expanding=True))
COUNTS = select(shares).where(IN_TEAM, PERIODS)
COUNT = (
    update(shares)
    .where(IN_TEAM, PERIODS, shares.c.rep == bindparam("chosen"))
    .values(assigned=shares.c.assigned + 1, last_assigned_at=bindparam("now"))
)
CREDIT = (
    update(shares)
    .where(IN_TEAM, shares.c.period == bindparam("month"), shares.c.rep == bindparam("away"))
    .values(credit=shares.c.credit + bindparam("part"))
)


def standings(tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime) -> tuple[Standing, ...]:
    """Returns what each rep of a team has had so far; nobody else assigns in the team until the transaction ends."""
    hold(tx, team_lock(team.name))
    kept = _kept(tx, team, calendars, now)
    missing = _missing(tx, team, calendars, kept, now)
    if missing:
        _add(tx, team, missing)
    return _standings(tx, team, calendars, {**kept, **missing}, now)


def standings_now(
    tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime
) -> tuple[Standing, ...]:
    """Returns what each rep of a team has had so far, to look at; others may be assigning meanwhile."""
    kept = _kept(tx, team, calendars, now)
    return _standings(tx, team, calendars, {**kept, **_missing(tx, team, calendars, kept, now)}, now)


def team_lock(team: str) -> str:
    """Returns the lock to hold while choosing in a team."""
    return f"team {team}"


def count_assignment(
    tx: Transaction,
    team: Team,
    chosen: Rep,
    counted: tuple[Standing, ...],
    calendars: Mapping[str, Calendar],
    now: datetime,
) -> None:
    """Counts a lead for the chosen rep, and credits those away with the part of it that their weight is worth.

    `counted` is what `standings` returned in this transaction.
    """
    periods = _periods(team, chosen, calendars, now)
    tx.execute(COUNT, {"in_team": team.name, "chosen": chosen.name, "periods": periods, "now": now})
    away = {standing.rep for standing in counted if standing.absent_until is not None}
    if away:
        there = sum(rep.weight for rep in team.reps if rep.name not in away)
        parts = ({"away": rep.name, "part": rep.weight / there} for rep in team.reps if rep.name in away)
        tx.execute(CREDIT, [{"in_team": team.name, "month": periods[0], **part} for part in parts])


def _standings(
    tx: Transaction, team: Team, calendars: Mapping[str, Calendar], counts: Counts, now: datetime
) -> tuple[Standing, ...]:
    """Returns the standings of a team's reps."""
    away = absent_until(tx, now)
    return tuple(_standing(rep, _periods(team, rep, calendars, now), counts, away.get(rep.name)) for rep in team.reps)


def _standing(rep: Rep, periods: tuple[str, str, str], counts: Counts, away: datetime | None) -> Standing:
    """Returns a rep's standing."""
    month, day, week = (counts[rep.name, period] for period in periods)
    return Standing(
        rep=rep.name,
        assigned=month.assigned,
        credit=month.credit,
        today=day.assigned,
        this_week=week.assigned,
        last_assigned_at=month.last_assigned_at,
        absent_until=away,
    )


def _periods(team: Team, rep: Rep, calendars: Mapping[str, Calendar], now: datetime) -> tuple[str, str, str]:
    """Returns the team's month (2026-11), the rep's own day (2026-11-24) and ISO week (2026-W48)."""
    for_team = now.astimezone(ZoneInfo(calendars[team.calendar].timezone))
    for_rep = now.astimezone(ZoneInfo(calendars[rep.calendar or team.calendar].timezone))
    year, week, _ = for_rep.isocalendar()
    return f"{for_team:%Y-%m}", f"{for_rep:%Y-%m-%d}", f"{year}-W{week:02}"


def _wanted(team: Team, calendars: Mapping[str, Calendar], now: datetime) -> set[tuple[str, str]]:
    """Returns which counts there are to be now, by rep and period."""
    return {(rep.name, period) for rep in team.reps for period in _periods(team, rep, calendars, now)}


def _kept(tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime) -> Counts:
    """Returns the team's counts of the current periods, as far as there are any."""
    wanted = _wanted(team, calendars, now)
    rows = tx.execute(COUNTS, {"in_team": team.name, "periods": sorted({period for _, period in wanted})})
    return {
        (row.rep, row.period): Count(assigned=row.assigned, credit=row.credit, last_assigned_at=row.last_assigned_at)
        for row in rows
        if (row.rep, row.period) in wanted
    }


def _missing(tx: Transaction, team: Team, calendars: Mapping[str, Calendar], kept: Counts, now: datetime) -> Counts:
    """Returns the counts that begin now: at nothing, but who is new in a month that others have begun is credited.

    They get what the others had, by weight, so the next leads do not all go to them.
    """
    missing = sorted(_wanted(team, calendars, now) - kept.keys())
    if not missing:
        return {}
    month = _periods(team, team.reps[0], calendars, now)[0]
    begun = [(rep, kept[rep.name, month]) for rep in team.reps if (rep.name, month) in kept]
    had, weights = sum(each.assigned + each.credit for _, each in begun), sum(rep.weight for rep, _ in begun)
    credit = {rep.name: rep.weight * had / weights if begun else 0.0 for rep in team.reps}
    last = _last_assigned(tx, team)
    return {
        (rep, period): Count(assigned=0, credit=credit[rep] if period == month else 0.0, last_assigned_at=last.get(rep))
        for rep, period in missing
    }


def _add(tx: Transaction, team: Team, counts: Counts) -> None:
    """Keeps counts that begin."""
    rows = [
        {
            "team": team.name,
            "period": period,
            "rep": rep,
            "assigned": count.assigned,
            "credit": count.credit,
            "last_assigned_at": count.last_assigned_at,
        }
        for (rep, period), count in counts.items()
    ]
    add(tx, shares, *rows)


def _last_assigned(tx: Transaction, team: Team) -> dict[str, datetime | None]:
    """Returns when each rep of a team last got a lead, in whatever period."""
    rows = tx.execute(
        select(shares.c.rep, func.max(shares.c.last_assigned_at).label("at"))
        .where(shares.c.team == team.name)
        .group_by(shares.c.rep)
    )
    return {row.rep: row.at for row in rows}
