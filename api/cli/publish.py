"""`leadline playbook publish`, `history`, `rollback`: what is in force, what was, and going back."""

from pathlib import Path

import click

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
from routing.cases import CaseReport, run_cases
from rules.cases import read_cases
from rules.problems import PlaybookError
from store.playbooks import active_playbook, playbook_history, playbook_text, published_before, put_into_force
from store.playbooks import publish as publish_text

NO_CASES = (
    "there are no cases: {file} is not there; write some, name their file with --cases, or publish --without-cases"
)
NOTHING_BEFORE = "nothing was in force before it; name a version, `leadline playbook history` lists them"


@click.command()
@click.argument("file", type=FILE)
@click.option("--because", required=True, help="Why; kept with the version for ever.")
@click.option("--by", default="command line", show_default=True, help="Who publishes it.")
@click.option("--edited", type=int, metavar="N", help="The version you edited; refused when another is in force.")
@click.option("--cases", type=FILE, help="Its cases; FILE with .cases before its ending when left out.")
@click.option("--without-cases", is_flag=True, help="Publish it untested.")
@json_option
def publish(
    file: Path, because: str, by: str, edited: int | None, cases: Path | None, without_cases: bool, as_json: bool
) -> None:
    """Put the playbook FILE into force; every server follows within two seconds.

    It is checked and tested first: refused when it has problems, when one of its cases fails, and when there are none
    unless --without-cases says so. Who, when, why and the text are kept for ever.
    """
    if cases and without_cases:
        raise click.UsageError("--cases and --without-cases exclude each other")
    tested = None if without_cases else cases or cases_beside(file)
    if tested and not tested.exists():
        raise RefusedError(NO_CASES.format(file=tested))
    number = publish_file(file, because=_reason(because), by=by, edited=edited, cases=tested)
    _say(number, "is in force", as_json)


@click.command()
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


@click.command()
@click.argument("number", metavar="[N]", type=int, required=False)
@click.option("--because", required=True, help="Why; kept for ever.")
@click.option("--by", default="command line", show_default=True, help="Who goes back.")
@json_option
def rollback(number: int | None, because: str, by: str, as_json: bool) -> None:
    """Put the playbook before the active one into force again, or version N, older or newer.

    Every server follows within two seconds. Nothing is lost: the version left behind stays in the history.
    """
    with opened() as database, database.begin() as tx:
        target = published_before(tx) if number is None else number
        if target is None:
            raise RefusedError(NOTHING_BEFORE)
        checked(playbook_text(tx, target), f"playbook {target}", target)
        put_into_force(tx, target, by=by, because=_reason(because), now=now())
    _say(target, "is in force again", as_json)


def publish_file(file: Path, *, because: str, by: str, edited: int | None = None, cases: Path | None) -> int:
    """The number under which a playbook file is in force now.

    Raises: RefusedError when it is broken or one of its cases fails.
    """
    text = read_text(file)
    checked(text, str(file))
    if cases and (failed := case_report(file, cases).failed):
        verb = f"leadline playbook test {file}" + ("" if cases == cases_beside(file) else f" --cases {cases}")
        raise RefusedError(f"{failed} of its cases fail{'s' if failed == 1 else ''}; `{verb}` shows them")
    with opened() as database, database.begin() as tx:
        return publish_text(tx, text, by=by, because=because, now=now(), edited=edited)


def cases_beside(file: Path) -> Path:
    """Where the cases of a playbook stand: playbook.cases.yaml beside playbook.yaml."""
    return file.with_suffix(f".cases{file.suffix}")


def case_report(file: Path, cases_file: Path) -> CaseReport:
    """How the cases of a playbook file come out. Raises: RefusedError when either is broken or there are no cases."""
    compiled = checked(read_text(file), str(file))
    if not cases_file.exists():
        raise RefusedError(f"there are no cases: {cases_file} is not there")
    text = read_text(cases_file)
    try:
        cases = read_cases(text, file=str(cases_file), playbook=compiled.playbook)
    except PlaybookError as error:
        raise refused_playbook(f"{cases_file} is broken", error, text) from None
    return run_cases(compiled, cases, None)


def _reason(because: str) -> str:
    if not because.strip():
        raise click.BadParameter("is blank; say why", param_hint="--because")
    return because.strip()


def _say(number: int, what: str, as_json: bool) -> None:
    if as_json:
        say_json({"number": number})
    else:
        click.echo(f"Playbook {number} {what}.")
