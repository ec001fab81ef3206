"""Reading cases: what is given, assumed and expected, and what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.case import Assumed
from rules.cases import Case, read_cases
from rules.conditions import All
from rules.conditions import Test as Check
from rules.evaluate import holds
from rules.problems import PlaybookError, headline, render
from rules.read import read_playbook
from rules.reading import Place
from rules.sample import sample_cases, sample_playbook
from scoring.facts import Facts
from scoring.lead import Activity
from tests.rules.builders import NOW, playbook, rules

SAMPLE = read_playbook(sample_playbook())
BOOK = playbook(
    rules=rules("then: {add: 1}}", "when: {fit: 5}, then: {tag: hot}}", "when: {fit: 5}, then: {disqualify: rival}}")
)


def read(text: str) -> tuple[Case, ...]:
    """The cases of the small playbook."""
    return read_cases(text, file="cases.yaml", playbook=BOOK)


def refused(text: str) -> list[str]:
    """The headlines of what is wrong with cases."""
    with pytest.raises(PlaybookError) as error:
        read(text)
    return [headline(problem) for problem in error.value.problems]


def test_a_case_gives_a_lead_as_a_form_would_post_it() -> None:
    (case,) = read(
        """
cases:
  - name: Ann of Norway
    at: 2026-03-06T19:00:00+01:00
    given:
      email: ann@big.example
      country: NO
      consent: yes
      created_at: 2026-03-06
      attributes: {employees: 4000, segment: 1.10, tier: '5', loud: true, products: [crm, 5], plan: no plan}
    activities: [{kind: demo_request, at: 2026-03-06T18:00:00+01:00}]
    assume: {fit: 80}
    expect: {score: {at_least: 60}, grade: [A, B], rules: r0, no_tags: [hot], route: none}
"""
    )

    assert case.given == {
        "email": "ann@big.example",
        "country": "NO",
        "consent": True,
        "created_at": datetime(2026, 3, 6, tzinfo=UTC),
        "attributes": {
            "employees": 4000.0,
            "segment": "1.10",
            "tier": "5",
            "loud": True,
            "products": ("crm", 5.0),
            "plan": "no plan",
        },
    }
    assert (case.name, case.at, case.line, case.column) == (
        "Ann of Norway",
        datetime(2026, 3, 6, 18, tzinfo=UTC),
        3,
        5,
    )
    assert case.activities == (Activity(kind="demo_request", at=datetime(2026, 3, 6, 17, tzinfo=UTC)),)
    assert case.assume == Assumed(probability=0.0, fit=80.0)


def test_a_case_expects_conditions_on_facts_and_names() -> None:
    text = (
        "cases: [{name: x, at: 2026-03-06, given: {email: a@b.example}, expect: {score: {at_least: 60, below: 70},"
        " attributes: {segment: x}, rules: r0, no_tags: [hot], reps: [Ana], route: everyone, team: inbound,"
        " sla: standard, respond_by: 2026-03-06T09:00:00Z, disqualified: rival}}]"
    )

    (case,) = read(text)

    expect = case.expect
    assert isinstance(expect.facts["score"], All)
    assert holds(expect.facts["score"], Facts(values={"score": 65.0}), NOW)
    assert isinstance(expect.facts["attributes"], Check)
    assert (expect.rules, expect.no_rules, expect.no_tags, expect.reps) == (("r0",), (), ("hot",), ("Ana",))
    assert (expect.route, expect.team, expect.sla) == ("everyone", "inbound", "standard")
    assert (expect.respond_by, expect.disqualified) == (datetime(2026, 3, 6, 9, tzinfo=UTC), "rival")
    assert expect.places["attributes"] == Place(line=1, column=text.index("{segment") + 1)


BROKEN = sorted((Path(__file__).parent / "broken_cases").glob("*.yaml"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_broken_cases_are_refused_with_their_places_and_remedies(file: Path) -> None:
    """Each fixture, for the sample's playbook, is named after its mistake; the text beside it is what a person sees."""
    text = file.read_text(encoding="utf-8")

    with pytest.raises(PlaybookError) as refused:
        read_cases(text, file=file.name, playbook=SAMPLE)

    rendered = "\n".join(render(problem, text) for problem in refused.value.problems) + "\n"
    assert rendered == file.with_suffix(".txt").read_text(encoding="utf-8")


def test_all_mistakes_of_cases_are_told_at_once() -> None:
    assert refused(
        """
cases:
  - name: twice
    at: soon
    given: {e-mail: a@b.example, attributes: {employees: {a: 1}}}
    activities: [{kind: dance, at: 2026-03-06}]
    assume: {fit: 800}
    expect: {rules: [r9], score: lots, route: nowhere, reps: Zoe}
  - name: twice
    at: 2026-03-06
    given: {}
    expect: {}
"""
    ) == [
        "cases.yaml:4:9: 'soon' is not a time like 2026-03-01 or 2026-03-01T09:00:00+01:00 [wrong-type]",
        "cases.yaml:5:13: 'e-mail' is not a given key; did you mean 'email'? [unknown-key]",
        "cases.yaml:5:58: a mapping is not a value [wrong-type]",
        "cases.yaml:6:25: 'dance' is not an activity; known: demo_request [unknown-activity]",
        "cases.yaml:7:19: '800' is not a number from 0 to 100 [wrong-type]",
        "cases.yaml:8:22: 'r9' is not a rule; known: r0, r1, r2 [unknown-rule]",
        "cases.yaml:8:34: 'lots' is not a number ('score' is one) [wrong-type]",
        "cases.yaml:8:47: 'nowhere' is not a route; known: everyone, none [unknown-route]",
        "cases.yaml:8:62: 'Zoe' is not a rep; known: Ana [unknown-rep]",
        "cases.yaml:9:11: two cases are named 'twice'; the first is on line 3; rename one [duplicate-name]",
        "cases.yaml:12:13: the case expects nothing; expect a route, a score, rules ... [no-expectation]",
    ]


@pytest.mark.parametrize("text", ["", "cases: []", "cases:", "[]"])
def test_no_cases_are_a_problem(text: str) -> None:
    """A test that tests nothing must not pass."""
    assert len(refused(text)) == 1


SAMPLE_CASES = read_cases(sample_cases(), file="playbook.cases.yaml", playbook=SAMPLE)


def test_the_sample_s_cases_name_every_rule_and_every_route() -> None:
    assert {name for case in SAMPLE_CASES for name in case.expect.rules} >= {
        rule.name for rule in SAMPLE.rules if rule.name != "throw-away-address"
    }
    assert {case.expect.route for case in SAMPLE_CASES} - {None} == {*(route.name for route in SAMPLE.routes), "none"}
