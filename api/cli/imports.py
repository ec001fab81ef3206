"""`leadline leads import`: the leads of a file taken in, here or by a worker."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import Progress

from api.bodies import LARGEST_BATCH
from api.cli.house import FILE, RefusedError, errors, json_option, opened, say_json
from api.cli.watching import say_job, wait_option
from api.clock import DatabaseClock
from api.files import read_bytes, whole_file
from api.importing import Imported, Portion, import_leads, import_params, open_import, write_rejects
from api.serving import read_served
from store.database import Transaction
from store.jobs import add_file, add_job
from store.rejects import Reject
from store.sweep import database_time
from training.files.kinds import LeadsFile


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--background", is_flag=True, help="Hand the file to a worker and return at once; see `leadline jobs`.")
@wait_option
@json_option
def take_in(file: Path, background: bool, wait: bool, as_json: bool) -> None:
    """Take in the leads of FILE (CSV, Parquet or JSON Lines), as a CRM's batch would be.

    Columns named as a field of a lead are that field, all others attributes. Each lead is decided and kept, those that
    qualify go to sales; who is known already is the same lead. Rows without an e-mail address, a phone number and an
    external id go to a file of rejects beside it; with --background they are kept, for `leadline jobs rejects`.
    """
    if wait and not background:
        raise click.UsageError("--wait goes with --background; without it the leads are in when the command ends")
    found = open_import(file)
    for warning in found.warnings:
        errors().print(f"Warning: {warning}", markup=False)
    if background:
        _hand_over(found, wait, as_json)
    else:
        _say(*_taken(found), as_json)


def _hand_over(found: LeadsFile, wait: bool, as_json: bool) -> None:
    body = read_bytes(found.path)
    if len(body) > LARGEST_BATCH:
        raise RefusedError(
            f"{found.path} has {len(body):,} bytes; workers take {LARGEST_BATCH:,} at most. "
            "Split it, or take it in without --background"
        )
    with opened() as database:
        with database.begin() as tx:
            job = add_job(tx, "import", asked_by="command line", now=database_time(tx), params=import_params(found))
            add_file(tx, job, f"leads.{found.kind}", body)
        say_job(database, job, as_json, wait)


def _taken(found: LeadsFile) -> tuple[Imported, Path]:
    """What came of the file, and where its rejects are."""
    console, bad = errors(), list[Reject]()
    with opened() as database, Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("importing", total=found.size)
        with database.read() as tx:
            served = read_served(tx)

        def keep(tx: Transaction, portion: Portion) -> None:
            bad.extend(portion.rejects)
            progress.update(task, completed=portion.read)

        done = import_leads(database, found, lambda: served, clock=DatabaseClock(database), keep=keep)
    rejects = found.path.with_suffix(".rejects.csv")
    if bad:
        with whole_file(rejects) as written:
            write_rejects(written, found.columns, bad)
    return done, rejects


def _say(done: Imported, rejects: Path, as_json: bool) -> None:
    if as_json:
        say_json({**asdict(done), "rejects": str(rejects) if done.rejected else None})
        return
    click.echo(f"{done.leads:,} leads taken in; {done.routed:,} of them are with sales.")
    if done.unread:
        click.echo(f"{done.unread:,} of them without a value that made no sense (a phone number, a country, ...)")
    if done.rejected:
        click.echo(f"{done.rejected:,} rows could not be taken in: {rejects}")
