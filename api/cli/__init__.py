"""The command line: one module for each group of verbs."""

import click

from api.cli.config import config
from api.cli.db import db
from api.cli.demo import demo
from api.cli.house import RefusedError
from api.cli.init import init
from api.cli.keys import keys
from api.cli.leads import leads
from api.cli.models import models
from api.cli.playbook import playbook
from api.cli.score import score
from api.cli.serve import serve
from api.cli.train import train
from api.files import FileError
from api.server import PortError
from api.serving import NotReadyError
from api.settings import SettingsError
from models.version import ModelError
from rules.problems import PlaybookError
from store.errors import StoreError
from training.table import TrainingError

# What a person can cause and mend; anything else is a fault of ours and shows its traceback.
MISTAKES = (FileError, ModelError, NotReadyError, PlaybookError, PortError, StoreError, TrainingError)


class House(click.Group):
    """A group whose verbs tell a person's mistakes as one clear error: exit code 1, or 2 for a wrong setting."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs a verb."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from None
        except MISTAKES as error:
            raise RefusedError(str(error)) from None


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="leadline")
def main() -> None:
    """Leadline scores incoming leads and hands the qualified ones to a sales rep with a deadline.

    `leadline init --sample` makes a house to look at; `leadline serve` opens its doors.
    """


for verb in (serve, init, config, db, demo, score, train, models, playbook, leads, keys):
    main.add_command(verb)
