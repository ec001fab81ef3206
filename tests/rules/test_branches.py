"""Branches of a condition: what cases should have shown of it, and what one lead shows."""

import pytest
from hypothesis import given

from rules.branches import branches_of, branches_seen
from rules.checks.domains import rule_domains
from rules.conditions import Condition
from rules.evaluate import holds
from scoring.facts import Facts
from scoring.lead import Value
from tests.rules import strategies
from tests.rules.builders import NOW, condition


def every(text: str, *earlier: str) -> list[str]:
    """All branches of a condition, as `+` for true and `-` for false before the words."""
    found = branches_of(condition(text), rule_domains(), [condition(each) for each in earlier])
    return [f"{'+' if branch.truth else '-'} {branch.words}" for branch in found]


def seen(text: str, **values: Value) -> set[str]:
    """The branches that a lead of these values shows."""
    facts = Facts(values=values)
    found = branches_seen(condition(text), lambda part: holds(part, facts, NOW))
    return {f"{'+' if branch.truth else '-'} {branch.words}" for branch in found}


def test_a_test_should_be_seen_true_and_false() -> None:
    assert every("fit: {at_least: 40}") == ["+ fit is at least 40", "- fit is at least 40"]


def test_every_value_of_a_list_should_be_met() -> None:
    assert every("country: [DE, FR]") == ["+ country is 'DE'", "+ country is 'FR'", "- country is one of 'DE', 'FR'"]


def test_an_alternative_of_several_tests_should_be_fulfilled_as_a_whole() -> None:
    assert every("any: [{source: x}, {fit: 1, country: DE}]") == [
        "+ source is 'x'",
        "- source is 'x'",
        "+ the alternative of fit and country",
        "+ fit is 1",
        "- fit is 1",
        "+ country is 'DE'",
        "- country is 'DE'",
    ]


def test_what_no_lead_can_show_is_not_asked_for() -> None:
    """Fit is never missing and never below 0, and leads of Germany are taken by an earlier route."""
    assert every("fit: {at_least: 0}") == ["+ fit is at least 0"]
    assert every("country: [DE, FR]", "country: DE") == ["+ country is 'FR'", "- country is one of 'DE', 'FR'"]


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        ("{country: DE, fit: 1}", {"country": "FR", "fit": 1}, {"- country is 'DE'"}),
        ("{country: DE, fit: 1}", {"country": "DE", "fit": 1}, {"+ country is 'DE'", "+ fit is 1"}),
        ("any: [{country: DE}, {fit: 1}]", {"country": "DE", "fit": 1}, {"+ country is 'DE'"}),
        ("any: [{country: DE}, {fit: 1}]", {"fit": 1}, {"- country is 'DE'", "+ fit is 1"}),
        ("country: {not: [DE, FR]}", {"country": "fr"}, {"+ country is 'FR'"}),
        ("country: {not: [DE, FR]}", {}, {"- country is one of 'DE', 'FR'"}),
        (
            "any: [{country: DE, fit: 1}, {fit: 2}]",
            {"country": "DE", "fit": 1},
            {"+ country is 'DE'", "+ fit is 1", "+ the alternative of country and fit"},
        ),
    ],
)
def test_a_lead_shows_what_had_to_be_looked_at(text: str, values: dict[str, Value], shown: set[str]) -> None:
    assert seen(text, **values) == shown


@given(strategies.conditions(), strategies.facts())
def test_nothing_is_seen_that_is_not_asked_for(condition: Condition, facts: Facts) -> None:
    """Else a count of what is reached would mean nothing."""
    found = branches_seen(condition, lambda part: holds(part, facts, NOW))

    assert found <= set(branches_of(condition, rule_domains()))
