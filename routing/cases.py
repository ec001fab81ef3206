"""Runs a playbook's cases: each is decided as any lead is, and compared with what it expects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from routing.decide import decide
from routing.decision import Decision
from routing.differences import differences_of
from routing.hours import CalendarError
from rules.case import Assumed, Case
from rules.compile import Compiled
from scoring.contact import country_code, normal_email, normal_phone
from scoring.lead import Consent, Lead
from scoring.scorecard import Scorecard


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """How one case came out; `differences` say with line and column what was expected and what was found."""

    name: str
    line: int
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseReport:
    """How the cases came out; `uncovered` names the rules and routes that none reaches: `rule small`."""

    cases: tuple[CaseResult, ...]
    uncovered: tuple[str, ...]

    @property
    def passed(self) -> int:
        """How many cases came out as expected."""
        return sum(case.ok for case in self.cases)

    @property
    def failed(self) -> int:
        """How many did not; to have no case at all is a failure."""
        return len(self.cases) - self.passed if self.cases else 1


def run_cases(compiled: Compiled, cases: Sequence[Case], scorecard: Scorecard | None) -> CaseReport:
    """The report on a playbook's cases.

    A case that assumes nothing is decided by the scorecard, or without one with a probability and a fit of 0.
    """
    results, reached = [], set[str]()
    for case in cases:
        lead, wrong = _lead(case)
        decision = None
        if not wrong:
            try:
                decision = _decision(case, lead, compiled, scorecard)
            except CalendarError as error:
                wrong = [_at_case(case, f"expected a decision, found that {error}")]
        if decision is not None:
            reached.update(_reached(decision))
            wrong = differences_of(case, decision, compiled.playbook)
        results.append(CaseResult(name=case.name, line=case.line, differences=tuple(wrong)))
    return CaseReport(cases=tuple(results), uncovered=tuple(one for one in _all(compiled) if one not in reached))


def case_report_json(report: CaseReport) -> dict[str, Any]:
    """The report as `leadline playbook test --json` prints it."""
    return {
        "passed": report.passed,
        "failed": report.failed,
        "cases": [{"name": case.name, "ok": case.ok, "differences": list(case.differences)} for case in report.cases],
        "uncovered": list(report.uncovered),
    }


def _decision(case: Case, lead: Lead, compiled: Compiled, scorecard: Scorecard | None) -> Decision:
    assume = case.assume if case.assume is not None or scorecard is not None else Assumed()
    return decide(lead, case.activities, scorecard, compiled, case.at, assume=assume)


def _lead(case: Case) -> tuple[Lead, list[str]]:
    """The lead of a case, its contact data normalised as at the doors, and what could not be."""
    given = dict(case.given)
    normal = {
        "email": normal_email(given["email"]) if "email" in given else None,
        "country": country_code(given["country"]) if "country" in given else None,
    }
    normal["phone"] = normal_phone(given["phone"], normal["country"]) if "phone" in given else None
    wrong = [
        _at_case(case, f"expected given {field} to be valid, found '{given[field]}'")
        for field, value in normal.items()
        if field in given and value is None
    ]
    given |= normal
    if "consent" in given:
        given["consent"] = Consent(marketing=given["consent"])
    return Lead(**{"created_at": case.at, **given}), wrong


def _at_case(case: Case, words: str) -> str:
    return f"{case.line}:{case.column}: {words}"


def _reached(decision: Decision) -> Iterator[str]:
    yield from (f"rule {fired.name}" for fired in decision.rules)
    if decision.route is not None:
        yield f"route {decision.route.name}"


def _all(compiled: Compiled) -> Iterator[str]:
    yield from (f"rule {rule.name}" for rule in compiled.playbook.rules)
    yield from (f"route {route.name}" for route in compiled.playbook.routes)
