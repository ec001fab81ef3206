"""`leadline playbook test`: the cases of a playbook, what came out otherwise, and what they do not reach."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NoReturn

import click

from api.cases import cases_report, failed_cases
from api.cli.house import FILE, json_option, refused_playbook, say_json
from api.cli.publish import cases_beside, read_cases_file
from api.files import read_text
from routing.cases import CaseReport, case_report_json
from routing.coverage import coverage_json
from routing.differences import Difference
from rules.compile import compile_playbook
from rules.formats import github_annotations, problems_json, sarif
from rules.problems import LINE_BREAK, PlaybookError, Problem
from rules.read import read_playbook

Format = Literal["human", "json", "github", "sarif"]


@click.command()
@click.argument("file", type=FILE)
@click.option("--cases", "cases_file", type=FILE, help="The cases; FILE with .cases before its ending when left out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json", "github", "sarif"]),
    default="human",
    show_default=True,
    help="How the report is printed: for people, for programs, as GitHub annotations, as SARIF.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Fail when the cases reach less than this of all rules, routes and branches.",
)
@json_option
def test(file: Path, cases_file: Path | None, form: Format, fail_under: float, as_json: bool) -> None:
    """Decide the cases of the playbook FILE and say which come out otherwise than expected.

    Needs no database: a case without `assume` is decided with a probability and a fit of 0. Exit code 1 when a case
    fails, when there is none, when too little is reached, or when the playbook is broken.
    """
    cases, form = cases_file or cases_beside(file), "json" if as_json else form
    texts = {str(file): read_text(file), str(cases): read_cases_file(cases)}
    try:
        compiled = compile_playbook(read_playbook(texts[str(file)], file=str(file)))
        report = cases_report(compiled, texts[str(cases)], file=str(cases))
    except PlaybookError as error:
        _refuse(error, form, texts)
    _say(report, str(cases), texts[str(cases)], form)
    too_little = report.coverage.percent < fail_under
    if too_little:
        click.echo(f"The cases reach {report.coverage.percent:.1f}%, less than {fail_under:g}%.", err=True)
    if report.failed or too_little:
        raise SystemExit(1)


def _refuse(error: PlaybookError, form: Format, texts: Mapping[str, str]) -> NoReturn:
    """Ends the verb for a broken file, its problems annotated where annotations were asked for."""
    if form != "human":
        _annotate(error.problems, form)
        raise SystemExit(1) from None
    broken = error.problems[0].file
    raise refused_playbook(f"{broken} is broken", error, texts[broken]) from None


def _say(report: CaseReport, file: str, text: str, form: Format) -> None:
    if form == "json":
        say_json(case_report_json(report))
    elif form == "human":
        _say_for_people(report, file, LINE_BREAK.split(text))
    else:
        _annotate(failed_cases(report, file=file), form)


def _annotate(problems: Sequence[Problem], form: Format) -> None:
    if form == "json":
        say_json(problems_json(problems))
    elif form == "sarif":
        say_json(sarif(problems))
    else:
        click.echo(github_annotations(problems), nl=False)


def _say_for_people(report: CaseReport, file: str, lines: list[str]) -> None:
    for case in report.cases:
        click.echo(f"{'ok  ' if case.ok else 'FAIL'}  {case.name}")
        for difference in case.found:
            click.echo("\n".join(f"      {line}" for line in _difference_lines(difference, file, lines)) + "\n")
    if report.uncovered:
        click.echo("\nNo case reaches")
        click.echo("\n".join(f"  {name}" for name in report.uncovered))
    shares = coverage_json(report.coverage).items()
    counts = ", ".join(f"{share['reached']} of {share['of']} {kind}" for kind, share in shares)
    click.echo(f"\nThe cases reach {counts}: {report.coverage.percent:.0f}%.")
    click.echo(f"{report.passed} passed, {report.failed} failed")


def _difference_lines(difference: Difference, file: str, lines: list[str]) -> list[str]:
    """Where an expectation stands, what it was and what was found, as a diff, and why."""
    line = lines[difference.line - 1]
    return [
        f"{file}:{difference.line}:{difference.column}",
        f"    {line}",
        f"    {' ' * (difference.column - 1)}^",
        f"  - expected {difference.expected}",
        f"  + found    {difference.found}",
        *(f"    {'because' if not number else '       '}  {why}" for number, why in enumerate(difference.because)),
    ]
