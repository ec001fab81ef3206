"""`leadline worker`: a background worker alone."""

import click

from api import logs
from api.cli.house import errors, opened, settings
from api.worker.run import work


@click.command()
@click.option("--metrics-port", type=click.IntRange(1, 65535), help="Also give its figures to Prometheus on this port.")
@click.option("--tied", is_flag=True, hidden=True, help="End when standard input does.")
def worker(metrics_port: int | None, tied: bool) -> None:
    """Do what falls due until Ctrl-C: warnings, breaches, leads that come back after a rest.

    Any number of workers may run on one database, on any machine, and die at any moment: nothing is lost and nothing
    is done twice. `leadline serve` runs one inside unless it is told --no-worker.
    """
    logs.configure(settings().log_threshold)
    with opened() as database:
        work(settings(), database, metrics_port=metrics_port, tied=tied)
    if not tied:
        errors().print("The worker has stopped.")
