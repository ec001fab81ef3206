"""What the rules said of one lead."""

from dataclasses import dataclass

from rules.playbook import Effects
from scoring.facts import Facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Fired:
    """A rule that matched, with what it did."""

    name: str
    because: str
    effects: Effects


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The rules that fired (by stratum, in document order within one) and what they add up to.

    `facts` are the lead's facts with what rules set; `disqualified` is the first disqualifying rule's reason.
    """

    fired: tuple[Fired, ...]
    facts: Facts
    points: float
    tags: tuple[str, ...]
    qualify: bool
    disqualified: str | None
