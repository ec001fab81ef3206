"""The reading of one document: its file, what it declares, and the problems found so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.problems import Problem, did_you_mean, shown, with_article
from scoring.attributes import BUILT_IN, Attribute

MOST_PROBLEMS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands in the text, counted from 1."""

    line: int
    column: int


@dataclass(kw_only=True, slots=True)
class Reading:
    """What readers share: the attributes conditions may name, the names that may be referred to, the problems.

    `names` holds, by noun ('team', 'SLA', 'calendar'), every name that is declared, also where its declaration
    has problems of its own; `unsound` holds the attributes whose declaration is broken, so that conditions on them
    are not blamed as well.
    """

    file: str
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: dict(BUILT_IN))
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def note(self, at: Place, code: str, message: str, hint: str = "") -> None:
        """Note a problem at a place; what is beyond the first MOST_PROBLEMS is not worth reading."""
        if len(self.problems) >= MOST_PROBLEMS:
            return
        said = shown(message, 400)
        problem = Problem(file=self.file, line=at.line, column=at.column, code=code, message=said, hint=hint)
        self.problems.append(problem)

    def note_unknown(self, at: Place, noun: str, word: str, options: Iterable[str], code: str | None = None) -> None:
        """Note that `word` names no known `noun`, with the nearest that does."""
        if len(self.problems) >= MOST_PROBLEMS:
            return  # finding the nearest name takes time
        message = f"'{shown(word)}' is not {with_article(noun)}"
        self.note(at, code or f"unknown-{noun.casefold().replace(' ', '-')}", message, did_you_mean(word, options))
