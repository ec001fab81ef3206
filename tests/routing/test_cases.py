"""A playbook's cases, run."""

from typing import Any

import pytest

from routing.cases import CaseReport, case_report_json, run_cases
from rules.cases import read_cases
from rules.compile import compile_playbook
from rules.read import read_playbook
from rules.sample import sample_cases, sample_playbook
from scoring.scorecard import Scorecard
from tests.builders import scorecard
from tests.routing.builders import PLAYBOOK, compiled

NOON = "2026-03-06T12:00:00Z"
LARGE = "given: {email: ann@big.example, attributes: {employees: 4000}}"
NO_HOLIDAYS = PLAYBOOK.replace("holidays: DE-BE", "holidays: DE-BE, days_off: ['2026-03-06']")


def run(*cases: str, model: Scorecard | None = None, text: str = PLAYBOOK, first_at: str = NOON) -> CaseReport:
    """The report on cases, each in the keys of one but its name and instant, at noon UTC on Friday 6 March 2026.

    The first may have another instant.
    """
    written = [
        f"  - name: case {number}\n    at: {first_at if number == 1 else NOON}\n    " + case.replace("; ", "\n    ")
        for number, case in enumerate(cases, start=1)
    ]
    playbook = compiled(text)
    read = read_cases("cases:\n" + "\n".join(written), file="cases.yaml", playbook=playbook.playbook)
    return run_cases(playbook, read, model)


def differences(case: str, **over: Any) -> tuple[str, ...]:
    """What differs in one case; its keys stand from line 4 on."""
    return run(case, **over).cases[0].differences


def test_the_cases_of_the_sample_playbook_pass_and_reach_all_of_it() -> None:
    """It is what a new house starts with."""
    playbook = read_playbook(sample_playbook())
    cases = read_cases(sample_cases(), file="playbook.cases.yaml", playbook=playbook)

    report = run_cases(compile_playbook(playbook), cases, None)

    assert [(case.name, case.differences) for case in report.cases if not case.ok] == []
    assert (report.passed, report.failed, report.uncovered) == (len(cases), 0, ())


def test_a_report_has_the_shape_that_callers_were_promised() -> None:
    """Counts, cases, and what none of them reaches."""
    ok = f"{LARGE}; assume: {{fit: 90}}; expect: {{score: 55}}"
    report = run(ok, f"{LARGE}; expect: {{qualified: true}}")

    assert case_report_json(report) == {
        "passed": 1,
        "failed": 1,
        "cases": [
            {"name": "case 1", "ok": True, "differences": []},
            {
                "name": "case 2",
                "ok": False,
                "differences": ["10:25: expected qualified is true, found qualified false"],
            },
        ],
        "uncovered": [
            "rule rival",
            "rule asks",
            "rule likely",
            "route top",
            "rule large, line 22, never false: employees is at least 1000",
            "rep Ben of desk, line 42, never true: grade is 'A'",
        ],
        "coverage": {
            "rules": {"reached": 1, "of": 4},
            "routes": {"reached": 1, "of": 2},
            "branches": {"reached": 8, "of": 18},
        },
    }
    assert [case.line for case in report.cases] == [2, 7]


def test_to_have_no_case_is_a_failure() -> None:
    """Nothing was shown to be right."""
    report = run_cases(compiled(), (), None)

    assert (report.passed, report.failed, len(report.uncovered)) == (0, 1, 6)
    assert report.coverage.percent == 0


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ("{score: {at_least: 61.5}}", "expected score is at least 61.5, found score 55"),
        ("{score: {at_least: 60, below: 70}}", "expected score is at least 60 and score is below 70, found score 55"),
        ("{grade: [A, C]}", "expected grade is one of 'A', 'C', found grade 'B'"),
        ("{grade: {not: B}}", "expected not (grade is 'B'), found grade 'B'"),
        ("{fit: 91}", "expected fit is 91, found fit 90"),
        (
            "{attributes: {segment: small, country: DE}}",
            "expected segment is 'small' and country is 'DE', found segment 'enterprise', country missing",
        ),
        (
            "{attributes: {any: [{segment: small}, {country: DE}]}}",
            "expected segment is 'small' or country is 'DE', found segment 'enterprise', country missing",
        ),
        ("{disqualified: competitor}", "expected disqualified competitor, found disqualified none"),
        ("{rules: asks}", "expected rule asks to fire, found rules large"),
        ("{no_rules: [asks, large]}", "expected rule large not to fire, found rules large"),
        ("{tags: hot}", "expected tag hot to be there, found no tags"),
        ("{reps: [Ana, Ben]}", "expected rep Ben to be eligible, found reps Ana"),
        ("{no_reps: [Ana, Ben]}", "expected rep Ana not to be eligible, found reps Ana"),
        ("{route: top}", "expected route top, found route rest"),
        ("{route: none}", "expected route none, found route rest"),
        ("{sla: hot}", "expected sla hot, found sla standard"),
        (
            "{respond_by: 2026-03-06T16:30:00+01:00}",
            "expected respond_by 2026-03-06T16:30:00+01:00, found respond_by 2026-03-06T17:00:00+01:00",
        ),
    ],
)
def test_a_difference_says_what_was_expected_and_what_was_found(expect: str, found: str) -> None:
    """And where the expectation stands."""
    column = 14 + expect.index(":") + 1

    (difference,) = differences(f"{LARGE}; assume: {{fit: 90}}; expect: {expect}")

    assert difference == f"6:{column}: {found}"


