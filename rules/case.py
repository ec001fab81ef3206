"""A playbook's cases: leads as they might come, and what the playbook must decide for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from rules.conditions import Condition
from rules.reading import Place
from scoring.lead import NOTHING, Activity


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumed:
    """What a case takes for the model's answer, so that a retrain cannot break it."""

    probability: float = 0.0
    fit: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What a case expects; what is None or empty is not looked at.

    `facts` holds, by key of the YAML (score, grade, qualified, fit, engagement, probability, attributes), a condition
    on the decision's facts. `rules`, `tags` and `reps` must be among those that fired, were put on the lead, are
    eligible; `no_rules`, `no_tags` and `no_reps` must not. `route` is `none` for a lead that stays with marketing.
    `places` says where each key stands.
    """

    facts: Mapping[str, Condition] = field(default_factory=dict)
    disqualified: str | None = None
    rules: tuple[str, ...] = ()
    no_rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()
    reps: tuple[str, ...] = ()
    no_reps: tuple[str, ...] = ()
    route: str | None = None
    team: str | None = None
    sla: str | None = None
    respond_by: datetime | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One case. `given` holds lead fields: contact data normalised as at the doors, `consent` true or false,
    `created_at` an instant, and `attributes` a mapping of numbers, truths, texts and tuples of them.
    """

    name: str
    at: datetime
    given: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({"attributes": NOTHING}))
    activities: tuple[Activity, ...] = ()
    assume: Assumed | None = None
    expect: Expectation
    line: int
    column: int
