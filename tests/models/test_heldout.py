"""The rows a version was judged on come back as they were kept, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.heldout import HeldOutRow, held_out_path, keep_held_out, read_held_out
from models.version import ModelError
from scoring.facts import Facts
from scoring.lead import Value

TESTED = HeldOutRow(
    row=0,
    facts=Facts(values={"employees": 12.5, "huge": 10**30, "source": "Zürich\n", "tags": ("a", 2), "agreed": True}),
    label=True,
    group=3,
    order=7,
    tested=True,
    log_odds=-0.1,
    probability=0.475,
)
TRAINED_ON = replace(TESTED, row=1, label=False, order=None, tested=False, log_odds=None, probability=None)


def test_rows_come_back_as_they_were_kept(tmp_path: Path) -> None:
    keep_held_out(tmp_path, "v", [TESTED, TRAINED_ON])

    assert list(read_held_out(tmp_path, "v")) == [TESTED, TRAINED_ON]


def test_a_time_comes_back_as_its_text(tmp_path: Path) -> None:
    values: dict[str, Value] = {"seen": datetime(2026, 1, 2, tzinfo=UTC)}
    keep_held_out(tmp_path, "v", [replace(TESTED, facts=Facts(values=values))])

    [row] = read_held_out(tmp_path, "v")

    assert row.facts.values == {"seen": "2026-01-02T00:00:00+00:00"}


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    keep_held_out(tmp_path, "v", [TESTED])

    assert held_out_path(tmp_path, "v").stat().st_mode & 0o777 == 0o600


def test_rows_that_are_not_there_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^the held-out rows of v are not in .*: train the version again$"):
        list(read_held_out(tmp_path, "v"))


def test_a_changed_line_is_refused_by_its_number(tmp_path: Path) -> None:
    keep_held_out(tmp_path, "v", [TESTED, TRAINED_ON])
    path = held_out_path(tmp_path, "v")
    path.write_text(path.read_text().replace('"row": 1', '"row": -1'))

    with pytest.raises(ModelError, match=r"^v\.heldout\.jsonl:2: row: must be a whole number from 0 on$"):
        list(read_held_out(tmp_path, "v"))
