"""How leads of a team and a grade ended, counted in the database: what win rates are made of."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from routing.quota import MATURE, TOLD, Tally
from store.assignments import LAST_OF_DECISION
from store.database import Transaction
from store.tables import assignments, decisions

WON = assignments.c.state == "won"
TALLIES = (
    select(
        assignments.c.team,
        decisions.c.grade,
        func.count().label("decided"),
        func.sum(case((WON, 1), else_=0)).label("won"),
        func.sum(case((WON & assignments.c.amount.is_not(None), 1), else_=0)).label("priced"),
        func.coalesce(func.sum(case((WON, assignments.c.amount))), 0.0).label("amount"),
    )
    # By the decision's id alone: a year is most of both tables, and is read fastest from the smaller one.
    .join(decisions, decisions.c.id == assignments.c.decision_id)
    .where(
        decisions.c.decided_at >= bindparam("since"),
        decisions.c.decided_at < bindparam("now"),
        assignments.c.state.in_(("won", "lost", "rejected")) | (decisions.c.decided_at <= bindparam("mature")),
        LAST_OF_DECISION,
    )
    .group_by(assignments.c.team, decisions.c.grade)
    .order_by(assignments.c.team, decisions.c.grade)
)


def tallies_of(tx: Transaction, now: datetime) -> Mapping[str, tuple[Tally, ...]]:
    """Returns by team how the leads of the last year ended: those with an outcome, and those that had time for one."""
    found: dict[str, list[Tally]] = {}
    for row in tx.execute(TALLIES, {"since": now - TOLD, "now": now, "mature": now - MATURE}):
        tally = Tally(grade=row.grade, decided=row.decided, won=row.won, priced=row.priced, amount=row.amount)
        found.setdefault(row.team, []).append(tally)
    return {team: tuple(of_team) for team, of_team in found.items()}
