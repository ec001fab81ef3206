"""Reach: what no lead can fulfil is found, and nothing that a lead can."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.checks.domains import route_domains, rule_domains
from rules.checks.never import check_condition
from rules.checks.reach import Reach
from rules.checks.routes import check_routes
from rules.conditions import All, Condition, Not
from rules.evaluate import holds
from rules.playbook import Route
from rules.reading import Reading
from scoring.attributes import Kind
from scoring.facts import Facts
from tests.rules import strategies
from tests.rules.builders import NOW, condition, playbook_text, problems

A: dict[str, Kind] = {"a": "number", "b": "number", "t": "text", "f": "flag", "d": "time", "l": "list"}

IMPOSSIBLE = [
    "a: {at_least: 5, below: 5}",
    "a: {above: 5, below: 5.0}",
    "a: {is: 5, not: 5}",
    "a: {in: [1, 2], above: 2}",
    "a: {missing: true, not: {missing: true}}",
    "a: {missing: true, below: 5}",
    "a: {between: [1, 2], not: {between: [0, 3]}}",
    "a: {at_least: 9007199254740993, at_most: 9007199254740992}",
    "{a: {above: 1}, not: {any: [{a: {above: 0}}, {b: 5}]}}",
    "{any: [{a: 1}, {a: 2}], all: [{a: {at_least: 3}}]}",
    "{any: [{a: 1, b: 1}, {a: 2, b: 2}], not: {any: [{a: 1}, {b: 2}]}}",
    "t: {is: x, not: ' X '}",
    "t: {in: [x, y], not: {in: [y, x, z]}}",
    "t: {is: abc, not: {starts_with: A}}",
    "t: {is: abc, contains: d}",
    "t: {matches: a, not: {matches: a}}",
    "t: {contains: a, not: {contains: 'A '}}",
    "t: {contains: a, missing: true}",
    "f: {is: true, not: {is: true}}",
    "{f: true, any: [{f: false}, {f: {missing: true}}]}",
    "d: {before: 2026-01-01, after: 2026-01-01}",
    "d: {between: [2026-01-01, 2026-02-01], after: 2026-02-01}",
    "d: {within: 5d, not: {within: 5d}}",
    "l: {contains: x, not: {contains: X}}",
    "probability: {above: 1}",
    "fit: {below: 0}",
    "weekday: monday",
    "email_kind: {missing: false, not: [company, free, disposable, role]}",
    "fit: {missing: true}",
    "local_hour: 24",
]

POSSIBLE = [
    "a: {at_least: 5, at_most: 5}",
    "a: {above: 5, below: 5.0000001}",
    "a: {not: {at_least: 5}, missing: true}",
    "{a: {not: 1}, any: [{a: 1}, {a: 2}]}",
    "t: {starts_with: a, ends_with: b, not: ab}",
    "t: {is: x, matches: y}",
    "t: {is: straße, not: {matches: ß}}",
    "d: {after: 2026-01-01, within: 5d}",
    "l: {contains: x, not: {contains: y}}",
    "not: {f: true}",
    "fit: {at_least: 100}",
    "email_kind: {not: [company, free, disposable, role]}",
]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_what_no_lead_can_fulfil_is_found(text: str) -> None:
    wanted = condition(text, **A)

    assert not Reach([wanted], rule_domains()).possible([(wanted, True)])


@pytest.mark.parametrize("text", POSSIBLE)
def test_what_some_lead_can_fulfil_is_left_alone(text: str) -> None:
    wanted = condition(text, **A)

    assert Reach([wanted], rule_domains()).possible([(wanted, True)])


@given(strategies.conditions(), strategies.facts())
@settings(max_examples=300)
def test_a_condition_that_holds_for_some_lead_is_never_called_impossible(condition: Condition, facts: Facts) -> None:
    """The check may overlook, never accuse: a lead that fulfils a condition proves it possible."""
    reach = Reach([condition], rule_domains())

    assert reach.possible([(condition, holds(condition, facts, NOW))])


def test_each_value_of_a_list_must_be_possible_beside_the_rest() -> None:
    def dead(text: str) -> list[str]:
        reading = Reading(file="x")
        check_condition(condition(text, **A), rule_domains(), reading)
        return [problem.message for problem in reading.problems]

    assert dead("a: {in: [1, 2, 3], below: 3}") == ["a can never be 3 here: a is below 3"]
    assert dead("{any: [{t: [x, y]}, {b: 1}], t: {not: Y}}") == ["t can never be 'y' here: not: t is 'Y'"]
    assert dead("{any: [{t: [x, y]}, {b: 1}], not: {t: y, a: 1}}") == []
    assert dead("not: {weekday: [mon, tue, wednesday]}") == [
        "weekday can never be 'wednesday' here: weekday is one of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'"
    ]


@given(strategies.conditions())
def test_a_condition_and_its_complement_exclude_each_other(condition: Condition) -> None:
    reach = Reach([condition], rule_domains())

    assert not reach.possible([(All(parts=(condition, Not(part=condition))), True)])


@given(st.lists(strategies.conditions(), min_size=2, max_size=5), strategies.facts())
@settings(max_examples=300)
def test_a_route_said_to_be_shadowed_wins_no_lead(conditions: list[Condition], facts: Facts) -> None:
    """Whichever route the evaluator gives a lead to is not among those that are accused."""
    routes = [
        Route(name=f"r{line}", because="x", when=when, to="inbound", sla="standard", line=line, column=1)
        for line, when in enumerate(conditions, start=1)
    ]
    reading = Reading(file="x")

    check_routes(routes, None, rule_domains(), reading)

    winner = next((route.line for route in routes if route.when and holds(route.when, facts, NOW)), None)
    assert winner not in {problem.line for problem in reading.problems if problem.code == "shadowed-route"}


def test_tags_are_those_that_rules_put() -> None:
    domains = route_domains(("A", "B"), ("Hot", "vip"))

    def possible(text: str) -> bool:
        wanted = condition(text)
        return Reach([wanted], domains).possible([(wanted, True)])

    assert possible("tags: {contains: hOT}")
    assert possible("tags: {contains: hot, not: {contains: vip}}")
    assert possible("not: {tags: {contains: cold}}")
    assert not possible("tags: {contains: cold}")
    assert not possible(
        "any: [{tags: {contains: cold}}, {all: [{tags: {contains: hot}}, {tags: {not: {contains: hot}}}]}]"
    )


def test_on_routes_leads_are_qualified_and_graded() -> None:
    domains = route_domains(("A", "B"))

    def possible(text: str) -> bool:
        wanted = condition(text)
        return Reach([wanted], domains).possible([(wanted, True)])

    assert not possible("qualified: false")
    assert not possible("not: {qualified: true}")
    assert not possible("grade: {missing: true}")
    assert not possible("grade: C")
    assert possible("grade: b")


def test_a_search_that_takes_too_long_accuses_nobody() -> None:
    """A pigeonhole puzzle: six pigeons, five holes. Impossible, but not shown within the patience."""
    holes = range(5)
    homes = [f"any: [{', '.join(f'{{a{p}h{h}: true}}' for h in holes)}]" for p in range(6)]
    apart = [f"not: {{a{p}h{h}: true, a{q}h{h}: true}}" for h in holes for p in range(6) for q in range(p)]
    kinds: dict[str, Kind] = {f"a{p}h{h}": "flag" for p in range(6) for h in holes}
    wanted = condition("all: [" + ", ".join(f"{{{part}}}" for part in [*homes, *apart]) + "]", **kinds)

    assert Reach([wanted], rule_domains(), patience=500).possible([(wanted, True)])


def test_a_route_behind_one_for_the_same_leads_is_found_and_one_for_fewer_is_not() -> None:
    def routes(*conditions: str) -> str:
        items = [
            f"  - {{name: r{k}, because: x, when: {{{text}}}, to: inbound, sla: standard}}"
            for k, text in enumerate(conditions)
        ]
        last = "  - {name: rest, because: x, to: inbound, sla: standard}"
        return playbook_text(routes="\n".join(["routes:", *items, last]))

    assert problems(routes("employees: {above: 5}", "employees: {above: 6}, country: DE")) == ["shadowed-route"]
    assert problems(routes("employees: {above: 6}", "employees: {above: 5}")) == []
    assert problems(routes("employees: {missing: true}", "employees: {below: 6}", "employees: {above: 5}")) == []
    assert problems(routes("not: {country: DE}", "country: DE", "employees: 5")) == ["shadowed-route"]
    assert problems(routes("country: DE, segment: {not: x}", "country: DE, segment: X", "country: de")) == [
        "shadowed-route"
    ]
