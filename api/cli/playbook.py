"""`leadline playbook`: check, test, and the other verbs from their own files."""

from pathlib import Path
from typing import Literal

import click

from api.cli.diff import diff
from api.cli.explain import explain
from api.cli.house import FILE, json_option, say_json
from api.cli.publish import case_report, cases_beside, history, publish, rollback
from api.files import read_text
from routing.cases import CaseReport, case_report_json
from rules.compile import compile_playbook
from rules.formats import github_annotations, problems_json, sarif
from rules.problems import PlaybookError, Problem, render
from rules.read import read_playbook
from rules.schema import cases_schema, playbook_schema

Format = Literal["text", "json", "github", "sarif"]


@click.group()
def playbook() -> None:
    """Check, test, explain, compare and publish the playbook, and take it back."""


for verb in (explain, diff, publish, history, rollback):
    playbook.add_command(verb)


@playbook.command()
@click.argument("file", type=FILE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How problems are printed: for people, for programs, as GitHub annotations, as SARIF.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(file: Path, form: Format, as_json: bool) -> None:
    """Say everything that is wrong with the playbook FILE: line, column, remedy.

    Needs no database. Exit code 0 when nothing is wrong, 1 when something is.
    """
    text = read_text(file)
    found = _problems(text, str(file))
    _say_problems(found, text, str(file), "json" if as_json else form)
    if found:
        raise SystemExit(1)


@playbook.command()
@click.argument("file", type=FILE)
@click.option("--cases", "cases_file", type=FILE, help="The cases; FILE with .cases before its ending when left out.")
@json_option
def test(file: Path, cases_file: Path | None, as_json: bool) -> None:
    """Decide the cases of the playbook FILE and say which come out otherwise than expected.

    Needs no database: a case without `assume` is decided with a probability and a fit of 0. Exit code 1 when a case
    fails, when there is none, or when the playbook is broken.
    """
    report = case_report(file, cases_file or cases_beside(file))
    if as_json:
        say_json(case_report_json(report))
    else:
        _say_report(report)
    if report.failed:
        raise SystemExit(1)


@playbook.command()
@click.option("--cases", "of_cases", is_flag=True, help="The schema of a cases file instead.")
def schema(of_cases: bool) -> None:
    """Print the JSON Schema of the playbook, for editors that complete and check YAML."""
    say_json(cases_schema() if of_cases else playbook_schema())


def _problems(text: str, file: str) -> tuple[Problem, ...]:
    try:
        compile_playbook(read_playbook(text, file=file))
    except PlaybookError as error:
        return error.problems
    return ()


def _say_problems(found: tuple[Problem, ...], text: str, file: str, form: Format) -> None:
    if form == "json":
        say_json(problems_json(found))
    elif form == "sarif":
        say_json(sarif(found))
    elif form == "github":
        click.echo(github_annotations(found), nl=False)
    else:
        for problem in found:
            click.echo(render(problem, text) + "\n")
        click.echo(f"{file}: {len(found) or 'no'} problem{'' if len(found) == 1 else 's'}")


def _say_report(report: CaseReport) -> None:
    for case in report.cases:
        click.echo(f"{'ok  ' if case.ok else 'FAIL'}  {case.name}")
        for difference in case.differences:
            click.echo(f"        {difference}")
    for name in report.uncovered:
        click.echo(f"no case reaches {name}")
    click.echo(f"{report.passed} passed, {report.failed} failed")
