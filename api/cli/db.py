"""`leadline db`: the database's tables."""

import click

from api.cli.house import reaching, settings
from store.database import connect, upgrade


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to this version of Leadline; safe to repeat, and to run while servers start."""
    database = connect(settings().database_url)
    with reaching(database):
        upgrade(database)
    click.echo("The database is up to date.")
