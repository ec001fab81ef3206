"""`leadline config`: the settings in force."""

import click

from api.cli.house import json_option, say_json, say_table, settings
from api.settings import shown


@click.command()
@json_option
def config(as_json: bool) -> None:
    """Print the settings in force, secrets hidden.

    Settings are environment variables, read once: LEADLINE_HOME, LEADLINE_DATABASE_URL, LEADLINE_SECRET,
    LEADLINE_WORKERS, LEADLINE_LOG_LEVEL.
    """
    rows = shown(settings())
    if as_json:
        say_json(rows)
    else:
        say_table(("setting", "value"), rows.items())
