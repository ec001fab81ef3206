"""`leadline playbook publish`, `history`, `rollback`: what is in force, what was, and going back."""

import shlex
from dataclasses import asdict
from pathlib import Path

import click

from api.cases import cases_report, how_many_fail
from api.cli.house import (
    FILE,
    RefusedError,
    checked,
    json_option,
    opened,
    refused_playbook,
    say_json,
    say_table,
    written_time,
)
from api.files import read_text
from rules.compile import Compiled
from rules.problems import PlaybookError
from store.database import Transaction
from store.playbooks import (
    active_playbook,
    playbook_cases,
    playbook_history,
    playbook_text,
    published_before,
    put_into_force,
)
from store.playbooks import publish as publish_text
from store.reps import teams_left
from store.sweep import database_time

NO_CASES = "there are no cases: {file} is not there; write some, or name their file with --cases"
UNTESTED = "; or publish --without-cases"
NOTHING_BEFORE = "nothing was in force before it; name a version, `leadline playbook history` lists them"
NOT_KEPT = "no cases are kept with playbook {number}: it came into force untested"
GONE = (
    "team {team} is not in this playbook and has {leads}, on which nobody works once it is in force; reassign them "
    "then: `leadline leads list --team {quoted}`, and POST /v1/leads/ID/reassign passes each on by its routes"
)
STALE_CASES = (
    "{how_many}, so playbook {number} stays out of force; `leadline playbook history {number}` prints its text, with "
    "--cases its cases; --without-cases puts it into force all the same"
)


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
    unless --without-cases says so. Teams that go although they have open leads are warned of. Who, when, why, the text
    and the cases are kept for ever.
    """
    if cases and without_cases:
        raise click.UsageError("--cases and --without-cases exclude each other")
    tested = None if without_cases else cases or cases_beside(file)
    number = publish_file(file, because=_reason(because), by=by, edited=edited, cases=tested)
    _say(number, "is in force", as_json)


@click.command()
@click.argument("number", metavar="[N]", type=int, required=False)
@click.option("--cases", "of_cases", is_flag=True, help="Print the cases kept with version N instead of its text.")
@json_option
def history(number: int | None, of_cases: bool, as_json: bool) -> None:
    """List every time a playbook came into force, newest first; or print the text of version N."""
    if number is not None:
        click.echo(_kept_text(number, of_cases), nl=False)
        return
    if of_cases:
        raise click.UsageError("--cases goes with a version: leadline playbook history 7 --cases")
    with opened() as database, database.read() as tx:
        found = playbook_history(tx)
        active = active_playbook(tx)
    if as_json:
        say_json({"active": active[0] if active else None, "publications": [asdict(each) for each in found]})
        return
    say_table(
        ("number", "in force from", "by", "tested", "because"),
        ((each.number, written_time(each.at), each.by, _yes(each.tested), each.because) for each in found),
    )


@click.command()
@click.argument("number", metavar="[N]", type=int, required=False)
@click.option("--because", required=True, help="Why; kept for ever.")
@click.option("--by", default="command line", show_default=True, help="Who goes back.")
@click.option("--without-cases", is_flag=True, help="Do not try the cases kept with it.")
@json_option
def rollback(number: int | None, because: str, by: str, without_cases: bool, as_json: bool) -> None:
    """Put the playbook before the active one into force again, or version N, older or newer.

    It is checked, and tested by the cases kept with it. Every server follows within two seconds. Nothing is lost: the
    version left behind stays in the history.
    """
    with opened() as database, database.begin() as tx:
        target = published_before(tx) if number is None else number
        if target is None:
            raise RefusedError(NOTHING_BEFORE)
        compiled = checked(playbook_text(tx, target), f"playbook {target}", target)
        cases = None if without_cases else playbook_cases(tx, target)
        if cases is not None and (failed := _tested(compiled, cases, f"the cases of playbook {target}")):
            raise RefusedError(STALE_CASES.format(number=target, how_many=failed))
        _warn_of_teams(tx, compiled)
        put_into_force(tx, target, by=by, because=_reason(because), now=database_time(tx))
    _say(target, "is in force again", as_json)


def publish_file(file: Path, *, because: str, by: str, edited: int | None = None, cases: Path | None) -> int:
    """The number under which a playbook file is in force now, kept with the cases of a file; None: untested.

    Raises: RefusedError when it is broken or one of its cases fails.
    """
    text = read_text(file)
    compiled = checked(text, str(file))
    kept = read_cases_file(cases, UNTESTED) if cases else None
    if kept is not None and (failed := _tested(compiled, kept, str(cases))):
        verb = f"leadline playbook test {file}" + ("" if cases == cases_beside(file) else f" --cases {cases}")
        raise RefusedError(f"{failed}; `{verb}` shows them")
    with opened() as database, database.begin() as tx:
        _warn_of_teams(tx, compiled)
        now = database_time(tx)
        return publish_text(tx, text, cases=kept, by=by, because=because, now=now, edited=edited)


def teams_that_go(tx: Transaction, playbook: Compiled) -> list[str]:
    """What to say of each team that has open leads and is not in a playbook: how many they are, and the remedy."""
    left = teams_left(tx, playbook.playbook)
    return [
        GONE.format(team=team, quoted=shlex.quote(team), leads=f"{count:,} open lead{'' if count == 1 else 's'}")
        for team, count in left.items()
    ]


def cases_beside(file: Path) -> Path:
    """Where the cases of a playbook stand: playbook.cases.yaml beside playbook.yaml."""
    return file.with_suffix(f".cases{file.suffix}")


def read_cases_file(file: Path, remedy: str = "") -> str:
    """The text of a cases file. Raises: RefusedError when it is not there."""
    if not file.exists():
        raise RefusedError(NO_CASES.format(file=file) + remedy)
    return read_text(file)


def _tested(compiled: Compiled, cases: str, file: str) -> str:
    """How many cases fail, in words; empty when all pass. Raises: RefusedError when the text holds no sound cases."""
    try:
        report = cases_report(compiled, cases, file=file)
    except PlaybookError as error:
        raise refused_playbook(f"{file} is broken", error, cases) from None
    return how_many_fail(report) if report.failed else ""


def _warn_of_teams(tx: Transaction, playbook: Compiled) -> None:
    for warning in teams_that_go(tx, playbook):
        click.echo(f"Warning: {warning}", err=True)


def _kept_text(number: int, of_cases: bool) -> str:
    """The text of a kept version, or of its cases. Raises: RefusedError when no cases are kept with it."""
    with opened() as database, database.read() as tx:
        text = playbook_cases(tx, number) if of_cases else playbook_text(tx, number)
    if text is None:
        raise RefusedError(NOT_KEPT.format(number=number))
    return text


def _reason(because: str) -> str:
    if not because.strip():
        raise click.BadParameter("is blank; say why", param_hint="--because")
    return because.strip()


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _say(number: int, what: str, as_json: bool) -> None:
    if as_json:
        say_json({"number": number})
    else:
        click.echo(f"Playbook {number} {what}.")
