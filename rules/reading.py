"""The reading of one document: its file, what it declares, and the problems found so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.problems import Problem, did_you_mean, meant, shown, with_article
from rules.remedies import comparison_remedy
from scoring.attributes import BUILT_IN, Attribute

MOST_PROBLEMS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands in the text, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A section around the one that is read: its noun, and the keys it may hold."""

    noun: str
    keys: tuple[str, ...]


@dataclass(kw_only=True, slots=True)
class Reading:
    """What readers share: the attributes conditions may name, the names that may be referred to, the problems.

    `names` holds, by noun ('team', 'SLA', 'calendar'), every name that is declared, also where its declaration
    has problems of its own. So that one mistake makes one problem, `unsound` holds the attributes whose declaration is
    broken or blamed as missing, `undeclared` says that what declares them cannot be read at all, and `blamed` holds
    places of which nothing more is to be said; `misplaced` holds keys, by the noun of the section they belong to, that
    stand in a section inside it. `within` are the sections around the one that is read, the outermost first.
    """

    file: str
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: dict(BUILT_IN))
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    undeclared: bool = False
    blamed: set[tuple[int, int]] = field(default_factory=set)
    within: list[Level] = field(default_factory=list)
    misplaced: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def note(self, at: Place, code: str, message: str, hint: str = "") -> None:
        """Note a problem at a place; what is beyond the first MOST_PROBLEMS is not worth reading."""
        if len(self.problems) >= MOST_PROBLEMS or (at.line, at.column) in self.blamed:
            return
        said = shown(message, 400)
        problem = Problem(file=self.file, line=at.line, column=at.column, code=code, message=said, hint=hint)
        self.problems.append(problem)

    def blame(self, at: Place, code: str, message: str, hint: str = "") -> None:
        """Note a problem, and nothing more at this place: what follows from it would only confuse."""
        self.note(at, code, message, hint)
        self.blamed.add((at.line, at.column))

    def level_of(self, key: str) -> Level | None:
        """Return the innermost section around this one that a key belongs to; None where it belongs to none."""
        return next((level for level in reversed(self.within) if key in level.keys), None)

    def note_attribute(self, at: Place, word: str, options: Iterable[str]) -> None:
        """Note that no attribute has this name; one that is near none of the `options` is missed once only."""
        if self.undeclared or word in self.unsound:
            return
        known = tuple(options)
        message = f"'{shown(word)}' is not an attribute"
        if level := self.level_of(word):
            self.misplaced.add((level.noun, word))
            self.note(at, "unknown-attribute", message, f"it belongs to the {level.noun} around it; move it there")
        elif (remedy := comparison_remedy(word)) or meant(word, known):
            self.note(at, "unknown-attribute", message, remedy or did_you_mean(word, known))
        else:
            self.unsound.add(word)
            self.note(at, "unknown-attribute", message, "declare it under `attributes`")

    def note_unknown(self, at: Place, noun: str, word: str, options: Iterable[str], code: str | None = None) -> None:
        """Note that `word` names no known `noun`, with the nearest that does."""
        if len(self.problems) >= MOST_PROBLEMS:
            return  # finding the nearest name takes time
        message = f"'{shown(word)}' is not {with_article(noun)}"
        self.note(at, code or f"unknown-{noun.casefold().replace(' ', '-')}", message, did_you_mean(word, options))
