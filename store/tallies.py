"""How leads of a team and a grade ended, counted in the database: what win rates are made of."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from routing.quota import MATURE, TOLD, Tally
from store.assignments import OF_DECISION
from store.database import Transaction
from store.tables import assignments, decisions

# The last assignment of each decision that gave a lead to sales is how that ended.
ENDED = (
    select(
        assignments.c.team,
        decisions.c.grade,
        decisions.c.decided_at,
        assignments.c.state,
        assignments.c.amount,
        func.row_number()
        .over(
            partition_by=assignments.c.decision_id,
            order_by=(assignments.c.assigned_at.desc(), assignments.c.id.desc()),
        )
        .label("place"),
    )
    .select_from(decisions)
    .join(assignments, OF_DECISION)
    .where(decisions.c.decided_at >= bindparam("since"), decisions.c.decided_at < bindparam("now"))
    .subquery()
)
WON = ENDED.c.state == "won"
TALLIES = (
    select(
        ENDED.c.team,
        ENDED.c.grade,
        func.count().label("decided"),
        func.sum(case((WON, 1), else_=0)).label("won"),
        func.sum(case((WON & ENDED.c.amount.is_not(None), 1), else_=0)).label("priced"),
        func.coalesce(func.sum(case((WON, ENDED.c.amount))), 0.0).label("amount"),
    )
    .where(
        ENDED.c.place == 1,
        ENDED.c.state.in_(("won", "lost", "rejected")) | (ENDED.c.decided_at <= bindparam("mature")),
    )
    .group_by(ENDED.c.team, ENDED.c.grade)
    .order_by(ENDED.c.team, ENDED.c.grade)
)


def tallies_of(tx: Transaction, now: datetime) -> Mapping[str, tuple[Tally, ...]]:
    """Returns by team how the leads of the last year ended: those with an outcome, and those that had time for one."""
    found: dict[str, list[Tally]] = {}
    for row in tx.execute(TALLIES, {"since": now - TOLD, "now": now, "mature": now - MATURE}):
        tally = Tally(grade=row.grade, decided=row.decided, won=row.won, priced=row.priced, amount=row.amount)
        found.setdefault(row.team, []).append(tally)
    return {team: tuple(of_team) for team, of_team in found.items()}
