"""`leadline models`: the versions that are kept, and which of them serves."""

import click
from sqlalchemy import select

from api.cli.house import RefusedError, json_option, now, opened, say_json, say_table, written_time
from models.version import ModelVersion
from store.database import Transaction
from store.models import champion, list_versions, promote, version
from store.tables import promotions
from training.report import report_json, report_text


@click.group()
def models() -> None:
    """List, show, promote and roll back model versions."""


@models.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List every version, newest first."""
    with opened() as database, database.read() as tx:
        found = list_versions(tx)
    if as_json:
        say_json(
            [
                {"version": each.name, "state": each.state, "created_at": each.created_at, **_figures(each)}
                for each in found
            ]
        )
        return
    say_table(
        ("version", "state", "created", "rows", "ROC-AUC", "PR-AUC", "log loss", "Brier", "lift"),
        (
            (
                each.name,
                each.state,
                written_time(each.created_at),
                f"{each.card.rows:,}",
                *(f"{value:.3f}" for value in _figures(each).values()),
            )
            for each in found
        ),
    )


@models.command()
@click.argument("name", metavar="VERSION")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show the training report of a VERSION."""
    with opened() as database, database.read() as tx:
        found = version(tx, name)
    if as_json:
        say_json({"state": found.state, **report_json(found)})
    else:
        click.echo(f"{found.name} ({found.state})\n")
        click.echo(report_text(found))


@models.command("promote")
@click.argument("name", metavar="VERSION")
@click.option("--because", default="", help="Why; kept for ever.")
@click.option("--by", default="command line", show_default=True, help="Who promotes it.")
def promote_version(name: str, because: str, by: str) -> None:
    """Make a VERSION serve; every server follows within two seconds."""
    with opened() as database, database.begin() as tx:
        promote(tx, name, by=by, because=because, now=now())
    click.echo(f"Model {name} serves.")


@models.command()
@click.option("--because", default="", help="Why; kept for ever.")
@click.option("--by", default="command line", show_default=True, help="Who rolls back.")
def rollback(because: str, by: str) -> None:
    """Make the version that served before serve again; every server follows within two seconds."""
    with opened() as database, database.begin() as tx:
        name = _served_before(tx)
        promote(tx, name, by=by, because=because, now=now())
    click.echo(f"Model {name} serves again.")


def _served_before(tx: Transaction) -> str:
    """The version that was promoted last before the one that serves. Raises: RefusedError when there is none."""
    current = champion(tx)
    names = tx.execute(select(promotions.c.name).order_by(promotions.c.at.desc(), promotions.c.id.desc())).scalars()
    before = next((name for name in names if current is not None and name != current.name), None)
    if before is None:
        raise RefusedError("no other version ever served; `leadline models list` lists those that are kept")
    return str(before)


def _figures(found: ModelVersion) -> dict[str, float]:
    served = found.card.metrics["served"]
    return {name: served[name] for name in ("roc_auc", "pr_auc", "log_loss", "brier", "lift_top_decile")}
