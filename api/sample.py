"""A house to look at: sample data, the sample playbook, a key of each kind."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from api.files import whole_file
from rules.sample import sample_cases, sample_playbook
from store.database import Database
from store.keys import Key, KeyKind, create_key, find_key
from store.playbooks import active_playbook, publish
from training.sample import sample_csv, sample_rows

ROWS = 6_000
SEED = 20_261_124
LABEL = "converted"
BY = "leadline init"
KEYS: Mapping[KeyKind, str] = {"form": "demo", "crm": "sample", "analyst": "sample", "ops": "sample", "admin": "sample"}


def write_leads(home: Path) -> Path:
    """Where the sample data set stands; it is written when it is not there, the same each time."""
    path = home / "sample" / "leads.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(sample_csv(sample_rows(ROWS, SEED)))
    return path


def publish_sample(database: Database, now: datetime) -> int | None:
    """The number of the sample playbook just published; None where a playbook is in force already."""
    with database.begin() as tx:
        if active_playbook(tx) is not None:
            return None
        why = "A playbook to look at"
        return publish(tx, sample_playbook(), cases=sample_cases(), by=BY, because=why, now=now)


def make_keys(home: Path, database: Database, now: datetime) -> bool:
    """Makes a key of each kind and writes them where only their owner reads them; says if that was needed.

    Keys of an earlier start do, as long as all of them are in force in this database.
    """
    known = read_keys(home)
    with database.read() as tx:
        if known and all(_in_force(find_key(tx, text)) for text in known.values()):
            return False
    with whole_file(_keys_file(home), mode=0o600) as file, database.begin() as tx:
        json.dump({kind: create_key(tx, kind, name, now) for kind, name in KEYS.items()}, file, indent=2)
    return True


def read_keys(home: Path) -> dict[str, str]:
    """The sample keys by kind; empty where none were made."""
    path = _keys_file(home)
    if not path.exists():
        return {}
    keys: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return keys


def _in_force(key: Key | None) -> bool:
    return key is not None and key.revoked_at is None


def _keys_file(home: Path) -> Path:
    return home / "sample-keys.json"
