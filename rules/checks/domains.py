"""Domains: which values an attribute can have at all, where that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from rules.calendar_remedies import weekday_remedy
from rules.problems import meant
from rules.wording import value_text

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"probability": (0, 1), "fit": (0, 100), "engagement": (0, 100), "score": (0, 100), "local_hour": (0, 23)}
)
ALWAYS = frozenset({"created_at", "has_phone", "probability", "fit", "engagement"})
WORDS: Mapping[str, tuple[str | bool, ...]] = MappingProxyType(
    {
        "email_kind": ("company", "free", "disposable", "role"),
        "weekday": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Domains:
    """The known domains by attribute: ranges of numbers, and the only values of some others.

    `present` are the attributes that are never missing; `items` are all that some lists can hold.
    """

    ranges: Mapping[str, tuple[float, float]]
    choices: Mapping[str, tuple[str | bool, ...]]
    present: frozenset[str] = frozenset()
    items: Mapping[str, tuple[str | bool, ...]] = field(default_factory=dict)

    def allows(self, attribute: str, value: Any) -> bool:
        """Return whether an attribute can have this value; a text is given folded, None is missing."""
        if value is None:
            return attribute not in self.present
        if attribute in self.ranges:
            low, high = self.ranges[attribute]
            return bool(low <= value <= high)
        return attribute not in self.choices or value in folded_choices(self.choices[attribute])

    def text(self, attribute: str) -> str:
        """Return what is known of an attribute in words: `fit lies between 0 and 100`; empty when nothing is."""
        if attribute in self.ranges:
            low, high = self.ranges[attribute]
            return f"{attribute} lies between {low:g} and {high:g}"
        if attribute in self.items:
            return f"{attribute} holds what rules put there: {', '.join(map(str, self.items[attribute])) or 'nothing'}"
        if attribute not in self.choices:
            return f"{attribute} is never missing" if attribute in self.present else ""
        known = [value_text(value) for value in self.choices[attribute]]
        return f"{attribute} is {'one of ' if len(known) > 1 else 'always '}{', '.join(known)}"


def known_value(attribute: str, word: Any, domains: Domains) -> str:
    """Return which known value of an attribute was meant by another; empty where none was or all are possible."""
    known = domains.items.get(attribute) or domains.choices.get(attribute)
    if known is None or not isinstance(word, str):
        return ""
    choices = tuple(choice for choice in known if isinstance(choice, str))
    if attribute == "weekday":
        return weekday_remedy(word, choices)
    near = meant(word, choices) if len(word) > 1 else None
    return f"did you mean '{near}'?" if near else ""


def rule_domains() -> Domains:
    """Return what is known of every lead that rules see."""
    return Domains(ranges=RANGES, choices=WORDS, present=ALWAYS)


def decided_domains(grades: Sequence[str], tags: Sequence[str] | None = None) -> Domains:
    """Return what is known of every decided lead: it is graded (`grades` empty: not known) and has only these tags."""
    letters = {"grade": tuple(grades)} if grades else {}
    always = ALWAYS | {"score", "grade", "qualified"}
    items = {} if tags is None else {"tags": folded_choices(tags)}
    return Domains(ranges=RANGES, choices={**WORDS, **letters}, present=always, items=items)


def route_domains(grades: Sequence[str], tags: Sequence[str] | None = None) -> Domains:
    """Return what is known of every lead that routes see: it is decided, and qualified."""
    decided = decided_domains(grades, tags)
    return replace(decided, choices={**decided.choices, "qualified": (True,)})


def folded_choices(choices: Sequence[str | bool]) -> tuple[str | bool, ...]:
    """Return the choices as they compare."""
    return tuple(choice.casefold() if isinstance(choice, str) else choice for choice in choices)
