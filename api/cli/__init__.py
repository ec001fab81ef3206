"""The command line: one module for each group of verbs, loaded when its verb is used.

A check of a playbook in an editor or in CI must not wait for what trains models.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from api.errors import ApiError, SettingsError
from api.parse import InputError
from models.version import ModelError
from routing.periods import PeriodError
from rules.problems import PlaybookError
from store.errors import StoreError
from training.table import TrainingError

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "Serve Leadline over HTTP",
        "worker": "Do what falls due in the background",
        "init": "Create Leadline's home and its database",
        "demo": "Let sample leads arrive at a running server",
        "score": "Score the leads in a file",
        "train": "Train a candidate model on a file",
        "models": "List, show, compare, promote, roll back, export and import models",
        "playbook": "Check, test, explain and publish the playbook",
        "leads": "List, show, import, export and erase leads",
        "reps": "List the reps, say when they are away",
        "campaigns": "Plan, end, cancel and list campaigns",
        "report": "Report on the agreement, response times, fair shares and campaigns",
        "keys": "Make, list and revoke keys",
        "jobs": "Watch and cancel long work",
        "webhooks": "Say who is told of what happens",
        "notifications": "See and change the words in which people are told",
        "config": "Print the settings in force",
        "db": "Look after the database",
    }
)

# What a person can cause and mend; anything else is a fault of ours and shows its traceback.
MISTAKES = (ApiError, InputError, ModelError, PeriodError, PlaybookError, StoreError, TrainingError)


class Verbs(click.Group):
    """Every verb, from a module of its name; a person's mistakes end as one clear error, never as a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, those used first first."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of a name; None when there is none."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"api.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what each verb does, without loading it."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Runs a verb: exit code 1 for a mistake, 2 for a setting that makes no sense."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from None
        except MISTAKES as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="leadline")
def main() -> None:
    """Leadline scores incoming leads and hands the qualified ones to a sales rep with a deadline.

    `leadline init --sample` makes a house to look at; `leadline serve` opens its doors.
    """
