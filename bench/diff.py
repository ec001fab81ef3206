"""How long a playbook's diff takes on stored decisions: in one process and on all cores, beside reading them alone.

`python -m bench.diff [DECISIONS] [DATABASE_URL]`; the decisions are made for real, by the way every lead takes.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from api.cli.init import set_up_sample
from api.diff.chunks import Chunk, kept_chunks
from api.diff.run import compare
from api.intake import Sender, take_in
from api.serving import Served, read_served
from api.settings import Settings
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.lead import Activity
from store.database import Database, Transaction, connect, default_url
from store.keys import list_keys
from store.leads import add_activity, merge_lead
from store.replay import decision_ids
from training.rows import lead_of_row
from training.sample import sample_activities, sample_rows

DECISIONS = 5_000
BATCH = 200
SEED = 7
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAYS = 60

# What operations might try: engagement counts more, and the promise is longer.
EDITS = (
    ("weights: {fit: 0.75, engagement: 0.25}", "weights: {fit: 0.7, engagement: 0.3}"),
    ("respond_within: 15m", "respond_within: 30m"),
)


def main(count: int = DECISIONS, url: str | None = None) -> None:
    """Make a house full of decisions, then compare its playbook with an edited one in turns."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), database_url=url or default_url(Path(folder)))
        set_up_sample(settings)
        database = connect(settings.database_url)
        start = time.perf_counter()
        _fill(database, count)
        _say(f"{count:,} decisions made and kept in {time.perf_counter() - start:.1f} s")
        with database.read() as tx:
            ids = decision_ids(tx)
        _measure(kept_chunks(settings.database_url, ids), len(ids))
        database.close()


def _fill(database: Database, count: int) -> None:
    """Let leads arrive over some weeks, each after what it did before."""
    with database.read() as tx:
        served, key = read_served(tx), list_keys(tx)[0].id
    rows, chance = sample_rows(count, SEED, newest=NOW), Random(SEED)
    for first in range(0, count, BATCH):
        with database.begin() as tx:
            for number, row in enumerate(rows[first : first + BATCH], start=first):
                at = NOW - timedelta(days=DAYS * (1 - number / count), seconds=chance.random())
                _arrive(tx, row, at, served, key)


def _arrive(tx: Transaction, row: Mapping[str, str], at: datetime, served: Served, key: str) -> None:
    """Let one lead in the way a CRM does, with what it did in the week before it came."""
    age = at - datetime.fromisoformat(row["created_at"])
    lead = replace(lead_of_row({**row, "created_at": at.isoformat()}, at).lead, external_id=str(uuid4()))
    known = merge_lead(tx, lead, at)
    for each in sample_activities(row, SEED):
        add_activity(tx, known.id, Activity(kind=each["kind"], at=datetime.fromisoformat(each["at"]) + age), at)
    take_in(tx, lead, {"external_id": lead.external_id}, Sender(key_id=key), served, at)


def _measure(chunks: Sequence[Chunk], count: int) -> None:
    old, new = _compiled(sample_playbook()), _compiled(_edited())
    ways: dict[str, Callable[[], object]] = {
        "reading the decisions alone": lambda: [sum(1 for _ in chunk.decided([])) for chunk in chunks],
        "diff in one process": lambda: compare(chunks, old, new),
        f"diff in {os.cpu_count()} processes": lambda: compare(chunks, old, new, jobs=os.cpu_count() or 1),
    }
    seconds = {}
    for name, way in ways.items():
        start = time.perf_counter()
        way()
        seconds[name] = time.perf_counter() - start
    floor = next(iter(seconds.values()))
    for name, each in seconds.items():
        _say(f"  {name:<30}{each:>8.1f} s{count / each:>10,.0f} decisions a second{each / floor:>8.1f} x")


def _compiled(text: str) -> Compiled:
    return compile_playbook(read_playbook(text))


def _edited() -> str:
    text = sample_playbook()
    for was, now in EDITS:
        if was not in text:
            raise ValueError(f"the sample playbook has no {was!r} any more; edit EDITS")
        text = text.replace(was, now)
    return text


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS, sys.argv[2] if len(sys.argv) > 2 else None)
