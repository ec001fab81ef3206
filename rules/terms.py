"""Terms: how a scalar becomes a typed value, and what its JSON Schema tells an editor."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeGuard

from rules.calendar_remedies import date_remedy
from rules.nodes import ListNode, MapNode, Node, ScalarNode
from rules.problems import shown, with_article
from rules.reading import Level, Reading
from rules.remedies import flag_remedy, number_remedy

Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """What may stand in a field.

    `says` names it for readers of the reference ("a percentage"), `read` returns its value, or None after noting why
    not, `schema` is for editors. `level` is the section that stands there, if one does.
    """

    says: str
    read: Callable[[Node, Reading], Any]
    schema: Schema
    level: Level | None = None


def described(node: Node) -> str:
    """Return what stands there in a few words, for messages."""
    if isinstance(node, ScalarNode):
        return f"'{shown(node.text)}'"
    return "a list" if isinstance(node, ListNode) else "a mapping"


def wrong(node: Node, reading: Reading, expected: str, hint: str = "") -> None:
    """Note that something else was expected here."""
    if isinstance(node, ScalarNode) and node.empty:
        reading.note(node, "wrong-type", f"nothing stands here; expected {expected}", hint)
    else:
        reading.note(node, "wrong-type", f"{described(node)} is not {expected}", hint)


def scalar_term(
    expected: str,
    parse: Callable[[str], Any],
    schema: Schema,
    hint: str = "",
    remedy: Callable[[str], str] = lambda _: "",
) -> Term:
    """Return a term for one scalar: `parse` returns the value, or None when the text is not `expected`.

    `remedy` makes a hint out of the text that stands there; where it has none to give, `hint` is given.
    """

    def read(node: Node, reading: Reading) -> Any:
        text = node.text.strip() if isinstance(node, ScalarNode) and not node.empty else None
        value = None if text is None else parse(text)
        if value is None:
            wrong(node, reading, expected, (remedy(text) if text is not None else "") or hint)
        return value

    return Term(says=expected, read=read, schema=schema)


def text_term() -> Term:
    """Return a term for text, as written."""
    return scalar_term("text", lambda text: text or None, {"type": ["string", "number", "boolean"], "minLength": 1})


def pattern_term(expected: str, pattern: str, hint: str = "", remedy: Callable[[str], str] = lambda _: "") -> Term:
    """Return a term for text that matches a pattern as a whole."""
    whole = re.compile(pattern)
    return scalar_term(
        expected,
        lambda text: text if whole.fullmatch(text) else None,
        {"type": "string", "pattern": f"^({pattern})$"},
        hint,
        remedy,
    )


def number_of(text: str) -> float | None:
    """Return the finite number a text spells (`1200`, `-0.5`, `1e3`); None when it spells none."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text, re.ASCII) or len(text) > 40:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def flag_of(text: str) -> bool | None:
    """Return the truth a text spells: true, false, yes or no, in any case."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.casefold())


def time_of(text: str) -> datetime | None:
    """Return the aware instant of RFC 3339 text or a date (midnight); UTC where no offset is given."""
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def date_of(text: str) -> date | None:
    """Return the date of `2026-12-24`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number_term(minimum: float = -math.inf, maximum: float = math.inf) -> Term:
    """Return a term for a number in [minimum, maximum]."""
    bounds = {"minimum": minimum, "maximum": maximum}
    schema = {"type": "number", **{key: bound for key, bound in bounds.items() if math.isfinite(bound)}}

    def parse(text: str) -> float | None:
        number = number_of(text)
        return number if number is not None and minimum <= number <= maximum else None

    expected = f"a number{_bounds(minimum, maximum)}"
    return scalar_term(expected, parse, schema, remedy=lambda text: number_remedy(text, maximum))


def positive_term() -> Term:
    """Return a term for a number above zero."""

    def parse(text: str) -> float | None:
        number = number_of(text)
        return number if number is not None and number > 0 else None

    schema = {"type": "number", "exclusiveMinimum": 0}
    return scalar_term("a number above 0", parse, schema, remedy=lambda text: number_remedy(text, math.inf))


def whole_term(minimum: int, maximum: int = 1_000_000) -> Term:
    """Return a term for a whole number in [minimum, maximum]."""

    def parse(text: str) -> int | None:
        number = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
        return number if number is not None and minimum <= number <= maximum else None

    schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    expected = f"a whole number{_bounds(minimum, maximum)}"
    return scalar_term(expected, parse, schema, remedy=lambda text: number_remedy(text, maximum))


