"""A playbook's cases: run before it comes into force, and told as problems where they come out otherwise."""

from routing.cases import CaseReport, run_cases
from rules.cases import read_cases
from rules.compile import Compiled
from rules.problems import Problem

CASES_FILE = "playbook.cases.yaml"


def cases_report(compiled: Compiled, text: str, *, file: str = CASES_FILE) -> CaseReport:
    """How the cases of a text come out. Raises: PlaybookError with everything that is wrong with the text."""
    return run_cases(compiled, read_cases(text, file=file, playbook=compiled.playbook), None)


def failed_cases(report: CaseReport, *, file: str = CASES_FILE) -> tuple[Problem, ...]:
    """What came out otherwise than expected, each difference a problem at its place in the cases file."""
    return tuple(
        Problem(
            file=file,
            line=each.line,
            column=each.column,
            code="case",
            message=f"{case.name}: expected {each.expected}, found {each.found}",
            hint="; ".join(each.because),
        )
        for case in report.cases
        for each in case.found
    )


def how_many_fail(report: CaseReport) -> str:
    """How many cases fail, in words: `2 of its 31 cases fail`."""
    return f"{report.failed} of its {len(report.cases)} cases fail{'s' if report.failed == 1 else ''}"
