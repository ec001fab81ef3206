"""`leadline jobs`: long work in the background, how far it is, and its end."""

import click

from api.cli.house import json_option, now, opened, say_json, say_table, written_time
from api.job_documents import job_document
from store.jobs import Job, add_job, cancel_job, find_job, list_jobs


@click.group()
def jobs() -> None:
    """Watch, cancel and ask for long work that workers do in the background."""


@jobs.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many at most.")
@json_option
def list_some(limit: int, as_json: bool) -> None:
    """List the jobs, newest first."""
    with opened() as database, database.read() as tx:
        found = list_jobs(tx, limit=limit)
    if as_json:
        say_json([job_document(each) for each in found])
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
@json_option
def show(job_id: str, as_json: bool) -> None:
    """Show the job of an ID."""
    with opened() as database, database.read() as tx:
        found = find_job(tx, job_id)
    _say(found, as_json)


@jobs.command()
@click.argument("job_id", metavar="ID")
@json_option
def cancel(job_id: str, as_json: bool) -> None:
    """Cancel the job of an ID: at once where it waits, within a second or two where it runs."""
    with opened() as database, database.begin() as tx:
        found = cancel_job(tx, job_id, now())
    _say(found, as_json)


@jobs.command()
@json_option
def rescore(as_json: bool) -> None:
    """Have all leads scored again that are not settled; workers do so every night, too."""
    with opened() as database, database.begin() as tx:
        found = add_job(tx, "rescore", asked_by="command line", now=now())
        if found is None:
            raise AssertionError("a job without a key is always kept")
    _say(found, as_json)


def _say(job: Job, as_json: bool) -> None:
    if as_json:
        say_json(job_document(job))
    else:
        say_table(("what", "value"), ((name, value) for name, value in job_document(job).items() if value is not None))
