"""Which operators suit which kind of attribute, and how their operands are read."""

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import re2

from rules.calendar_remedies import time_remedy
from rules.conditions import Operand, Operator
from rules.nodes import ListNode, Node, ScalarNode
from rules.problems import nearest, shown
from rules.reading import Place, Reading
from rules.remedies import country_remedy, domain_remedy, number_remedy, pattern_remedy
from rules.spans import length_term
from rules.terms import (
    Term,
    flag_term,
    list_term,
    number_of,
    pattern_term,
    scalar_term,
    text_term,
    time_term,
    wrong,
)
from scoring.attributes import Kind
from scoring.contact import country_code, country_names, normal_phone

OPERATORS: Mapping[Operator, str] = MappingProxyType(
    {
        "is": "equals",
        "in": "is one of a list",
        "at_least": "is this or more",
        "at_most": "is this or less",
        "above": "is more than this",
        "below": "is less than this",
        "between": "lies between two values, both included",
        "contains": "a list attribute holds this item, a text this substring",
        "starts_with": "text begins with this",
        "ends_with": "text ends with this",
        "matches": "a regular expression is found in the text, whatever the case",
        "missing": "true: has no value; false: has one",
        "before": "lies before this instant",
        "after": "lies after this instant",
        "within": "lies in the last span of this length",
    }
)

SUITING: Mapping[Kind, tuple[Operator, ...]] = MappingProxyType(
    {
        "text": ("is", "in", "contains", "starts_with", "ends_with", "matches", "missing"),
        "number": ("is", "in", "at_least", "at_most", "above", "below", "between", "missing"),
        "flag": ("is", "missing"),
        "time": ("before", "after", "between", "within", "missing"),
        "list": ("contains", "missing"),
    }
)

_REMEDY: Mapping[tuple[Kind, Operator], str] = MappingProxyType(
    {
        ("list", "is"): "write {contains: ...}",
        ("list", "in"): "write any: with one {contains: ...} each",
        ("flag", "in"): "write true or false",
        ("time", "is"): "write {between: [from, to]}",
        ("time", "at_least"): "write {after: ...}",
        ("time", "at_most"): "write {before: ...}",
        ("time", "above"): "write {after: ...}",
        ("time", "below"): "write {before: ...}",
        ("number", "before"): "write {below: ...}",
        ("number", "after"): "write {above: ...}",
    }
)


def read_operand(
    attribute: str, kind: Kind, operator: Operator, node: Node, reading: Reading, place: Place
) -> Operand | None:
    """Return the operand of an operator, typed for the attribute's kind; None after noting what is wrong."""
    if operator not in SUITING[kind]:
        article = "an" if operator[0] in "aeiou" else "a"
        suiting = f"a {kind} takes {', '.join((*SUITING[kind], 'not'))}"
        hint = _REMEDY.get((kind, operator), suiting)
        reading.note(
            place,
            "wrong-operator",
            f"'{attribute}' is a {kind}; {article} '{operator}' test does not suit it",
            hint,
        )
        return None
    if operator == "is" and kind != "text" and isinstance(node, ScalarNode) and node.plain and node.text in _NULLS:
        wrong(node, reading, f"a value of '{attribute}'", "write {missing: true}")
        return None
    before = len(reading.problems)
    value: Operand | None = _operand_term(attribute, kind, operator).read(node, reading)
    # A list without its broken values would be another list.
    return value if len(reading.problems) == before else None


def _operand_term(attribute: str, kind: Kind, operator: Operator) -> Term:
    one = value_term(attribute, kind)
    special: dict[Operator, Callable[[], Term]] = {
        "in": lambda: list_term(one, "values", at_least=1),
        "between": lambda: _pair_term(one),
        "matches": _pattern_term,
        "missing": flag_term,
        "within": length_term,
        "contains": _contained_term,
        "starts_with": text_term,
        "ends_with": text_term,
    }
    if operator == "is" and kind == "text" and attribute not in _SPELT:
        return _word_term()
    return special[operator]() if operator in special else one


def value_term(attribute: str, kind: Kind) -> Term:
    """Return a term for one value of an attribute."""
    if attribute in _SPELT:
        return _SPELT[attribute]
    terms: dict[Kind, Callable[[], Term]] = {
        "text": text_term,
        "number": lambda: _number_term(attribute),
        "flag": flag_term,
        "time": lambda: time_term(time_remedy),
        "list": text_term,
    }
    return terms[kind]()


def _near_country(text: str) -> str:
    near = nearest(text, country_names(), cutoff=0.75)
    return country_remedy(text) or (f"did you mean '{near}'?" if near else "")


