"""The report on fairness: what each rep had of their team's leads in a month, against their share."""

from dataclasses import dataclass

from sqlalchemy import select

from rules.playbook import Playbook, Team
from store.database import Transaction
from store.tables import shares


@dataclass(frozen=True, kw_only=True, slots=True)
class RepShare:
    """A rep's leads of a month: `assigned`, the `credit` for absences, the `due` share by weight of all of both.

    `deviation` is what the rep had more (or less) than is due, in leads.
    """

    team: str
    rep: str
    weight: float
    assigned: int
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
    rows = tuple(row for team in playbook.teams.values() for row in _team(tx, team, month))
    return FairnessReport(
        period=month, reps=rows, largest_deviation=max((abs(row.deviation) for row in rows), default=0.0)
    )


def _team(tx: Transaction, team: Team, month: str) -> tuple[RepShare, ...]:
    """Returns the shares of one team's reps, in its order."""
    counted = {
        row.rep: row for row in tx.execute(select(shares).where(shares.c.team == team.name, shares.c.period == month))
    }
    had = {rep.name: (counted[rep.name].assigned, counted[rep.name].credit) for rep in team.reps if rep.name in counted}
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
                credit=round(credit, 3),
                due=round(due, 3),
                deviation=round(assigned + credit - due, 3),
            )
        )
    return tuple(found)
