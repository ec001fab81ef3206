"""How many leads each rep of a team has had: this month for fairness, today and this week for capacity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select, update

from routing.reps import Standing
from rules.playbook import Calendar, Rep, Team
from store.absences import AWAY, absent_until
from store.assignments import owner
from store.counts import Count, Counts, Periods, month_of, reweighed
from store.database import Transaction, Writes
from store.leads import Known, company_domain
from store.rows import add, find
from store.tables import shares


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What each rep of a team has had so far, in which periods, and who of them has the lead's account, if anyone."""

    periods: Mapping[str, Periods]
    standings: tuple[Standing, ...]
    owner: str | None


IN_TEAM = shares.c.team == bindparam("in_team")
ABSENT = AWAY.subquery()
# One row, so that the account's owner comes with the counts even when there are none yet.
ACCOUNT = select(owner(bindparam("company_domain"), bindparam("of_lead")).label("owner")).subquery()
COUNT = (
    update(shares)
    .where(IN_TEAM, shares.c.rep == bindparam("chosen"))
    .where(shares.c.period.in_([bindparam("month"), bindparam("day"), bindparam("week")]))
    .values(assigned=shares.c.assigned + 1, last_assigned_at=bindparam("now"))
)
REWEIGH = (
    update(shares)
    .where(IN_TEAM, shares.c.period == bindparam("month"), shares.c.rep == bindparam("whose"))
    .values(credit=bindparam("credited"), weight=bindparam("weighs"))
)
CREDIT = (
    update(shares)
    .where(IN_TEAM, shares.c.period == bindparam("month"), shares.c.rep == bindparam("away"))
    .values(credit=shares.c.credit + bindparam("part"))
)


def counted_in(
    tx: Transaction, team: Team, calendars: Mapping[str, Calendar], known: Known | None, now: datetime
) -> Counted:
    """Returns what a team has had so far and who has the account of a lead (None: of none).

    Nobody else assigns in the team until the transaction ends.
    """
    periods = _periods(team, calendars, now)
    kept, owner = _kept(tx, team, periods, known, now, holding=[team_lock(team.name)])
    missing = _missing(tx, team, periods, kept, now)
    changed = reweighed(team, month_of(periods), {**kept, **missing})
    if missing or changed:
        _keep(tx, team, kept, {**missing, **changed})
    return Counted(periods=periods, standings=_standings(periods, {**kept, **missing, **changed}), owner=owner)


def standings_now(
    tx: Transaction, team: Team, calendars: Mapping[str, Calendar], now: datetime
) -> tuple[Standing, ...]:
    """Returns what each rep of a team has had so far, to look at; others may be assigning meanwhile."""
    periods = _periods(team, calendars, now)
    kept, _ = _kept(tx, team, periods, None, now)
    counts = {**kept, **_missing(tx, team, periods, kept, now)}
    return _standings(periods, {**counts, **reweighed(team, month_of(periods), counts)})


def team_lock(team: str) -> str:
    """Returns the lock to hold while choosing in a team."""
    return f"team {team}"


def count_assignment(tx: Writes, team: Team, chosen: Rep, counted: Counted, now: datetime) -> dict[str, float]:
    """Counts a lead for the chosen rep and returns what those away are credited with: their weight's part of it.

    `counted` is what `counted_in` returned in this transaction.
    """
    month, day, week = counted.periods[chosen.name]
    when = {"month": month, "day": day, "week": week, "now": now}
    tx.execute(COUNT, {"in_team": team.name, "chosen": chosen.name, **when})
    away = {standing.rep for standing in counted.standings if standing.absent_until is not None}
    if not away:
        return {}
    there = sum(rep.weight for rep in team.reps if rep.name not in away)
    credited = {rep.name: rep.weight / there for rep in team.reps if rep.name in away}
    in_month = {"in_team": team.name, "month": month}
    tx.execute(CREDIT, [{**in_month, "away": name, "part": part} for name, part in credited.items()])
    return credited


def _standings(periods: Mapping[str, Periods], counts: Counts) -> tuple[Standing, ...]:
    """Returns the standings of a team's reps."""
    return tuple(_standing(rep, *(counts[rep, period] for period in own)) for rep, own in periods.items())


