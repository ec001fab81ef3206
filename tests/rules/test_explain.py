"""Explaining: what was tested, with which value, and what came of it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given

from rules.compile import compile_playbook
from rules.conditions import Condition
from rules.evaluate import holds
from rules.explain import Traced, explain, explanation_json, explanation_text
from rules.wording import value_text
from scoring.facts import Facts
from tests.rules import strategies
from tests.rules.builders import NOW, compiled, rules

BOOK = compiled(
    rules=rules(
        "when: {tier: gold}, then: {add: 1}}",
        "when: {employees: {at_least: 1000}, not: {country: [RU, BY]}}, then: {set: {tier: gold}}}",
        r"when: {any: [{title: {matches: '\bvp\b'}}, {consent: {missing: false}}]}, then: {tag: boss}}",
        "then: {add: 2}}",
    ),
    routes=(
        "routes:\n"
        "  - {name: gold, because: Best first, when: {tier: gold}, to: inbound, sla: standard}\n"
        "  - {name: bosses, because: Then bosses, when: {tags: {contains: boss}}, to: inbound, sla: standard}\n"
        "  - {name: rest, because: Then the rest, to: inbound, sla: standard}\n"
    ),
)


def test_an_explanation_shows_every_condition_with_its_value_and_truth() -> None:
    """Rules in the order they are tried: what others feed comes last, and sees what they set."""
    facts = Facts(values={"employees": 4000.0, "country": "DE", "title": "VP Sales"}, clashes={"consent": "maybe"})
    routed = Facts(values={"tier": "gold", "tags": ("boss", "hot")})

    assert explanation_text(explain(BOOK, facts, routed, NOW)) == (
        "Rules\n"
        "  r1: fires (test)\n"
        "    yes  all of\n"
        "    yes    employees is at least 1000                             4000\n"
        "    yes    not\n"
        "    no       country is one of 'RU', 'BY'                         'DE'\n"
        "  r2: fires (test)\n"
        "    yes  any of\n"
        "    yes    title matches '\\bvp\\b'                                 'VP Sales'\n"
        "    no     consent is not missing                                 "
        "consent 'maybe' is not a flag, so it counts as missing\n"
        "  r3: fires (test)\n"
        "    yes  always\n"
        "  r0: fires (test)\n"
        "    yes  tier is 'gold'                                           'gold'\n"
        "\n"
        "Routes\n"
        "  gold: taken (Best first)\n"
        "    yes  tier is 'gold'                                           'gold'\n"
        "  bosses: matches, but an earlier route takes the lead (Then bosses)\n"
        "    yes  tags contains 'boss'                                     ['boss', 'hot']\n"
        "  rest: matches, but an earlier route takes the lead (Then the rest)\n"
        "    yes  always\n"
    )


def test_a_lead_that_is_not_routed_has_no_routes_explained() -> None:
    explanation = explain(BOOK, Facts(values={}), None, NOW)

    assert explanation.routes == ()
    assert [(rule.name, rule.outcome) for rule in explanation.rules] == [
        ("r1", "does not fire"),
        ("r2", "does not fire"),
        ("r3", "fires"),
        ("r0", "does not fire"),
    ]


def test_what_does_not_hold_says_why_not() -> None:
    book = compiled(
        rules=rules(
            "when: {employees: {at_least: 1000}, any: [{tier: gold}, {not: {country: DE}}], title: boss},"
            " then: {add: 1}}"
        )
    )
    facts = Facts(values={"employees": 900, "country": "DE", "title": "Boss"})

    text = explanation_text(explain(book, facts, None, NOW, unrouted="the lead does not qualify"))

    assert text.endswith(
        "    why not  employees is at least 1000: it is 900\n"
        "    why not  tier is 'gold': it is missing\n"
        "    why not  not: country is 'DE': it is 'DE'\n"
        "\n"
        "Routes\n"
        "  none is tried: the lead does not qualify\n"
    )


def test_json_holds_the_same_tree() -> None:
    facts = Facts(values={"employees": 10, "created_at": NOW}, clashes={"consent": "maybe"})
    book = compiled(rules=rules("when: {created_at: {within: 1d}, consent: true}, then: {add: 1}}"))

    assert explanation_json(explain(book, facts, None, NOW)) == {
        "rules": [
            {
                "name": "r0",
                "because": "test",
                "holds": False,
                "outcome": "does not fire",
                "when": {
                    "text": "all of",
                    "holds": False,
                    "parts": [
                        {
                            "text": "created_at lies within the last 1d",
                            "holds": True,
                            "value": "2026-03-06T12:00:00+00:00",
                        },
                        {
                            "text": "consent is true",
                            "holds": False,
                            "value": None,
                            "note": "consent 'maybe' is not a flag, so it counts as missing",
                        },
                    ],
                },
                "why_not": ["consent is true: consent 'maybe' is not a flag, so it counts as missing"],
            }
        ],
        "routes": [],
        "unrouted": None,
    }


@given(strategies.conditions(), strategies.facts())
def test_a_trace_tells_the_truth_of_the_deciding_code(condition: Condition, facts: Facts) -> None:
    """The root of each trace is what the rule did, and its branches combine to it."""
    rule = replace(BOOK.playbook.rules[3], when=condition)
    book = compile_playbook(replace(BOOK.playbook, rules=(rule,)))

    (explained,) = explain(book, facts, None, NOW).rules

    assert explained.trace is not None
    assert explained.holds is explained.trace.holds is holds(condition, facts, NOW)
    assert combined(explained.trace) is explained.holds


def combined(trace: Traced) -> bool:
    """The truth that the parts of a trace add up to."""
    match trace.text, [combined(part) for part in trace.parts]:
        case _, []:
            return trace.holds
        case "all of", parts:
            return all(parts)
        case "any of", parts:
            return any(parts)
        case _, parts:
            return not parts[0]


def test_values_are_shown_as_the_playbook_writes_them() -> None:
    shown = [value_text(value) for value in (None, True, 5.0, 0.25, "x", ("a", 2.0), datetime(2026, 3, 6, tzinfo=UTC))]

    assert shown == ["missing", "true", "5", "0.25", "'x'", "['a', 2]", "2026-03-06T00:00:00+00:00"]
