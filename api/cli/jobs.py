"""`leadline jobs`: long work in the background, how far it is, and its end."""

from io import StringIO
from pathlib import Path

import click

from api.cli.house import RefusedError, json_option, opened, say_json, say_table, written_time
from api.cli.watching import say_job, wait_option
from api.files import whole_file
from api.importing import write_rejects
from api.job_documents import listed_job
from api.worker.slots import living
from store.jobs import add_job, cancel_job, find_job, list_jobs, params_of
from store.rejects import rejects_of
from store.sweep import database_time

OUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def jobs() -> None:
    """Watch, cancel and ask for long work that workers do in the background."""


@jobs.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many at most.")
@json_option
def list_some(limit: int, as_json: bool) -> None:
    """List the jobs, newest first."""
    with opened() as database, database.read() as tx:
        found, workers = list_jobs(tx, limit=limit), living(tx)
    if as_json:
        say_json([listed_job(each, workers) for each in found])
        return
    say_table(
        ("id", "kind", "state", "progress", "asked by", "created", "ended", "error"),
        (
            (
                *(each.id, each.kind, each.state, f"{each.progress:.0%}", each.asked_by),
                *(written_time(each.created_at), written_time(each.ended_at), each.error),
            )
            for each in found
        ),
    )


@jobs.command()
@click.argument("job_id", metavar="ID")
@wait_option
@json_option
def show(job_id: str, wait: bool, as_json: bool) -> None:
    """Show the job of an ID: what was asked for, how far it is, what came of it."""
    with opened() as database:
        with database.read() as tx:
            found = find_job(tx, job_id)
        say_job(database, found, as_json, wait)


@jobs.command()
@click.argument("job_id", metavar="ID")
@json_option
def cancel(job_id: str, as_json: bool) -> None:
    """Cancel the job of an ID: at once where it waits, within a second or two where it runs."""
    with opened() as database:
        with database.begin() as tx:
            found = cancel_job(tx, job_id, database_time(tx))
        say_job(database, found, as_json)


@jobs.command()
@click.argument("job_id", metavar="ID")
@click.option("-o", "--output", type=OUT, help="Write a file instead.")
def rejects(job_id: str, output: Path | None) -> None:
    """Print the rows that the import of an ID could not take in, as CSV: line, reason, cells."""
    written = StringIO()
    with opened() as database, database.read() as tx:
        job = find_job(tx, job_id)
        if job.kind != "import":
            raise RefusedError(f"job {job.id} is of kind {job.kind}; only imports have rejects")
        write_rejects(written, params_of(tx, job)["columns"], rejects_of(tx, job))
    if output is None:
        click.echo(written.getvalue(), nl=False)
        return
    with whole_file(output) as file:
        file.write(written.getvalue())


@jobs.command()
@wait_option
@json_option
def rescore(wait: bool, as_json: bool) -> None:
    """Have all leads scored again that are not settled; workers do so every night, too."""
    with opened() as database:
        with database.begin() as tx:
            found = add_job(tx, "rescore", asked_by="command line", now=database_time(tx))
        say_job(database, found, as_json, wait)
