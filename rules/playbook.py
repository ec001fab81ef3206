"""The playbook as values: what its YAML says, typed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from rules.conditions import Condition
from scoring.attributes import Attribute
from scoring.lead import Value
from scoring.scheme import Scheme


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """What a matching rule does; `set` holds values already of their attribute's kind."""

    add: float = 0.0
    set: Mapping[str, Value]
    tag: tuple[str, ...] = ()
    qualify: bool = False
    disqualify: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A business rule: every one whose condition holds applies. `when` None always holds."""

    name: str
    because: str
    when: Condition | None
    then: Effects
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where qualified leads go: the first whose condition holds wins. `when` None is the catch-all."""

    name: str
    because: str
    when: Condition | None
    to: str
    sla: str
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDays:
    """A span counted in days on which the calendar works."""

    days: int


Span = timedelta | WorkingDays


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempts:
    """How often a rep tries to reach the lead, within which span of the assignment."""

    at_least: int
    within: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Sla:
    """What sales owes a lead: a first response within a span of working time (or of all time)."""

    name: str
    respond_within: Span
    clock: Literal["business", "always"]
    warn_at: tuple[float, ...]
    on_breach: tuple[str, ...]
    attempts: Attempts | None = None
    accept_within: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Working hours on one weekday (0 is Monday); an end at or before the start runs past midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When people work: blocks in a time zone, less the holidays of a region (`DE-BE`) and those named by hand."""

    name: str
    timezone: str
    # Opening hours are kept by calendar: its name tells nearly all apart, and hashing every day off costs at each look.
    blocks: tuple[Block, ...] = field(hash=False)
    region: str | None = None
    days_off: tuple[date, ...] = field(default=(), hash=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """At most `count` in each `per`."""

    count: int
    per: Literal["day", "week"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rep:
    """A salesperson: share by weight, capacity, which leads they accept, their own calendar when not the team's."""

    name: str
    email: str
    weight: float = 1.0
    capacity: Limit | None = None
    accepts: Condition | None = None
    calendar: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Someone who is told things: a team's manager."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation(Person):
    """Someone further up the chain: told when this span has passed since the person before was, unless it is done."""

    after: Span


Period = Literal["week", "month", "quarter"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """What a team is to sell: so much revenue each `per`, in deals that are worth `deal_size` on average."""

    revenue: float
    per: Period
    deal_size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Reps who share leads by weight under one calendar, and who hears of trouble.

    That is the manager, and where an SLA says `escalate`, those of `escalation` one after the other.
    """

    name: str
    calendar: str
    manager: Person | None
    reps: tuple[Rep, ...]
    escalation: tuple[Escalation, ...] = ()
    quota: Quota | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A web form: which pages may post it, where the visitor lands, its hidden trap field, what it must hold."""

    name: str
    origins: tuple[str, ...]
    thank_you: str | None
    trap: str | None
    required: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedReason:
    """A reason that sales gives when it rejects or loses a lead; after `rest` such a lead comes back to marketing."""

    name: str
    rest: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What marketing promises: so many qualified leads that fulfil `of` (None: any of them), each `per`."""

    count: int
    of: Condition | None
    per: Period


# What sales promises to do: answer, try to reach, take or turn down a lead in the SLA's time, say what became of it.
Duty = Literal["respond", "attempt", "accept", "give_outcome"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """What sales promises: to do its `duty` in time for this share (0..1) of the leads under these SLAs, each `per`.

    The SLAs say what is in time, and only those count that do (`slas` empty: all of them); for outcomes it is
    `within` of the assignment.
    """

    duty: Duty
    share: float
    slas: tuple[str, ...]
    per: Period
    line: int
    column: int
    within: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Both sides of the agreement between marketing and sales; `timezone` says when its periods begin and end."""

    marketing: tuple[Delivery, ...] = ()
    sales: tuple[Commitment, ...] = ()
    timezone: str = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbook:
    """A whole playbook. `number` is its published version, 0 for a draft; `text` is the YAML as written."""

    number: int
    text: str
    attributes: Mapping[str, Attribute]
    scheme: Scheme
    rules: tuple[Rule, ...]
    routes: tuple[Route, ...]
    slas: Mapping[str, Sla]
    calendars: Mapping[str, Calendar]
    teams: Mapping[str, Team]
    forms: Mapping[str, Form]
    agreement: Agreement
    reject_reasons: tuple[ListedReason, ...]
    lost_reasons: tuple[ListedReason, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that rules put on leads, each once."""
        return tuple(dict.fromkeys(tag for rule in self.rules for tag in rule.then.tag))
