"""What a network is asked: small integers compared with small integers, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from typing import Literal

Comparison = Literal["is", "is_not", "at_least", "at_most"]

# In this order neighbours lie far apart in durable-rules' hash tables, so that few of its searches run long.
# It knows names by a 32-bit hash only; a test holds that those made here stay apart.
_LETTERS = "euiyaqsckgwonvfbrzjtdlxhpEU5MIY9AQ1S3CKGW7ONV6FBR2ZJT4DLX8HP0"


@dataclass(frozen=True, slots=True, order=True)
class Predicate:
    """The code in one column of a lead compared with a code."""

    column: str
    comparison: Comparison
    code: int

    def holds(self, code: int) -> bool:
        """Return whether a lead with this code in the column fulfils the predicate."""
        match self.comparison:
            case "is":
                return code == self.code
            case "is_not":
                return code != self.code
            case "at_least":
                return code >= self.code
            case "at_most":
                return code <= self.code

    def share(self, size: int) -> float:
        """Return the share of a column's codes that fulfil the predicate: a guess at how often a lead will."""
        match self.comparison:
            case "is":
                return 1 / size
            case "is_not":
                return 1 - 1 / size
            case "at_least":
                return (size - self.code) / size
            case "at_most":
                return (self.code + 1) / size


# All predicates hold together; a condition is fulfilled on any of its paths.
Path = frozenset[Predicate]


def column_names() -> Iterator[str]:
    """Yield short names for columns, the shortest first; none is a name that durable-rules keeps for itself."""
    yield from _LETTERS
    for length in count(1):
        yield from ("0" + "".join(letters) for letters in product(_LETTERS, repeat=length))
