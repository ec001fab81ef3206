"""How many leads each rep of a team has had: this month for fairness, today and this week for capacity."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, select, update

from routing.reps import Standing
from rules.playbook import Calendar, Rep, Team
from store.absences import absent_until
from store.database import Transaction
from store.locks import hold
from store.rows import add
from store.tables import shares

Counts = Mapping[tuple[str, str], Row[Any]]

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
    .where(IN_TEAM, shares.c.period == bindparam("month"), shares.c.rep.in_(bindparam("away", expanding=True)))
    .values(credit=shares.c.credit + bindparam("part"))
)


def standings(tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime) -> tuple[Standing, ...]:
    """Returns what each rep of a team has had so far; nobody else assigns in the team until the transaction ends."""
    hold(tx, team_lock(team.name))
    counts = _counts(tx, team, calendars, now)
    away = absent_until(tx, now)
    return tuple(_standing(rep, _periods(team, rep, calendars, now), counts, away.get(rep.name)) for rep in team.reps)


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
    """Counts a lead for the chosen rep, and credits those away with an equal part of it.

    `counted` is what `standings` returned in this transaction.
    """
    periods = _periods(team, chosen, calendars, now)
    tx.execute(COUNT, {"in_team": team.name, "chosen": chosen.name, "periods": periods, "now": now})
    away = [standing.rep for standing in counted if standing.absent_until is not None]
    if away:
        part = 1 / (len(counted) - len(away))
        tx.execute(CREDIT, {"in_team": team.name, "month": periods[0], "away": away, "part": part})


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


def _counts(tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime) -> Counts:
    """Returns the team's rows of the current periods by rep and period, made where they were missing."""
    wanted = {(rep.name, period) for rep in team.reps for period in _periods(team, rep, calendars, now)}
    asked = {"in_team": team.name, "periods": sorted({period for _, period in wanted})}
    kept = {(row.rep, row.period): row for row in tx.execute(COUNTS, asked)}
    missing = sorted(wanted - kept.keys())
    if not missing:
        return kept
    month = _periods(team, team.reps[0], calendars, now)[0]
    _add_rows(tx, team, missing, month, {key: kept[key] for key in wanted & kept.keys()})
    return {(row.rep, row.period): row for row in tx.execute(COUNTS, asked)}


def _add_rows(tx: Transaction, team: Team, missing: list[tuple[str, str]], month: str, kept: Counts) -> None:
    """Begins to count; who is new in a month that others have begun is credited with what they had on average."""
    begun = [row.assigned + row.credit for (_, period), row in kept.items() if period == month]
    credit = sum(begun) / len(begun) if begun else 0.0
    last = _last_assigned(tx, team)
    rows = [
        {
            "team": team.name,
            "period": period,
            "rep": rep,
            "assigned": 0,
            "credit": credit if period == month else 0.0,
            "last_assigned_at": last.get(rep),
        }
        for rep, period in missing
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
