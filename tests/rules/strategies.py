"""Conditions and facts by chance, for laws that hold for all of them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any as Anything

from hypothesis import strategies as st

from rules.conditions import All, Any, Condition, Not
from rules.conditions import Test as Check
from rules.operands import SUITING
from rules.playbook import Effects
from scoring.attributes import Kind
from scoring.facts import Facts

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)

# Two attributes of each kind, so that conditions meet the same one often.
NAMES: dict[Kind, tuple[str, str]] = {
    "text": ("t1", "t2"),
    "number": ("n1", "n2"),
    "flag": ("f1", "f2"),
    "time": ("d1", "d2"),
    "list": ("l1", "l2"),
}

WORDS = (
    *(
        "",
        " ",
        "a",
        "A ",
        "ab",
        "abc",
        "b",
        "a.b",
        "a b",
        "1",
        "1.0",
        "01",
        "true",
        "null",
        "{",
        '"',
        "\\",
        '\\"}',
        "\n",
    ),
    *("ß", "SS", "ﬁ", "İ", "i̇", "É", "e\u0301", "日本", "🦊", "\x00", "\ud800", "x" * 300, "x" * 65_536, "x" * 65_537),
)
NUMBERS = (
    *(0, 1, -1, 0.5, -0.0, 1e-7, 1e16, 1e300, 5e-324, 10**30),
    *(2**31, 2**32, 2.0**53, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**70)),
)
TIMES = (
    *(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOW, NOW + timedelta(microseconds=1)),
    datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=1))),
)

words = st.sampled_from(WORDS)
numbers = st.integers(-3, 3) | st.sampled_from(NUMBERS)
times = st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)) | st.sampled_from(TIMES)
spans = st.sampled_from([timedelta(seconds=1), timedelta(days=1), timedelta(days=4), timedelta(days=3650)])
patterns = st.sampled_from(["a", "^a", "b$", r"\bA\b", "[^a]", "", ".", r"\d"])


def _operands(kind: Kind, operator: str) -> st.SearchStrategy[Anything]:
    one: dict[Kind, st.SearchStrategy[Anything]] = {
        "text": words,
        "number": numbers,
        "flag": st.booleans(),
        "time": times,
        "list": words,
    }
    match operator:
        case "missing":
            return st.booleans()
        case "matches":
            return patterns
        case "within":
            return spans
        case "in":
            return st.lists(one[kind], min_size=1, max_size=3).map(tuple)
        case "between":
            return st.tuples(one[kind], one[kind]).map(lambda pair: tuple(sorted(pair)))
        case _:
            return one[kind]


@st.composite
def checks(draw: st.DrawFn) -> Check:
    """One test of one of the attributes."""
    kind = draw(st.sampled_from(tuple(NAMES)))
    operator = draw(st.sampled_from(SUITING[kind]))
    return Check(
        attribute=draw(st.sampled_from(NAMES[kind])),
        kind=kind,
        operator=operator,
        operand=draw(_operands(kind, operator)),
        line=1,
        column=1,
    )


def conditions(leaves: int = 8) -> st.SearchStrategy[Condition]:
    """A tree of tests."""

    def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            several.map(lambda held: All(parts=held)),
            several.map(lambda held: Any(parts=held)),
            parts.map(lambda part: Not(part=part)),
        )

    return st.recursive(checks(), joined, max_leaves=leaves)


@st.composite
def effects(draw: st.DrawFn) -> Effects:
    """What a rule does: points, tags, qualifying, disqualifying, and setting attributes to values of their kind."""
    own: dict[Kind, st.SearchStrategy[Anything]] = {"text": words, "number": numbers, "flag": st.booleans()}
    settable = {name: values for kind, values in own.items() for name in NAMES[kind]}
    return Effects(
        add=draw(st.sampled_from([0.0, 0.1, -5.0, 20.0])),
        set=draw(st.just({}) | st.fixed_dictionaries({}, optional=settable)),
        tag=draw(st.sampled_from([(), ("hot",), ("hot", "cold")])),
        qualify=draw(st.booleans()),
        disqualify=draw(st.sampled_from([None, "spam"])),
    )


def facts(*, clean: bool = True) -> st.SearchStrategy[Facts]:
    """A lead's facts; when not `clean`, values may be of any kind whatever their attribute's."""
    items = st.lists(st.one_of(words, numbers, st.booleans()), max_size=3).map(tuple)
    own: dict[Kind, st.SearchStrategy[Anything]] = {
        "text": words,
        "number": numbers,
        "flag": st.booleans(),
        "time": times,
        "list": items,
    }
    odd = st.sampled_from([float("nan"), float("inf"), float("-inf")])
    anything = st.one_of(*own.values(), odd, st.just(datetime(2026, 1, 1)))  # noqa: DTZ001 - naive on purpose
    values = {name: own[kind] if clean else anything for kind, names in NAMES.items() for name in names}
    return st.fixed_dictionaries({}, optional=values).map(lambda drawn: Facts(values=drawn))