def _standing(rep: str, month: Count, day: Count, week: Count) -> Standing:
    """Returns a rep's standing."""
    return Standing(
        rep=rep,
        assigned=month.assigned,
        credit=month.credit,
        today=day.assigned,
        this_week=week.assigned,
        last_assigned_at=month.last_assigned_at,
        absent_until=month.absent_until,
    )


def _periods(team: Team, calendars: Mapping[str, Calendar], now: datetime) -> dict[str, Periods]:
    """Returns, by rep in the team's order, the team's month (2026-11), the rep's own day (2026-11-24) and ISO week
    (2026-W48).
    """
    month = f"{_today(calendars[team.calendar], now):%Y-%m}"
    names = {rep.calendar or team.calendar for rep in team.reps}
    own = {name: _day_and_week(_today(calendars[name], now)) for name in names}
    return {rep.name: (month, *own[rep.calendar or team.calendar]) for rep in team.reps}


def _today(calendar: Calendar, now: datetime) -> date:
    """Returns the day it is by a calendar."""
    return now.astimezone(ZoneInfo(calendar.timezone)).date()


def _day_and_week(today: date) -> tuple[str, str]:
    """Returns the names of a day and of its week."""
    year, week, _ = today.isocalendar()
    return today.isoformat(), f"{year}-W{week:02}"


def _kept(
    tx: Transaction,
    team: Team,
    periods: Mapping[str, Periods],
    known: Known | None,
    now: datetime,
    *,
    holding: Sequence[str] = (),
) -> tuple[Counts, str | None]:
    """Returns the counts of the current periods, as far as there are any, and who has a lead's account.

    Those of the month are there for everybody who was of the team in it.
    """
    names, month = set(chain.from_iterable(periods.values())), month_of(periods)
    within = {f"period_{place}": name for place, name in enumerate(sorted(names))}
    account = {
        "company_domain": None if known is None else company_domain(known.lead),
        "of_lead": None if known is None else known.id,
    }
    rows = find(tx, _counts_within(len(names)), holding=holding, in_team=team.name, now=now, **account, **within)
    kept = {
        (rep, period): Count(assigned=assigned, credit=credit, last_assigned_at=last, weight=weight, absent_until=until)
        for _, rep, period, assigned, credit, last, weight, until in rows
        if period in periods.get(rep, (month,))
    }
    return kept, rows[0].owner


@cache
def _counts_within(count: int) -> Select[Any]:
    """Returns the statement that finds the counts of so many periods; SQLAlchemy would write out a list each time."""
    within = shares.c.period.in_([bindparam(f"period_{place}") for place in range(count)])
    counted = ("rep", "period", "assigned", "credit", "last_assigned_at", "weight")
    counts = (shares.c[name] for name in counted)
    return (
        select(ACCOUNT.c.owner, *counts, ABSENT.c.until)
        .outerjoin_from(ACCOUNT, shares, IN_TEAM & within)
        .outerjoin(ABSENT, ABSENT.c.rep == shares.c.rep)
    )


def _missing(tx: Transaction, team: Team, periods: Mapping[str, Periods], kept: Counts, now: datetime) -> Counts:
    """Returns the counts that begin now, at nothing."""
    missing = [(rep, period) for rep, own in periods.items() for period in own if (rep, period) not in kept]
    if not missing:
        return {}
    last, away = _last_assigned(tx, team), absent_until(tx, now)
    return {
        (rep, period): Count(
            assigned=0,
            credit=0.0,
            last_assigned_at=last.get(rep),
            weight=None,
            absent_until=away.get(rep),
        )
        for rep, period in missing
    }


def _keep(tx: Transaction, team: Team, kept: Counts, counts: Counts) -> None:
    """Keeps counts that begin, and new credits and weights of those that are kept already."""
    _add(tx, team, {key: count for key, count in counts.items() if key not in kept})
    rows = [
        {"in_team": team.name, "month": period, "whose": rep, "credited": count.credit, "weighs": count.weight}
        for (rep, period), count in counts.items()
        if (rep, period) in kept
    ]
    if rows:
        tx.execute(REWEIGH, rows)


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
            "weight": count.weight,
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
