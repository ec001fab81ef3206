"""Where a playbook places a lead, and who is placed otherwise by another playbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from routing.decision import Decision

Aspect = Literal["qualified", "grade", "team", "sla", "respond_by"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What a decision comes to; `route`, `team`, `sla` and `respond_by` are None for a lead that marketing keeps."""

    score: float
    grade: str
    qualified: bool
    disqualified: str | None
    route: str | None
    team: str | None
    sla: str | None
    respond_by: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A decision of a lead at an instant that two playbooks place differently; `name` is what people know it by."""

    id: str
    lead_id: str
    name: str
    at: datetime
    before: Placed
    after: Placed

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """In what respects it moves; none for one that gets another score and stays where it is."""
        return tuple(name for name in ASPECTS if getattr(self.before, name) != getattr(self.after, name))


# What people call a respect in which a lead moves; a route is only a way to a team.
ASPECTS: Mapping[Aspect, str] = MappingProxyType(
    {
        "qualified": "qualified or not",
        "grade": "grade",
        "team": "team",
        "sla": "SLA",
        "respond_by": "deadline",
    }
)


def placed(decision: Decision) -> Placed:
    """What a decision comes to."""
    return Placed(
        score=decision.score,
        grade=decision.grade,
        qualified=decision.qualified,
        disqualified=decision.disqualified,
        route=decision.route.name if decision.route else None,
        team=decision.route.team if decision.route else None,
        sla=decision.sla.name if decision.sla else None,
        respond_by=decision.sla.respond_by if decision.sla else None,
    )
