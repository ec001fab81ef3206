"""Thirty kills in all, fifteen on each database; `python -m tests.crash --kills N` does more."""

from pathlib import Path

from store.database import Database
from tests.crash.run import crash


def test_whatever_is_killed_nothing_is_lost_nothing_doubled_and_every_clock_fires_once(
    database: Database, tmp_path: Path
) -> None:
    """On PostgreSQL the processes' clocks are minutes off, two ahead and one behind."""
    outcome = crash(database, tmp_path, kills=15, seed=1)

    assert outcome.broken == ()
    assert sum(outcome.killed.values()) == 15
    assert outcome.taken_over > 0
