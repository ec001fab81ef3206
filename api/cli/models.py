"""`leadline models`: the versions that are kept, and which of them serves."""

from pathlib import Path

import click

from api.cli.compare import compare_versions
from api.cli.drift import drift_verb
from api.cli.house import FILE, json_option, opened, say_json, say_table, settings, time_of, written_time
from api.cli.model_report import show
from api.files import read_bytes, whole_file
from api.model_documents import listed_version, summary
from api.promoting import promote_judged
from models.exchange import exported, imported, renamed
from models.version import ModelError, ModelVersion
from store.models import UnreadableVersion, add_version, list_versions, roll_back, version
from store.shadow import end_shadow, running_shadow, start_shadow
from store.sweep import database_time

OUT = click.Path(dir_okay=False, path_type=Path)
COLUMNS = ("roc_auc", "pr_auc", "log_loss", "brier", "lift_top_decile")
# What stands for who trained a version that cannot be read, on how many rows, and its metrics.
NOTHING = ("",) * (2 + len(COLUMNS))


@click.group()
def models() -> None:
    """List, show, compare, promote and roll back model versions."""


models.add_command(compare_versions)
models.add_command(drift_verb)
models.add_command(show)


@models.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List every version, newest first."""
    with opened() as database, database.read() as tx:
        found = list_versions(tx)
    if as_json:
        say_json([listed_version(each) for each in found])
        return
    headers = ("version", "state", "created", "by", "rows", "ROC-AUC", "PR-AUC", "log loss", "Brier", "lift")
    say_table(headers, map(_row, found))
    for each in found:
        if isinstance(each, UnreadableVersion):
            click.echo(f"\nUnreadable: {each.problem}")


@models.command("promote")
@click.argument("name", metavar="VERSION")
@click.option("--because", default="", help="Why; kept for ever.")
@click.option("--force", is_flag=True, help="In spite of what speaks against it; needs --because.")
@click.option("--by", default="command line", show_default=True, help="Who promotes it.")
@json_option
def promote_version(name: str, because: str, force: bool, by: str, as_json: bool) -> None:
    """Make a VERSION serve; every server follows within two seconds.

    Refused where it is significantly worse than the version that serves on rows that neither was trained on, or where
    the playbook in force does not declare an attribute that it reads.
    """
    if force and not because.strip():
        raise click.UsageError("--force needs --because: it is kept for ever")
    with opened() as database:
        now = time_of(database)
        judged = promote_judged(database, settings().home, name, by=by, because=because, force=force, now=now)
    if as_json:
        said = {"version": name, "before": judged.before, "overruled": judged.reasons, "notes": judged.notes}
        say_json(said)
        return
    for line in (*(f"Overruled: {reason}" for reason in judged.reasons), *(f"Note: {note}" for note in judged.notes)):
        click.echo(line)
    click.echo(f"Model {name} serves.")


@models.command()
@click.option("--because", default="", help="Why; kept for ever.")
@click.option("--by", default="command line", show_default=True, help="Who rolls back.")
@json_option
def rollback(because: str, by: str, as_json: bool) -> None:
    """Make the version that served before serve again; every server follows within two seconds.

    Each time one step further back.
    """
    with opened() as database, database.begin() as tx:
        name = roll_back(tx, by=by, because=because, now=database_time(tx))
    if as_json:
        say_json({"version": name})
    else:
        click.echo(f"Model {name} serves again.")


@models.command()
@click.argument("name", metavar="[VERSION]", required=False)
@click.option("--off", is_flag=True, help="End the silent scoring.")
@click.option("--by", default="command line", show_default=True, help="Who starts it.")
@json_option
def shadow(name: str | None, off: bool, by: str, as_json: bool) -> None:
    """Let a VERSION score live leads in silence beside the one that serves; without VERSION, say which one does.

    Workers score each decision after it was made, so intake is neither slowed nor stopped, and nobody but an analyst
    sees it. `leadline models compare` shows where the two differ.
    """
    if off and name:
        raise click.UsageError("--off takes no VERSION")
    with opened() as database:
        if off or name:
            with database.begin() as tx:
                if name:
                    start_shadow(tx, name, by=by, now=database_time(tx))
                else:
                    end_shadow(tx, database_time(tx))
        with database.read() as tx:
            running = running_shadow(tx)
    if as_json:
        say_json({"shadow": running.name if running else None, "since": running.started_at if running else None})
    elif running is None:
        click.echo("No version scores in silence.")
    else:
        click.echo(f"Model {running.name} scores in silence since {written_time(running.started_at)}.")


@models.command("export")
@click.argument("name", metavar="VERSION")
@click.option("-o", "--output", type=OUT, help="Where to write; standard output when left out.")
@json_option
def export_version(name: str, output: Path | None, as_json: bool) -> None:
    """Write a VERSION as one JSON file: its scorecard, its card, where it comes from, sealed with a checksum."""
    with opened() as database, database.read() as tx:
        text = exported(version(tx, name))
    if output is None:
        click.echo(text, nl=False)
        return
    with whole_file(output) as written:
        written.write(text.decode())
    if as_json:
        say_json({"version": name, "file": str(output), "bytes": len(text)})
    else:
        click.echo(f"Model {name} is in {output} ({len(text):,} bytes).")


@models.command("import")
@click.argument("file", type=FILE)
@click.option("--as", "name", help="Keep it under this name; the name in the file when left out.")
@json_option
def import_version(file: Path, name: str | None, as_json: bool) -> None:
    """Keep the version in FILE, which `leadline models export` wrote, as a candidate.

    A file that was changed or is malformed is refused, with every problem. Nothing in it is ever run.
    """
    try:
        found = imported(read_bytes(file))
    except ModelError as error:
        raise ModelError("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from None
    found = renamed(found, name) if name else found
    with opened() as database, database.begin() as tx:
        add_version(tx, found)
    if as_json:
        say_json(summary(found))
    else:
        click.echo(f"Model {found.name} is kept as a candidate.")


def _row(found: ModelVersion | UnreadableVersion) -> tuple[str, ...]:
    if isinstance(found, UnreadableVersion):
        return (found.name, f"{found.state}, unreadable", written_time(found.created_at), *NOTHING)
    served = found.card.metrics["served"]
    made = (found.name, found.state, written_time(found.created_at), found.by, f"{found.card.rows:,}")
    return (*made, *(f"{served[name]:.3f}" for name in COLUMNS))
