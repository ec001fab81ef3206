"""Places in a parsed JSON document, read with suspicion: every problem is kept with the path it was found at."""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import cast


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A value in a document. What it should not be is noted in `problems`, and something harmless comes back.

    Nothing more is said of a place that is missing, which its parent has reported.
    """

    value: object
    problems: list[str]
    path: str = ""
    missing: bool = False

    def refuse(self, problem: str) -> None:
        """Note a problem: `features[3].edges: must rise`."""
        if not self.missing:
            self.problems.append(f"{self.path}: {problem}" if self.path else f"the document {problem}")

    def sound(self) -> bool:
        """Whether nothing was noted here or below. No field's name may begin with the whole of another's."""
        return not self.missing and not any(problem.startswith(self.path) for problem in self.problems)

    def field(self, name: str) -> "Place":
        """The place of one field; a field that is not there is noted."""
        path = f"{self.path}.{name}" if self.path else name
        inside = self._mapping()
        if inside is not None and name not in inside:
            self.problems.append(f"{path}: is missing")
        known = inside is not None and name in inside
        return Place(value=(inside or {}).get(name), problems=self.problems, path=path, missing=not known)

    def has(self, name: str) -> bool:
        """Whether there is a field of this name, for one that may be left out."""
        return name in (self._mapping() or {})

    def only(self, *names: str) -> None:
        """Note what the place holds beyond these fields, or that it is no object at all."""
        inside = self._mapping()
        if inside is None:
            self.refuse("must be an object")
        for name in inside or ():
            if name not in names:
                self.refuse(f"has an unknown field {name!r}; it may have {', '.join(names)}")

    def items(self) -> Iterator["Place"]:
        """The places of a list, in order."""
        if not isinstance(self.value, list | tuple):
            self.refuse("must be a list")
            return
        for index, value in enumerate(self.value):
            yield Place(value=value, problems=self.problems, path=f"{self.path}[{index}]", missing=self.missing)

    def text(self) -> str:
        """A text that is not blank."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.refuse("must be text")
        return ""

    def choice(self, *words: str) -> str:
        """One of these words."""
        if isinstance(self.value, str) and self.value in words:
            return self.value
        self.refuse(f"must be {' or '.join(words)}")
        return ""

    def number(self, largest: float = math.inf) -> float:
        """A finite number of at most this size, as a float."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            # An integer is compared before it is converted: it may be too large for a float.
            if abs(self.value) <= min(largest, sys.float_info.max):
                return float(self.value)
            self.refuse(
                "must be finite" if largest == math.inf else f"must lie within -{largest:,.0f} and {largest:,.0f}"
            )
        else:
            self.refuse("must be a number")
        return 0.0

    def index(self) -> int:
        """A whole number from 0 on."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0:
            return self.value
        self.refuse("must be a whole number from 0 on")
        return 0

    def numbers(self, largest: float = math.inf) -> tuple[float, ...]:
        """A list of finite numbers of at most this size."""
        return tuple(place.number(largest) for place in self.items())

    def rising(self, *, strictly: bool) -> tuple[float, ...]:
        """A list of finite numbers each above (or, where not strictly, no lower than) the one before."""
        found = self.numbers()
        if self.sound() and any(low > high or (strictly and low == high) for low, high in pairwise(found)):
            self.refuse("must rise" if strictly else "must not fall")
        return found

    def indexes(self) -> tuple[int, ...]:
        """A list of whole numbers from 0 on."""
        return tuple(place.index() for place in self.items())

    def texts(self) -> tuple[str, ...]:
        """A list of texts that are not blank."""
        return tuple(place.text() for place in self.items())

    def hold(self, found: int, expected: int, of: str) -> None:
        """Note where a list does not hold as many as it should."""
        if found != expected and self.sound():
            self.refuse(f"must hold {expected} {of}, not {found}")

    def _mapping(self) -> dict[str, object] | None:
        return cast(dict[str, object], self.value) if isinstance(self.value, dict) else None
