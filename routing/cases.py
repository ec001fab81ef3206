"""Runs a playbook's cases: each is decided as any lead is, and compared with what it expects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from routing.coverage import Coverage, Seen, coverage_json
from routing.decide import decide, with_scores
from routing.decision import Decision
from routing.differences import Difference, differences_of
from routing.hours import CalendarError
from rules.case import Assumed, Case
from rules.compile import Compiled
from rules.explain import explain
from scoring.facts import Facts, facts_of
from scoring.lead import Consent, Lead
from scoring.scorecard import Scorecard


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """How one case came out, and what is otherwise than expected."""

    name: str
    line: int
    found: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return not self.found

    @property
    def differences(self) -> tuple[str, ...]:
        """What is otherwise than expected, a line each, with its line and column in the cases file."""
        return tuple(difference.text for difference in self.found)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseReport:
    """How the cases came out, and what they reach of the playbook."""

    cases: tuple[CaseResult, ...]
    coverage: Coverage

    @property
    def passed(self) -> int:
        """How many cases came out as expected."""
        return sum(case.ok for case in self.cases)

    @property
    def failed(self) -> int:
        """How many did not; to have no case at all is a failure."""
        return len(self.cases) - self.passed if self.cases else 1

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The rules, routes and branches of conditions that no case reaches."""
        return self.coverage.uncovered


def run_cases(compiled: Compiled, cases: Sequence[Case], scorecard: Scorecard | None) -> CaseReport:
    """The report on a playbook's cases.

    A case that assumes nothing is decided by the scorecard, or without one with a probability and a fit of 0.
    """
    seen = Seen(compiled)
    results = [
        CaseResult(name=case.name, line=case.line, found=_differences(case, compiled, scorecard, seen))
        for case in cases
    ]
    return CaseReport(cases=tuple(results), coverage=seen.coverage())


def case_report_json(report: CaseReport) -> dict[str, Any]:
    """The report as `leadline playbook test --json` prints it."""
    return {
        "passed": report.passed,
        "failed": report.failed,
        "cases": [{"name": case.name, "ok": case.ok, "differences": list(case.differences)} for case in report.cases],
        "uncovered": list(report.uncovered),
        "coverage": coverage_json(report.coverage),
    }


def _differences(case: Case, compiled: Compiled, scorecard: Scorecard | None, seen: Seen) -> tuple[Difference, ...]:
    lead = _lead(case)
    try:
        decision = _decision(case, lead, compiled, scorecard)
    except CalendarError as error:
        return (_at_case(case, "a decision", f"that {error}"),)
    own = facts_of(lead, compiled.playbook.attributes)
    for_rules = with_scores(own, decision.probability, decision.fit, decision.engagement)
    seen.add(decision, for_rules, case.at)
    return _compared(case, decision, compiled, for_rules)


def _compared(case: Case, decision: Decision, compiled: Compiled, for_rules: Facts) -> tuple[Difference, ...]:
    explanation = explain(compiled, for_rules, decision.facts if decision.qualified else None, case.at)
    return differences_of(case, decision, compiled.playbook, explanation)


def _decision(case: Case, lead: Lead, compiled: Compiled, scorecard: Scorecard | None) -> Decision:
    assume = case.assume if case.assume is not None or scorecard is not None else Assumed()
    return decide(lead, case.activities, scorecard, compiled, case.at, assume=assume)


def _lead(case: Case) -> Lead:
    given = dict(case.given)
    if "consent" in given:
        given["consent"] = Consent(marketing=given["consent"])
    return Lead(**{"created_at": case.at, **given})


def _at_case(case: Case, expected: str, found: str) -> Difference:
    return Difference(line=case.line, column=case.column, expected=expected, found=found)