def _bounds(minimum: float, maximum: float) -> str:
    if math.isfinite(minimum) and math.isfinite(maximum):
        return f" from {minimum:g} to {maximum:,.15g}"
    return f" of at least {minimum:g}" if math.isfinite(minimum) else ""


def flag_term() -> Term:
    """Return a term for true or false."""
    return scalar_term("true or false", flag_of, {"type": "boolean"}, remedy=flag_remedy)


def time_term(remedy: Callable[[str], str] = date_remedy) -> Term:
    """Return a term for an instant."""
    expected = "a time like 2026-03-01 or 2026-03-01T09:00:00+01:00"
    return scalar_term(expected, time_of, {"type": "string", "pattern": r"^\d{4}"}, remedy=remedy)


def date_term() -> Term:
    """Return a term for a date."""
    schema = {"type": "string", "format": "date", "pattern": r"^\d{4}"}
    return scalar_term("a date like 2026-12-24", date_of, schema, remedy=date_remedy)


def choice_term(noun: str, options: tuple[str, ...]) -> Term:
    """Return a term for one of a few words."""

    def read(node: Node, reading: Reading) -> str | None:
        if not isinstance(node, ScalarNode) or node.empty:
            wrong(node, reading, f"one of {', '.join(options)}")
            return None
        if node.text in options:
            return node.text
        reading.note_unknown(node, noun, node.text, options)
        return None

    words = [f"`{option}`" for option in options]
    says = " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return Term(says=says, read=read, schema={"enum": list(options)})


def reference_term(noun: str) -> Term:
    """Return a term for the name of something declared elsewhere in the document (`reading.names[noun]`).

    Where the section that declares such names is missing altogether, that alone is the problem.
    """

    def read(node: Node, reading: Reading) -> str | None:
        if not isinstance(node, ScalarNode) or node.empty:
            wrong(node, reading, f"the name of {with_article(noun)}", "write one" if isinstance(node, ListNode) else "")
            return None
        if noun in reading.names and node.text not in reading.names[noun]:
            reading.note_unknown(node, noun, node.text, reading.names[noun])
            return None
        return node.text

    return Term(says=f"the name of {with_article(noun)}", read=read, schema={"type": "string"})


def _as_list(node: Node, of: Term) -> str:
    """Return how to write a list of these where something else stands."""
    text = node.text if isinstance(node, ScalarNode) else ""
    if text.casefold() in ("none", "no", "false", "null", "-"):
        return "leave it out"
    return f"write [{shown(text)}]" if text and of.level is None else "begin each item with '- ' or write [one, two]"


def list_term(of: Term, noun: str, at_least: int = 0) -> Term:
    """Return a term for a list; what is broken in it is noted and left out."""

    def read(node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if not isinstance(node, ListNode):
            wrong(node, reading, f"a list of {noun}", _as_list(node, of))
            return None
        if len(node.items) < at_least:
            reading.note(node, "missing-item", f"the list of {noun} is empty", f"give at least {at_least}")
            return None
        values = [of.read(item, reading) for item in node.items]
        return tuple(value for value in values if value is not None)

    schema = {"type": "array", "items": of.schema, **({"minItems": at_least} if at_least else {})}
    return Term(says=f"a list of {noun}", read=read, schema=schema)


def one_or_more_term(of: Term, noun: str) -> Term:
    """Return a term for a list in which a single item may stand without brackets."""
    many = list_term(of, noun, at_least=1)

    def read(node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if isinstance(node, ListNode):
            values: tuple[Any, ...] | None = many.read(node, reading)
            return values
        if isinstance(node, ScalarNode) and node.plain and "," in node.text:
            parts = [part.strip() for part in node.text.split(",")]
            message = f"{described(node)} stands here as one value"
            reading.note(node, "wrong-type", message, f"write [{', '.join(map(shown, parts))}]")
            return None
        value = of.read(node, reading)
        return None if value is None else (value,)

    return Term(says=f"{of.says}, or a list of {noun}", read=read, schema={"anyOf": [of.schema, many.schema]})


def is_mapping(
    node: Node, reading: Reading, noun: str, hint: str = "write `key: value` lines below it"
) -> TypeGuard[MapNode]:
    """Return whether a mapping stands here; when not, note it."""
    if isinstance(node, MapNode):
        return True
    wrong(node, reading, noun, hint)
    return False
