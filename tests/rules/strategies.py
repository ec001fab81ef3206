"""Conditions and facts by chance, for laws that hold for all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any as Anything

from hypothesis import strategies as st

from rules.conditions import All, Any, Condition, Not
from rules.conditions import Test as Check
from rules.operands import SUITING
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

words = st.sampled_from(["", "a", "A ", "ab", "abc", "b", "ß", "SS", "İ", "1", "1.0", "true", "x" * 300, "a.b", "\n"])
numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([0.5, -0.0, 2.0**53, 2**53, 2**53 + 1, 2**63, -(2**70), 1e-7, 1e300, 10**30]),
)
times = st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)) | st.sampled_from(
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOW + timedelta(microseconds=1)]
)
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
    anything = st.one_of(*own.values(), st.just(float("nan")), st.just(datetime(2026, 1, 1)))  # noqa: DTZ001 - naive on purpose
    values = {name: own[kind] if clean else anything for kind, names in NAMES.items() for name in names}
    return st.fixed_dictionaries({}, optional=values).map(lambda drawn: Facts(values=drawn))
