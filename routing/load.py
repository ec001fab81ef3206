"""What a lead is to those who work it: who of a team may get it, and which of marketing's deliveries it counts for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from routing.decision import Decision
from rules.evaluate import holds
from rules.playbook import Delivery, Team
from scoring.facts import Facts


def shares_of(team: Team, facts: Facts, now: datetime) -> Mapping[str | None, float]:
    """The chance of each rep of a team to get a lead; of None, the queue, where no rep accepts it.

    Of the reps that accept the lead, each has their weight over the sum of the weights: what fair shares come to in
    the long run. Capacity, absences and account owners are of the day, and not looked at.
    """
    weights = {rep.name: rep.weight for rep in team.reps if rep.accepts is None or holds(rep.accepts, facts, now)}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} or {None: 1.0}


def delivered(deliveries: Sequence[Delivery], decision: Decision) -> tuple[bool, ...]:
    """Which of the deliveries that marketing promises a lead counts towards: qualified, and of the promised kind."""
    return tuple(
        decision.qualified and (each.of is None or holds(each.of, decision.facts, decision.decided_at))
        for each in deliveries
    )
