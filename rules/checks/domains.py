"""Domains: which values an attribute can have at all, where that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

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

    `present` are the attributes that are never missing.
    """

    ranges: Mapping[str, tuple[float, float]]
    choices: Mapping[str, tuple[str | bool, ...]]
    present: frozenset[str] = frozenset()

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
        if attribute not in self.choices:
            return f"{attribute} is never missing" if attribute in self.present else ""
        known = [value_text(value) for value in self.choices[attribute]]
        return f"{attribute} is {'one of ' if len(known) > 1 else 'always '}{', '.join(known)}"


def rule_domains() -> Domains:
    """Return what is known of every lead that rules see."""
    return Domains(ranges=RANGES, choices=WORDS, present=ALWAYS)


def route_domains(grades: Sequence[str]) -> Domains:
    """Return what is known of every lead that routes see: it is qualified, and graded (`grades` empty: not known)."""
    letters = {"grade": tuple(grades)} if grades else {}
    always = ALWAYS | {"score", "grade", "qualified"}
    return Domains(ranges=RANGES, choices={**WORDS, "qualified": (True,), **letters}, present=always)


def folded_choices(choices: Sequence[str | bool]) -> tuple[str | bool, ...]:
    """Return the choices as they compare."""
    return tuple(choice.casefold() if isinstance(choice, str) else choice for choice in choices)
