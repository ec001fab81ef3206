"""The rows that two versions can be judged on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.heldout import HeldOutRow, keep_held_out
from models.shared import Labelled, scored_rows, shared_rows
from models.version import ModelError, ModelVersion
from scoring.scorecard import NumberFeature
from tests.builders import facts, scorecard
from tests.models.builders import card, version

A, B = "2026-03-01.1", "2026-03-01.2"
CHANGED = "it cannot be excluded that {} knew some of the others by values that changed since"


def row(number: int, *, tested: bool = True, label: bool = True, **values: Any) -> HeldOutRow:
    """A row of a data set; a tested one got log-odds like its number."""
    return HeldOutRow(
        row=number,
        facts=facts(**{"source": "TV", "email_kind": "free", **(values or {"employees": number})}),
        label=label,
        group=number,
        order=None,
        tested=tested,
        log_odds=float(number) if tested else None,
        probability=0.5 if tested else None,
    )


def trained(name: str, checksum: str) -> ModelVersion:
    """A version trained on the data of a checksum."""
    return version(name, card=card(checksum=checksum))


def test_on_the_same_data_both_are_judged_by_what_was_said_unseen(tmp_path: Path) -> None:
    keep_held_out(tmp_path, A, [row(0), row(1), row(2, tested=False), row(3)])
    keep_held_out(tmp_path, B, [row(0), row(1), row(2)])

    shared = shared_rows(tmp_path, trained(A, "same"), trained(B, "same"))

    assert [(each.first.log_odds, each.second.log_odds) for each in shared.rows] == [(0.0, 0.0), (1.0, 1.0)]
    assert shared.doubts == ()


def test_on_other_data_rows_that_the_other_was_trained_on_are_left_out(tmp_path: Path) -> None:
    """Also those that it was only fitted on, never tested."""
    keep_held_out(tmp_path, A, [row(1), row(2), row(3)])
    keep_held_out(tmp_path, B, [row(7, employees=3), row(8, tested=False, employees=2), row(9, employees=5)])

    shared = shared_rows(tmp_path, trained(A, "one"), trained(B, "other"))

    assert [(each.first.log_odds, each.second.log_odds) for each in shared.rows] == [(1.0, -2.75), (-2.75, 9.0)]
    assert shared.doubts == (
        f"rows left out because {B} was trained on equal ones: 2; {CHANGED.format(B)}",
        f"rows left out because {A} was trained on equal ones: 1; {CHANGED.format(A)}",
    )


def test_columns_that_one_left_out_do_not_hide_a_row(tmp_path: Path) -> None:
    """Rows are equal when they are by what both know of them."""
    keep_held_out(tmp_path, A, [row(1, employees=1), row(2, employees=2)])
    keep_held_out(tmp_path, B, [row(5, employees=1, city="Oslo")])

    assert len(shared_rows(tmp_path, trained(A, "one"), trained(B, "other")).rows) == 1


def test_rows_without_what_the_other_reads_are_no_fair_ones(tmp_path: Path) -> None:
    keep_held_out(tmp_path, A, [row(1), row(2)])
    age = NumberFeature(name="age", edges=(), values=(0.0, 0.0))
    reading = replace(scorecard(version=B), features=(*scorecard().features, age))
    other = replace(trained(B, "other"), scorecard=reading)

    shared = shared_rows(tmp_path, trained(A, "one"), other)

    assert (shared.rows, shared.doubts) == ((), (f"rows left out because no row has age, which {B} reads: 2",))


def test_where_only_one_has_its_rows_the_other_may_have_seen_them(tmp_path: Path) -> None:
    keep_held_out(tmp_path, B, [row(1)])

    shared = shared_rows(tmp_path, trained(A, "same"), trained(B, "same"))

    assert [(each.first.log_odds, each.second.log_odds) for each in shared.rows] == [(-2.75, 1.0)]
    assert shared.doubts == (
        f"it cannot be excluded that {A} was trained on some rows: those it was trained on are not here",
    )


def test_without_rows_nothing_can_be_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="are not kept in"):
        shared_rows(tmp_path, trained(A, "one"), trained(B, "one"))


def test_versions_for_different_outcomes_are_not_compared(tmp_path: Path) -> None:
    keep_held_out(tmp_path, A, [row(0)])
    keep_held_out(tmp_path, B, [row(0, label=False)])

    with pytest.raises(ModelError, match="for different outcomes"):
        shared_rows(tmp_path, trained(A, "same"), trained(B, "same"))


def test_rows_from_elsewhere_lose_those_that_either_was_trained_on(tmp_path: Path) -> None:
    keep_held_out(tmp_path, A, [row(1)])
    keep_held_out(tmp_path, B, [row(2)])
    elsewhere = [Labelled(facts=facts(employees=number), label=True) for number in (1, 2, 3, 1200)]

    shared = scored_rows(tmp_path, trained(A, "one"), trained(B, "other"), elsewhere, "of a file")

    assert [each.first.log_odds for each in shared.rows] == [-2.0, 1.0]
