"""Problems of a playbook: each with its place, a code, what is wrong and the remedy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from rules.synonyms import called_here

# How much of a line is shown above a caret, and the line breaks of YAML 1.1, by which its parser counts lines.
WIDEST = 200
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong at one place; `line` and `column` count from 1, `hint` is the remedy or empty."""

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""


class PlaybookError(Exception):
    """A playbook (or its cases) cannot be used; `problems` holds everything wrong with it, in document order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(headline(problem) for problem in problems))
        self.problems = problems


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.code, p.message)))


def headline(problem: Problem) -> str:
    """Return the problem in one line.

    Example: `playbook.yaml:14:7: 'wen' is not a rule key; did you mean 'when'? [unknown-key]`
    """
    remedy = f"; {problem.hint}" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.message}{remedy} [{problem.code}]"


def render(problem: Problem, text: str) -> str:
    """Return the headline, the line of `text` it is about, and a caret under the column."""
    lines = LINE_BREAK.split(text)
    if problem.line > len(lines):
        return headline(problem)
    line, before = _around(lines[problem.line - 1], problem.column - 1)
    indent = "".join("\t" if mark == "\t" else " " for mark in line[:before])
    return f"{headline(problem)}\n    {line}\n    {indent}^"


def _around(line: str, at: int) -> tuple[str, int]:
    """Return as much of a line as fits beside a place in it, and where the place then is."""
    if len(line) <= WIDEST:
        return line, at
    start = max(0, min(at - WIDEST // 2, len(line) - WIDEST))
    head, tail = "..." if start else "", "..." if start + WIDEST < len(line) else ""
    return f"{head}{line[start : start + WIDEST]}{tail}", at - start + len(head)


def shown(text: str, most: int = 60) -> str:
    """Return text fit for a message: on one line, printable, at most so many characters."""
    clipped = text if len(text) <= most else f"{text[: most - 3]}..."
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in clipped)


def with_article(noun: str) -> str:
    """Return `a rule`, `an attribute`, `an SLA`; nouns that take no article stay alone (`weights`, `scoring`)."""
    if noun.endswith("s") or noun in ("scoring", "engagement", "given"):
        return noun
    return f"an {noun}" if noun[0] in "aeiou" or noun.startswith("SLA") else f"a {noun}"


def several(noun: str) -> str:
    """Return the plural of a noun: `teams`, `activities`."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def nearest(word: str, options: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the option nearest to `word`, whatever the case; None when none is near (1 is the same word)."""
    folded = {option.casefold(): option for option in options}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff) if len(word) <= 60 else ()
    return folded[near[0]] if near else None


def meant(word: str, options: Iterable[str]) -> str | None:
    """Return the option that a word of other tools stands for, or the one nearest to it; None when there is neither."""
    known = tuple(options)
    return called_here(word, known) or nearest(word, known)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return "did you mean 'when'?" for the option nearest to `word`, or the options themselves when none is near."""
    known = tuple(options)
    near = meant(word, known)
    if near is not None:
        return f"did you mean '{shown(near)}'?"
    return f"known: {', '.join(map(shown, known[:12]))}{', ...' if len(known) > 12 else ''}" if known else ""
