"""A lead handed to sales, as the agreement counts it: how it came, who had it, what was kept of what was promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rules.playbook import Duty
from scoring.facts import Facts

# Open is what can still be kept.
Kept = Literal["kept", "broken", "open"]
# Stands for a rep where nobody has the lead.
QUEUE = "(the queue)"
Outcome = Literal["won", "lost", "rejected"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Handing:
    """A lead that one decision gave to sales, whoever had it there; `campaign` is the one of the calendar it came by.

    `duties` tells of respond, attempt and accept where the SLA promised them and they were not withdrawn: a promise is
    broken when any clock of it was, whoever keeps it afterwards. `due` is when the first clock of each ran out, or
    will; `late_reps` who had the lead when a clock of it first broke; where it was in the queue, who had it when the
    first clock of any promise broke (None: nobody). `rep` is who had it last. A rep first had it at `assigned_at`
    (None: nobody yet): the delay until then is the system's own, the queue included; from then to the first contact,
    whoever made it, is people's: `response` in working time, `waited` in all time.
    """

    lead_id: str
    decision_id: str
    received_at: datetime
    handed_at: datetime
    team: str
    rep: str | None
    sla: str
    facts: Facts
    campaign: str | None = None
    duties: Mapping[Duty, Kept]
    due: Mapping[Duty, datetime] = field(default_factory=dict)
    late_reps: Mapping[Duty, str | None] = field(default_factory=dict)
    assigned_at: datetime | None = None
    response: timedelta | None = None
    waited: timedelta | None = None
    outcome: Outcome | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    amount: float | None = None

    def told(self, name: str) -> str | None:
        """What the lead's facts say of an attribute, as text; None where they say nothing."""
        value = self.facts.values.get(name)
        return None if value is None else str(value)

    def answers_for(self, duty: Duty) -> str:
        """Who answers for a promise: who had the lead when it broke, or else had it last."""
        return self.late_reps.get(duty, self.rep) or QUEUE
