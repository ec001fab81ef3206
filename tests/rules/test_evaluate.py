"""Evaluating: which tests hold, which rules fire, what they add up to, which route is taken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.conditions import All, Any, Condition, Not
from rules.conditions import Test as Check
from rules.evaluate import evaluate, holds, match_route
from rules.operands import SUITING
from scoring.attributes import Kind
from scoring.facts import Facts
from scoring.lead import Value
from tests.rules import strategies
from tests.rules.builders import NOW, compiled, condition, rules

BIG = 2**53


def at(days: float) -> datetime:
    """NOW and some days."""
    return NOW + timedelta(days=days)


# kind, condition, values for which it holds, values for which it does not; missing is tried for every row.
TABLE: list[tuple[Kind, str, list[Value], list[Value]]] = [
    ("text", "Demo", ["demo", " DEMO ", "Demo"], ["demos", "", "d"]),
    ("text", "[Web, ' mail ']", ["web", "MAIL"], ["w", ""]),
    ("text", "1.10", ["1.10"], ["1.1"]),
    ("text", "NO", ["no"], ["false"]),
    ("text", "strasse", ["Straße", "STRASSE"], ["strase"]),
    ("text", "{contains: ' OP '}", ["Operations", "shop"], ["oop".replace("op", "o"), ""]),
    ("text", "{starts_with: Vice}", ["vice president", " VICE"], ["a vice"]),
    ("text", "{ends_with: '.Example'}", ["big.example", "BIG.EXAMPLE "], ["big.example.com"]),
    ("text", r"{matches: '\bCTO\b'}", ["the cto", "CTO/VP"], ["director", "ctos"]),
    ("text", "{matches: '^straße$'}", [" Straße ", "STRAßE"], ["strasse"]),
    ("text", "{matches: '^$'}", ["", "  "], ["x"]),
    ("number", "5", [5, 5.0], [4.999, -5]),
    ("number", "[1, 2.5]", [1.0, 2.5], [2]),
    ("number", "{at_least: 1000}", [1000, 1e300, 10**30], [999.99, -1]),
    ("number", "{at_most: 1000}", [1000.0, -(2**70)], [1001]),
    ("number", "{above: 0}", [5e-324], [0, -0.0]),
    ("number", "{below: 0}", [-5e-324], [0, -0.0]),
    ("number", "{between: [1, 3]}", [1, 3.0, 2.2], [0.999, 3.001]),
    ("number", f"{{is: {BIG + 1}}}", [BIG + 1], [BIG, float(BIG)]),
    ("number", "1e3", [1000], [1]),
    ("flag", "yes", [True], [False]),
    ("flag", "{is: FALSE}", [False], [True]),
    ("time", "{before: 2026-03-06}", [at(-0.6)], [at(-0.5), at(0)]),
    ("time", "{after: 2026-03-06T13:00:00+01:00}", [at(0.1)], [at(0), at(-1)]),
    ("time", "{between: [2026-03-05, 2026-03-06]}", [at(-1), at(-1.5), at(-0.5)], [at(-1.6), at(-0.4)]),
    ("time", "{within: 7d}", [at(0), at(-7), at(-1)], [at(-7.01), at(0.01)]),
    ("list", "{contains: CRM}", [("crm",), ("erp", " Crm ")], [(), ("crms",)]),
    ("list", "{contains: 5}", [(5,), (5.0, 1), ("5",)], [(55,), (True,)]),
    ("list", "{contains: true}", [(True,), ("TRUE",)], [(1,), (False,)]),
]


@pytest.mark.parametrize(("kind", "text", "fulfilled", "unfulfilled"), TABLE)
def test_a_test_holds_for_these_values_only(
    kind: Kind, text: str, fulfilled: list[Value], unfulfilled: list[Value]
) -> None:
    test = condition(f"a: {text}", a=kind)

    assert [holds(test, Facts(values={"a": value}), NOW) for value in fulfilled] == [True] * len(fulfilled)
    assert [holds(test, Facts(values={"a": value}), NOW) for value in unfulfilled] == [False] * len(unfulfilled)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _, _ in TABLE])
def test_a_positive_test_of_a_missing_attribute_is_false_and_its_complement_true(kind: Kind, text: str) -> None:
    nothing = Facts(values={})

    assert not holds(condition(f"a: {text}", a=kind), nothing, NOW)
    assert holds(condition(f"{{not: {{a: {text}}}}}", a=kind), nothing, NOW)
    assert holds(condition(f"a: {{not: {text}}}", a=kind), nothing, NOW)


def test_the_table_tries_every_operator_of_every_kind() -> None:
    """But for `missing`, which has a table of its own."""
    tried = set()
    for kind, text, _, _ in TABLE:
        test = condition(f"a: {text}", a=kind)
        assert isinstance(test, Check)
        tried.add((kind, test.operator))

    assert tried == {(kind, op) for kind, suiting in SUITING.items() for op in suiting if op != "missing"}


PRESENT: list[tuple[Kind, Value]] = [
    ("text", ""),
    ("number", 0),
    ("flag", False),
    ("time", NOW),
    ("list", ()),
]


@pytest.mark.parametrize(("kind", "value"), PRESENT)
def test_missing_is_about_being_there_not_about_being_empty(kind: Kind, value: Value) -> None:
    missing, present = condition("a: {missing: true}", a=kind), condition("a: {missing: false}", a=kind)

    assert (holds(missing, Facts(values={}), NOW), holds(present, Facts(values={}), NOW)) == (True, False)
    assert (holds(missing, Facts(values={"a": value}), NOW), holds(present, Facts(values={"a": value}), NOW)) == (
        False,
        True,
    )


CLASHES: list[tuple[Kind, Value]] = [
    ("text", 5),
    ("number", "5"),
    ("number", True),
    ("number", float("nan")),
    ("flag", 1),
    ("flag", "true"),
    ("time", "2026-03-06"),
    ("time", datetime(2026, 3, 6)),  # noqa: DTZ001 - naive on purpose
    ("list", "crm"),
]


@pytest.mark.parametrize(("kind", "value"), CLASHES)
def test_a_value_of_another_kind_counts_as_missing(kind: Kind, value: Value) -> None:
    assert holds(condition("a: {missing: true}", a=kind), Facts(values={"a": value}), NOW)


@given(strategies.conditions(), strategies.facts(clean=False))
def test_not_is_the_plain_complement(condition: Condition, facts: Facts) -> None:
    """For any condition and any facts, whatever kinds their values have."""
    assert holds(Not(part=condition), facts, NOW) is not holds(condition, facts, NOW)


@given(st.lists(strategies.conditions(4), min_size=1, max_size=4).map(tuple), strategies.facts())
def test_any_and_all_obey_de_morgan(parts: tuple[Condition, ...], facts: Facts) -> None:
    negated = tuple(Not(part=part) for part in parts)

    assert holds(Not(part=Any(parts=parts)), facts, NOW) is holds(All(parts=negated), facts, NOW)
    assert holds(Not(part=All(parts=parts)), facts, NOW) is holds(Any(parts=negated), facts, NOW)


@given(
    st.permutations([f"when: {{employees: {{above: {k}}}}}, then: {{add: {k}}}}}" for k in (1, 2, 3, 4)]),
    st.integers(0, 5),
)
def test_the_points_do_not_depend_on_the_order_of_rules(lines: list[str], employees: int) -> None:
    verdict = evaluate(compiled(rules=rules(*lines)), Facts(values={"employees": employees}), NOW)

    assert verdict.points == sum(k for k in (1, 2, 3, 4) if employees > k)


def test_every_matching_rule_applies() -> None:
    book = compiled(
        rules=rules(
            "when: {employees: {above: 5}}, then: {add: 10, tag: [big, hot]}}",
            "then: {add: -2.5, tag: hot}}",
            "when: {employees: {above: 50}}, then: {add: 100, disqualify: too big}}",
            "when: {consent: true}, then: {qualify: true}}",
        )
    )

    verdict = evaluate(book, Facts(values={"employees": 9, "consent": True}), NOW)

    assert [fired.name for fired in verdict.fired] == ["r0", "r1", "r3"]
    assert (verdict.points, verdict.tags, verdict.qualify, verdict.disqualified) == (7.5, ("big", "hot"), True, None)


def test_the_first_disqualifying_rule_gives_the_reason() -> None:
    book = compiled(rules=rules("then: {disqualify: one}}", "then: {disqualify: two}}", "then: {qualify: true}}"))

    verdict = evaluate(book, Facts(values={}), NOW)

    assert (verdict.disqualified, verdict.qualify) == ("one", True)


def test_a_rule_that_sets_feeds_the_rules_that_test_wherever_they_stand() -> None:
    book = compiled(
        rules=rules(
            "when: {tier: gold}, then: {add: 1}}",
            "when: {segment: enterprise}, then: {set: {tier: gold}}}",
            "when: {employees: {at_least: 1000}}, then: {set: {segment: Enterprise}}}",
        )
    )

    verdict = evaluate(book, Facts(values={"employees": 1000}), NOW)

    assert [fired.name for fired in verdict.fired] == ["r2", "r1", "r0"]
    assert verdict.facts.values == {"employees": 1000, "segment": "Enterprise", "tier": "gold"}


def test_rules_of_one_stratum_do_not_see_each_other_s_settings() -> None:
    """Both look at the lead as it was before; the later in the document wins."""
    book = compiled(
        rules=rules(
            "when: {employees: {above: 1}}, then: {set: {tier: silver}}}",
            "when: {employees: {above: 2}}, then: {set: {tier: gold}}}",
        )
    )

    assert evaluate(book, Facts(values={"employees": 5, "tier": "none"}), NOW).facts.values["tier"] == "gold"
    assert evaluate(book, Facts(values={"employees": 2, "tier": "none"}), NOW).facts.values["tier"] == "silver"
    assert evaluate(book, Facts(values={"employees": 0, "tier": "none"}), NOW).facts.values["tier"] == "none"


def test_what_a_rule_sets_settles_a_clash() -> None:
    book = compiled(rules=rules("then: {set: {employees: 5}}}"))

    facts = evaluate(book, Facts(values={}, clashes={"employees": "many"}), NOW).facts

    assert (facts.values, facts.clashes) == ({"employees": 5}, {})


def test_evaluating_leaves_the_lead_s_facts_as_they_were() -> None:
    values: dict[str, Value] = {"employees": 5}

    evaluate(compiled(rules=rules("then: {set: {tier: gold}}}")), Facts(values=values), NOW)

    assert values == {"employees": 5}


def test_the_first_route_that_matches_wins_and_the_last_takes_the_rest() -> None:
    book = compiled(
        rules=rules("when: {segment: x}, then: {tag: hot}}"),
        routes=(
            "routes:\n"
            "  - {name: hot, because: x, when: {tags: {contains: hot}}, to: inbound, sla: standard}\n"
            "  - {name: good, because: x, when: {grade: [A, B]}, to: inbound, sla: standard}\n"
            "  - {name: rest, because: x, to: inbound, sla: standard}\n"
        ),
    )

    def taken(**values: Value) -> str:
        return match_route(book, Facts(values=values), NOW).name

    assert taken(tags=("hot",), grade="A") == "hot"
    assert taken(tags=(), grade="b") == "good"
    assert taken(grade="C") == "rest"


def test_time_is_an_argument() -> None:
    book = compiled(rules=rules("when: {created_at: {within: 1d}}, then: {add: 1}}"))
    facts = Facts(values={"created_at": datetime(2026, 3, 6, tzinfo=UTC)})

    assert [evaluate(book, facts, at(days)).points for days in (0, 0.5, 0.51, -1)] == [1, 1, 0, 0]
