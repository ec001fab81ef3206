"""Verbs on a machine whose clock is off: what they keep goes by the database's time."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from store.columns import Instant
from store.database import Database
from store.keys import list_keys
from store.models import add_version
from store.sweep import database_time
from store.tables import metadata
from tests.api.builders import HOT, House, model
from tests.skew import off_by, skew

HOUR = timedelta(hours=1)
NEWER = "2026-03-02.1"
SCRIPT = """
import json, sys
from api.cli import main
for words in json.loads(sys.argv[1]):
    main(words, standalone_mode=False)
"""

# A column and what stands in it.
Kept = set[tuple[str, datetime]]


def run_all(verbs: list[list[str]], environ: Mapping[str, str]) -> None:
    """Runs verbs one after the other in a process of its own."""
    command = (sys.executable, "-c", SCRIPT, json.dumps(verbs))
    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def kept(database: Database) -> tuple[Kept, datetime]:
    """Every instant that is kept, and what time it is for the database."""
    columns = [each for table in metadata.sorted_tables for each in table.c if isinstance(each.type, Instant)]
    with database.read() as tx:
        rows = [(str(column), at) for column in columns for at in tx.execute(select(column)).scalars() if at]
        return set(rows), database_time(tx)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_verbs_keep_goes_by_the_databases_time(each_house: House, tmp_path: Path, playbook: Path) -> None:
    """The machine is an hour ahead; nothing of what the verbs did lies there."""
    library, database = skew(tmp_path), each_house.database
    if library is None:
        pytest.skip("no C compiler, which putting a clock off needs")
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    with database.begin() as tx:
        add_version(tx, model(NEWER))
        key = list_keys(tx)[0].id
    environ = {
        "LEADLINE_HOME": str(tmp_path),
        "LEADLINE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
    }
    verbs = [
        ["playbook", "publish", str(playbook), "--because", "test"],
        ["playbook", "rollback", "--because", "test"],
        ["models", "shadow", NEWER],
        ["models", "shadow", "--off"],
        ["models", "promote", NEWER, "--force", "--because", "test"],
        ["models", "rollback", "--because", "test"],
        ["keys", "create", "--kind", "crm", "--name", "test"],
        ["keys", "revoke", key],
        ["reps", "absent", "Ana", "--to", "2100-01-01"],
        ["reps", "absent", "Ana", "--cancel"],
        ["reps", "absent", "Ben", "--to", "2100-01-01"],
        ["campaigns", "plan", "Winter", "--from", "2099-12-01", "--to", "2099-12-10", "--leads", "300"],
        ["campaigns", "cancel", "Winter"],
        ["leads", "erase", lead_id, "--yes"],
    ]
    before, since = kept(database)

    run_all(verbs, {**environ, **off_by(library, 3600)})

    after, until = kept(database)
    new = after - before
    assert [name for name, at in new if until < at < until + 2 * HOUR] == []
    assert {name for name, at in new if since <= at <= until} >= {
        *("publications.at", "promotions.at", "shadows.started_at", "shadows.ended_at", "keys.created_at"),
        *("keys.revoked_at", "absences.starts_at", "campaigns.planned_at", "campaigns.cancelled_at"),
        *("leads.updated_at", "assignments.ended_at", "events.at"),
    }
