"""A decision: all that was found out about one lead at one instant, and by which versions."""

from dataclasses import dataclass
from datetime import datetime

from rules.verdict import Fired
from scoring.facts import Facts
from scoring.reasons import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Routed:
    """The route that took the lead; `rep` is filled in when the lead is assigned, `why` says how it came about."""

    name: str
    team: str
    rep: str | None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What sales owes this lead: first response by `respond_by`, warnings before it (aware UTC instants)."""

    name: str
    respond_by: datetime
    warn_at: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What Leadline decided for a lead; the reasons' points add up to `score` exactly.

    `probability` 0..1; `fit`, `engagement`, `score` 0..100 with one decimal. `route` and `sla` are None for a lead
    that stays with marketing, or that sales is done with; `stays` says why the latter does. `model` and `playbook` name
    the versions that decided.
    """

    decided_at: datetime
    facts: Facts
    probability: float
    fit: float
    engagement: float
    score: float
    grade: str
    qualified: bool
    disqualified: str | None
    tags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    rules: tuple[Fired, ...]
    route: Routed | None
    sla: Promise | None
    model: str
    playbook: int
    stays: str | None = None
