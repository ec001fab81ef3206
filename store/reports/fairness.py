"""The report on fairness: what each rep had of their team's leads in a month, against their share."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from routing.periods import named_stretch
from rules.playbook import Playbook, Team
from store.database import Transaction
from store.ids import earliest_id
from store.tables import assignments, shares


@dataclass(frozen=True, kw_only=True, slots=True)
class RepShare:
    """A rep's leads of a month: `assigned`, the `credit` for absences, the `due` share by weight of all of both.

    `deviation` is what the rep had more (or less) than is due, in leads. `passed_on` of the assigned are leads that
    another had first: those go to whoever is left, and the next turns make up for it as far as they can.
    """

    team: str
    rep: str
    weight: float
    assigned: int
    passed_on: int
    credit: float
    due: float
    deviation: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FairnessReport:
    """Each rep's share of a month, and the largest deviation of anyone's, in leads."""

    period: str
    reps: tuple[RepShare, ...]
    largest_deviation: float


def fairness_report(tx: Transaction, playbook: Playbook, month: str) -> FairnessReport:
    """Returns what each rep of the playbook had of their team's leads in a month (2026-11)."""
    rows = tuple(row for team in playbook.teams.values() for row in _team(tx, playbook, team, month))
    return FairnessReport(
        period=month, reps=rows, largest_deviation=max((abs(row.deviation) for row in rows), default=0.0)
    )


def _team(tx: Transaction, playbook: Playbook, team: Team, month: str) -> tuple[RepShare, ...]:
    """Returns the shares of one team's reps, in its order."""
    counted = {
        row.rep: row for row in tx.execute(select(shares).where(shares.c.team == team.name, shares.c.period == month))
    }
    had = {rep.name: (counted[rep.name].assigned, counted[rep.name].credit) for rep in team.reps if rep.name in counted}
    passed = _passed_on(tx, team, month, playbook.calendars[team.calendar].timezone)
    total, weights = sum(map(sum, had.values())), sum(rep.weight for rep in team.reps)
    found = []
    for rep in team.reps:
        assigned, credit = had.get(rep.name, (0, 0.0))
        due = total * rep.weight / weights
        found.append(
            RepShare(
                team=team.name,
                rep=rep.name,
                weight=rep.weight,
                assigned=assigned,
                passed_on=passed.get(rep.name, 0),
                credit=round(credit, 3),
                due=round(due, 3),
                deviation=round(assigned + credit - due, 3),
            )
        )
    return tuple(found)


def _passed_on(tx: Transaction, team: Team, month: str, timezone: str) -> Mapping[str, int]:
    """Returns how many leads each rep of a team got in a month, by the team's calendar, that another had first."""
    stretch, first = named_stretch(month, timezone), assignments.alias()
    earlier = (
        select(first.c.id)
        .where(
            first.c.lead_id == assignments.c.lead_id,
            first.c.decision_id == assignments.c.decision_id,
            first.c.id < assignments.c.id,
        )
        .exists()
    )
    rows = tx.execute(
        select(assignments.c.rep, func.count().label("leads"))
        .where(
            assignments.c.id >= earliest_id(stretch.start),
            assignments.c.id < earliest_id(stretch.end),
            assignments.c.team == team.name,
            assignments.c.rep.is_not(None),
            earlier,
        )
        .group_by(assignments.c.rep)
    )
    return {row.rep: row.leads for row in rows}
