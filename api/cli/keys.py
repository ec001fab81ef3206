"""`leadline keys`: who may use which door."""

import click

from api.cli.house import RefusedError, json_option, opened, say_json, say_table, written_time
from api.errors import NotReadyError
from api.serving import read_active_playbook
from rules.problems import PlaybookError
from store.database import Transaction
from store.keys import KeyKind, create_key, list_keys, revoke_key
from store.sweep import database_time

KINDS = ("form", "crm", "analyst", "ops", "admin")


@click.group()
def keys() -> None:
    """Make, list and revoke the keys that open the HTTP doors."""


@keys.command()
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Which doors it opens; admin opens all.")
@click.option("--name", required=True, help="Whose key it is; for a form, the form's name in the playbook.")
@json_option
def create(kind: KeyKind, name: str, as_json: bool) -> None:
    """Make a key and print it. It is shown this once; what is kept is a hash."""
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise click.BadParameter("1 to 100 printable characters", param_hint="--name")
    with opened() as database, database.begin() as tx:
        warning = _unknown_form(tx, name) if kind == "form" else None
        text = create_key(tx, kind, name, database_time(tx))
    if as_json:
        say_json({"kind": kind, "name": name, "key": text})
    else:
        click.echo(text)
    if warning:
        click.echo(f"Warning: {warning}", err=True)


@keys.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List every key, oldest first, without its secret; a form's key is public and is shown."""
    with opened() as database, database.read() as tx:
        found = list_keys(tx)
    if as_json:
        say_json([
            {
                "id": key.id,
                "kind": key.kind,
                "name": key.name,
                "key": key.text,
                "created_at": key.created_at,
                "revoked_at": key.revoked_at,
            }
            for key in found
        ])  # fmt: skip
        return
    say_table(
        ("id", "kind", "name", "created", "revoked", "public key"),
        (
            (key.id, key.kind, key.name, written_time(key.created_at), written_time(key.revoked_at), key.text)
            for key in found
        ),
    )


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Revoke the key of an ID (see `keys list`); it opens nothing from now on."""
    with opened() as database, database.begin() as tx:
        revoked = revoke_key(tx, key_id, database_time(tx))
    if not revoked:
        raise RefusedError(f"no key {key_id} is in force; `leadline keys list` shows those that are")
    click.echo(f"Key {key_id} is revoked.")


def _unknown_form(tx: Transaction, name: str) -> str | None:
    """What to warn of when no playbook knows the form; the key may well be made before the form is published."""
    try:
        forms = read_active_playbook(tx).playbook.forms
    except (NotReadyError, PlaybookError):
        return f"no playbook is in force; its forms must include {name} before this key takes leads"
    return None if name in forms else f"the playbook in force has no form {name}; it has {', '.join(forms) or 'none'}"
