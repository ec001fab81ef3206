"""`leadline playbook`: check, schema, and the other verbs from their own files."""

from pathlib import Path
from typing import Literal

import click

from api.cli.cases import test
from api.cli.diff import diff
from api.cli.explain import explain
from api.cli.house import FILE, say_json
from api.cli.publish import history, publish, rollback
from api.files import read_bytes
from rules.compile import compile_playbook
from rules.formats import github_annotations, problems_json, sarif
from rules.nodes import decoded
from rules.problems import PlaybookError, Problem, render
from rules.read import read_playbook
from rules.schema import cases_schema, playbook_schema

Format = Literal["human", "json", "github", "sarif"]


@click.group()
def playbook() -> None:
    """Check, test, explain, compare and publish the playbook, and take it back."""


for verb in (test, explain, diff, publish, history, rollback):
    playbook.add_command(verb)


@playbook.command()
@click.argument("file", type=FILE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json", "github", "sarif"]),
    default="human",
    show_default=True,
    help="How problems are printed: for people, for programs, as GitHub annotations, as SARIF.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(file: Path, form: Format, as_json: bool) -> None:
    """Say everything that is wrong with the playbook FILE: line, column, remedy.

    Needs no database. Exit code 0 when nothing is wrong, 1 when something is.
    """
    data = read_bytes(file)
    found = _problems(data, str(file))
    text = data.decode(errors="replace").removeprefix("\ufeff")
    _say_problems(found, text, str(file), "json" if as_json else form)
    if found:
        raise SystemExit(1)


@playbook.command()
@click.option("--cases", "of_cases", is_flag=True, help="The schema of a cases file instead.")
def schema(of_cases: bool) -> None:
    """Print the JSON Schema of the playbook, for editors that complete and check YAML."""
    say_json(cases_schema() if of_cases else playbook_schema())


def _problems(data: bytes, file: str) -> tuple[Problem, ...]:
    try:
        compile_playbook(read_playbook(decoded(data, file=file), file=file))
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
