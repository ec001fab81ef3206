"""`leadline init`: a home, a database, and samples where they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.cli.house import FILE, errors, reaching, settings, time_of
from api.cli.progress import training_progress
from api.cli.publish import cases_beside, publish_file
from api.files import make_folder
from api.sample import BY, LABEL, SEED, make_keys, publish_sample, write_leads
from api.settings import Settings
from store.database import Database, connect, upgrade
from store.models import champion, promote
from store.sweep import database_time


@click.command()
@click.option("--sample", is_flag=True, help="Also train a sample model, publish the sample playbook and make keys.")
@click.option("--playbook", type=FILE, help="Also publish this playbook.")
def init(sample: bool, playbook: Path | None) -> None:
    """Create Leadline's home and its database; safe to repeat.

    What serving needs besides: a model (`leadline train`, `leadline models promote`), a playbook
    (`leadline playbook publish`) and keys (`leadline keys create`). --sample makes all three where they are missing.
    """
    found = settings()
    if sample:
        set_up_sample(found)
    else:
        with created(found):
            pass
    if playbook:
        beside = cases_beside(playbook)
        number = publish_file(
            playbook, because="Given to leadline init", by=BY, cases=beside if beside.exists() else None
        )
        click.echo(f"Playbook {number} is in force.")
    click.echo(f"Leadline's home is {found.home}.")


@contextmanager
def created(found: Settings) -> Iterator[Database]:
    """The database for one block, its home and its tables made where they are missing."""
    make_folder(found.home)
    database = connect(found.database_url)
    with reaching(database):
        upgrade(database)
        yield database


def set_up_sample(found: Settings) -> None:
    """Makes everything a first look needs, each part where it is missing, and says what it does."""
    console = errors()
    with created(found) as database:
        with database.read() as tx:
            trained = champion(tx) is not None
        if not trained:
            console.print("Training the sample model...")
            _train_sample(found, database)
        if number := publish_sample(database, time_of(database)):
            console.print(f"The sample playbook is in force as number {number}.")
        if make_keys(found.home, database, time_of(database)):
            console.print("A key of each kind is made.")


def _train_sample(found: Settings, database: Database) -> None:
    # Loaded here: it takes a second, and a house that is set up has no need of it.
    from api.candidates import train_candidate
    from training.dataset import dataset
    from training.plan import Plan
    from training.read import read_table

    now = time_of(database)
    data = dataset(read_table(write_leads(found.home)), label=LABEL, time="created_at", now=now)
    plan = Plan(seed=SEED, search="none", jobs=-1)
    with training_progress() as heard:
        trained = train_candidate(database, found.home, data, now=now, plan=plan, progress=heard)
    with database.begin() as tx:
        promote(tx, trained.name, by=BY, because="A model to look at", now=database_time(tx))
    errors().print(f"Model {trained.name} serves; `leadline models show {trained.name}` has its report.")
