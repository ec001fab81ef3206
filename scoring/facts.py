"""The facts of a lead: what rules test and the scorecard looks up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.lead import NOTHING, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Typed values by attribute name; what is missing is absent.

    `clashes` keeps, by name, the values that could not take their attribute's kind and so count as missing.
    """

    values: Mapping[str, Value]
    clashes: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
