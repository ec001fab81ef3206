"""Why a lead is decided as it is: the decision, and every rule and route with each condition's value and truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from routing.decide import decide, with_scores
from routing.decision import Decision
from routing.why import why_qualified
from rules.case import Assumed
from rules.compile import Compiled
from rules.explain import Explanation, explain
from scoring.facts import facts_of
from scoring.lead import Activity, Lead
from scoring.scorecard import Scorecard


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A decision with its explanation."""

    decision: Decision
    explanation: Explanation


def explained(
    lead: Lead,
    activities: Sequence[Activity],
    scorecard: Scorecard | None,
    playbook: Compiled,
    now: datetime,
    *,
    assume: Assumed | None = None,
) -> Explained:
    """The decision on a lead and why it is so; routes are tried for qualified leads alone."""
    decision = decide(lead, activities, scorecard, playbook, now, assume=assume)
    own = facts_of(lead, playbook.playbook.attributes)
    tested = with_scores(own, decision.probability, decision.fit, decision.engagement)
    routed = decision.facts if decision.qualified else None
    against = why_qualified(decision, playbook.playbook.scheme.qualify_at)
    unrouted = "" if decision.qualified else f"the lead does not qualify: {'; '.join(against)}"
    return Explained(decision=decision, explanation=explain(playbook, tested, routed, now, unrouted=unrouted))
