"""`leadline playbook`: check, test, explain, publish."""

from pathlib import Path
from typing import Literal

import click

from api.cli.explain import explain
from api.cli.house import (
    FILE,
    RefusedError,
    checked,
    json_option,
    now,
    opened,
    refused_playbook,
    say_json,
    say_table,
    written_time,
)
from api.files import read_text
from routing.cases import CaseReport, case_report_json, run_cases
from rules.cases import read_cases
from rules.compile import compile_playbook
from rules.formats import github_annotations, problems_json, sarif
from rules.problems import PlaybookError, Problem, render
from rules.read import read_playbook
from rules.schema import cases_schema, playbook_schema
from store.playbooks import active_playbook, playbook_history
from store.playbooks import publish as publish_text

Format = Literal["text", "json", "github", "sarif"]


@click.group()
def playbook() -> None:
    """Check, test, explain and publish the playbook."""


playbook.add_command(explain)


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
    report = _report(file, cases_file or cases_beside(file))
    if as_json:
        say_json(case_report_json(report))
    else:
        _say_report(report)
    if report.failed:
        raise SystemExit(1)


@playbook.command()
@click.argument("file", type=FILE)
@click.option("--because", required=True, help="Why; kept with the version for ever.")
@click.option("--by", default="command line", show_default=True, help="Who publishes it.")
@click.option("--edited", type=int, help="The version you edited; refused when another is in force by now.")
def publish(file: Path, because: str, by: str, edited: int | None) -> None:
    """Put the playbook FILE into force; every server follows within two seconds.

    Refused when it has problems, or when a case beside it (FILE with .cases before its ending) fails.
    """
    publish_file(file, because=because, by=by, edited=edited)


@playbook.command()
@json_option
def history(as_json: bool) -> None:
    """List every time a playbook came into force, newest first."""
    with opened() as database, database.read() as tx:
        found = playbook_history(tx)
        active = active_playbook(tx)
    rows = [{"number": each.number, "at": each.at, "by": each.by, "because": each.because} for each in found]
    if as_json:
        say_json({"active": active[0] if active else None, "publications": rows})
        return
    say_table(
        ("number", "in force from", "by", "because"),
        ((each.number, written_time(each.at), each.by, each.because) for each in found),
    )


@playbook.command()
@click.option("--cases", "of_cases", is_flag=True, help="The schema of a cases file instead.")
def schema(of_cases: bool) -> None:
    """Print the JSON Schema of the playbook, for editors that complete and check YAML."""
    say_json(cases_schema() if of_cases else playbook_schema())


def publish_file(file: Path, *, because: str, by: str, edited: int | None = None) -> None:
    """Puts a playbook file into force. Raises: RefusedError when it is broken or fails the cases beside it."""
    text = read_text(file)
    checked(text, str(file))
    if cases_beside(file).exists() and (failed := _report(file, cases_beside(file)).failed):
        raise RefusedError(f"{failed} of its cases fail; `leadline playbook test {file}` shows them")
    with opened() as database, database.begin() as tx:
        number = publish_text(tx, text, by=by, because=because, now=now(), edited=edited)
    click.echo(f"Playbook {number} is in force.")


def cases_beside(file: Path) -> Path:
    """Where the cases of a playbook stand: playbook.cases.yaml beside playbook.yaml."""
    return file.with_suffix(f".cases{file.suffix}")


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


def _report(file: Path, cases_file: Path) -> CaseReport:
    compiled = checked(read_text(file), str(file))
    if not cases_file.exists():
        raise RefusedError(f"there are no cases: {cases_file} is not there")
    text = read_text(cases_file)
    try:
        cases = read_cases(text, file=str(cases_file), playbook=compiled.playbook)
    except PlaybookError as error:
        raise refused_playbook(f"{cases_file} is broken", error, text) from None
    return run_cases(compiled, cases, None)