@pytest.mark.parametrize(
    ("case", "because"),
    [
        ("assume: {fit: 90}; expect: {score: 60}", ("+45.0 fit 90 gives 45.0 points", "+10.0 Large companies buy")),
        ("expect: {qualified: true}", ("the score is 10 with 50 to qualify",)),
        ("expect: {route: top}", ("the score is 10 with 50 to qualify",)),
        ("assume: {fit: 90}; expect: {rules: asks}", ("source is 'demo_request': it is missing",)),
        (
            "assume: {fit: 90}; expect: {route: top}",
            ("score is at least 90: it is 55", "tags contains 'likely': it is []"),
        ),
        ("assume: {fit: 90}; expect: {reps: Ben}", ("Ben accepts only leads where grade is 'A'",)),
        ("assume: {fit: 90}; expect: {tags: hot}", ()),
        (
            "assume: {fit: 90}; expect: {respond_by: 2026-03-06T16:30:00+01:00}",
            ("SLA 'standard' asks for a response within 4h of calendar 'berlin'",),
        ),
    ],
)
def test_a_difference_says_why_it_came_out_so(case: str, because: tuple[str, ...]) -> None:
    """By the trace of the code that decided, or the points that make the score."""
    (difference,) = run(f"{LARGE}; {case}").cases[0].found

    assert difference.because == because


@pytest.mark.parametrize(
    "expect",
    [
        "{score: {between: [50, 60]}, grade: B, qualified: true, fit: 90, engagement: 0, probability: 0}",
        "{attributes: {segment: enterprise, grade: {not: A}}, rules: large, no_rules: [asks, rival]}",
        "{no_tags: [hot], reps: Ana, no_reps: Ben, route: rest, team: desk, sla: standard}",
        "{respond_by: 2026-03-06T17:00:00+01:00}",
    ],
)
def test_what_comes_out_as_expected_is_no_difference(expect: str) -> None:
    """Whichever key it is."""
    assert differences(f"{LARGE}; assume: {{fit: 90}}; expect: {expect}") == ()


def test_a_lead_that_stays_with_marketing_has_neither_team_nor_reps() -> None:
    """Differences come in the order of the file."""
    expect = "expect:;   team: desk;   reps: Ana;   sla: hot;   respond_by: 2026-03-06T13:00:00Z"

    assert differences(f"given: {{country: DE}}; {expect}") == (
        "6:13: expected team desk, found team none",
        "7:13: expected rep Ana to be eligible, found no reps",
        "8:12: expected sla hot, found sla none",
        "9:19: expected respond_by 2026-03-06T13:00:00+00:00, found respond_by none",
    )


def test_what_is_given_is_made_normal_as_at_the_doors() -> None:
    """Names of countries, addresses with capitals, phone numbers as people write them; `at` is when it was created."""
    given = "{email: ' Ann@Big.Example', country: Germany, phone: 030 901820, consent: true}"
    values = "{email_domain: big.example, country: DE, phone: '+4930901820', consent: true, created_at: {within: 1h}}"

    assert differences(f"given: {given}; expect: {{attributes: {values}}}") == ()


def test_an_instant_that_no_calendar_tells_fails_its_case() -> None:
    """The others go on."""
    late = f"{LARGE}; assume: {{fit: 90}}; expect: {{qualified: true}}"

    report = run(late, late, first_at="9999-12-31T12:00:00Z")

    assert [case.differences for case in report.cases] == [
        ("2:5: expected a decision, found that calendar 'berlin' reaches from year 2 to 9998, not to 9999",),
        (),
    ]


def test_activities_count() -> None:
    """As they do at the doors."""
    activities = "activities: [{kind: webinar, at: 2026-03-06T12:00:00Z}]"

    assert differences(f"{LARGE}; {activities}; expect: {{engagement: 30, score: 25}}") == ()


def test_a_case_that_assumes_nothing_is_the_models() -> None:
    """Where there is one; else probability and fit are 0."""
    case = f"{LARGE}; expect: {{fit: 0, probability: 0}}"

    assert differences(case) == ()
    assert [text.split(",")[0] for text in differences(case, model=scorecard())] == [
        "5:19: expected fit is 0",
        "5:35: expected probability is 0",
    ]


def test_days_off_count_for_the_promise() -> None:
    """With Friday off, four hours end on Monday."""
    case = f"{LARGE}; assume: {{fit: 90}}; expect: {{respond_by: 2026-03-09T14:00:00+01:00}}"

    assert differences(case, text=NO_HOLIDAYS) == ()