# Attributes whose values have one spelling, so that one in another would never be met.
_SPELT: Mapping[str, Term] = MappingProxyType(
    {
        "country": scalar_term(
            "a country (ISO 3166 code or name)", country_code, {"type": "string"}, "write DE or Germany", _near_country
        ),
        "email": pattern_term("an e-mail address", r"[^@\s]+@[^@\s]+", "for a whole domain test email_domain"),
        "email_domain": pattern_term(
            "a domain", r"[^@\s/:*]+", "write only what stands behind the @: rival.example", domain_remedy
        ),
        "phone": scalar_term(
            "a phone number with its country's code",
            lambda text: normal_phone(text, None),
            {"type": "string"},
            "write +49 30 901820",
        ),
    }
)


_NULLS = ("null", "~", "Null", "NULL")

# What is hardly meant as the word it is to `is`, and what to write instead.
_NO_WORDS: tuple[tuple[str, str], ...] = (
    ("|".join(_NULLS), "write {missing: true}, or quote the word"),
    (r"(?:==?|!=|<>)\s*.+", "leave the sign out, or write {not: ...}, or quote the text"),
)


def _word_term() -> Term:
    """Return a term for text to compare with; a bare `null` is hardly meant as the word."""
    text = text_term()

    def read(node: Node, reading: Reading) -> Any:
        if isinstance(node, ScalarNode) and node.text == "*":
            wrong(node, reading, "a value", "for any value write {missing: false}")
            return None
        if isinstance(node, ScalarNode) and node.plain:
            for looks, remedy in _NO_WORDS:
                if re.fullmatch(looks, node.text):
                    reading.note(node, "wrong-type", f"'{shown(node.text)}' is a word here", remedy)
                    return None
        return text.read(node, reading)

    return Term(says=text.says, read=read, schema=text.schema)


def _number_term(attribute: str) -> Term:
    maximum = 1 if attribute == "probability" else math.inf
    return scalar_term(
        f"a number ('{attribute}' is one)",
        _exact,
        {"type": "number"},
        remedy=lambda text: number_remedy(text, maximum),
    )


def _exact(text: str) -> int | float | None:
    """Return a whole number as written as an int, so that 2^53 + 1 is not 2^53; any other number as a float."""
    return int(text) if re.fullmatch(r"-?\d{1,40}", text, re.ASCII) else number_of(text)


def _contained_term() -> Term:
    """Return a term for what a text or a list contains: one thing; several are several tests."""
    text = text_term()

    def read(node: Node, reading: Reading) -> Any:
        if isinstance(node, ListNode):
            wrong(node, reading, "text", "write any: with one {contains: ...} each")
            return None
        return text.read(node, reading)

    return Term(says=text.says, read=read, schema=text.schema)


def _pattern_term() -> Term:
    def read(node: Node, reading: Reading) -> str | None:
        if not isinstance(node, ScalarNode) or node.empty:
            wrong(node, reading, "a regular expression")
            return None
        if not node.text.isprintable():
            hint = "write it in single quotes, so that YAML leaves its backslashes alone"
            reading.note(node, "bad-pattern", f"'{node.text}' holds unprintable characters", hint)
            return None
        try:
            re2.compile(node.text, pattern_options())
        except re2.error as error:
            said = error.args[0].decode(errors="replace")
            message = f"'{shown(node.text)}' is not a regular expression: {said}"
            reading.note(node, "bad-pattern", message, pattern_remedy(node.text))
            return None
        return node.text

    return Term(says="a regular expression", read=read, schema={"type": "string"})


def pattern_options() -> Any:
    """Return RE2's options for `matches`: case-insensitive, quiet about bad patterns, bounded memory."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _pair_term(one: Term) -> Term:
    def read(node: Node, reading: Reading) -> tuple[Any, Any] | None:
        if not isinstance(node, ListNode):
            ends = re.findall(r"[^\s,\u2013-]+", node.text) if isinstance(node, ScalarNode) else ()
            between = [end for end in ends if end not in ("and", "to", "..")]
            remedy = f"write [{between[0]}, {between[1]}]" if len(between) == 2 else "write [from, to]"
            wrong(node, reading, "a list of two values", remedy)
            return None
        if len(node.items) != 2:
            count = len(node.items)
            message = f"{count} value{' stands' if count == 1 else 's stand'} where two belong"
            reading.note(node, "wrong-type", message, "write [from, to]; for one end write at_least or at_most")
            return None
        low, high = (one.read(item, reading) for item in node.items)
        if low is None or high is None:
            return None
        if low > high:
            reading.note(node, "never-true", "the first value lies above the second", "write [from, to]")
            return None
        return low, high

    return Term(
        says="two values", read=read, schema={"type": "array", "items": one.schema, "minItems": 2, "maxItems": 2}
    )
