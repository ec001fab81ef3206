"""What an analyst asks of a training run is checked, and kept to."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.facts import Facts
from scoring.scorecard import Calibration, appraise
from tests.training.builders import data, leads, number
from training.compile import compile_scorecard
from training.evaluate import evaluate, split_of
from training.fit import bag_of, folds_of
from training.plan import Plan, check_half_lives, constraints_of
from training.recency import half_life_of, weights_of
from training.search import DEFAULT, Setting, settings_of, simplest
from training.table import DataError

DAY = 86_400.0


def test_a_monotone_column_never_lowers_the_score_as_it_rises() -> None:
    given = leads(300, seed=5)
    plan = Plan(seed=0, search="none", monotone={"employees": 1, "minutes": -1})
    members = bag_of(given, plan, DEFAULT).members
    scorecard = compile_scorecard(
        members, given.columns, version="v", calibration=Calibration(kind="sigmoid"), reference=(-1.0, 1.0)
    )

    def said(row: int, name: str, value: float) -> float:
        return appraise(scorecard, Facts(values={**given.facts[row].values, name: value})).log_odds

    for row in range(0, 300, 30):
        rising = [said(row, "employees", value) for value in np.geomspace(1, 1e5, 60).tolist()]
        falling = [said(row, "minutes", value) for value in np.linspace(0, 40, 60).tolist()]
        assert all(low <= high + 1e-9 for low, high in pairwise(rising))
        assert all(low >= high - 1e-9 for low, high in pairwise(falling))


def test_columns_that_cannot_be_monotone_are_named_all_at_once() -> None:
    plan = Plan(seed=0, monotone={"employes": 1, "source": -1, "age": 1})

    with pytest.raises(DataError) as refused:
        constraints_of(plan, leads(50).columns)

    assert str(refused.value) == (
        "--monotone: no column 'employes' trains; did you mean 'employees'?; 'source' is a category, which neither "
        "rises nor falls; no column 'age' trains; those that do are employees, source, minutes"
    )


def drifting(rows: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers whose meaning turns round halfway through time, outcomes, and times in days."""
    random = np.random.default_rng(3)
    values, times = random.normal(size=rows), np.arange(rows) * DAY
    sign = np.where(np.arange(rows) < rows * 0.45, -1, 1)
    return values, random.random(rows) < 1 / (1 + np.exp(-3 * sign * values)), times


def test_where_the_world_has_turned_older_rows_weigh_less() -> None:
    values, label, times = drifting()
    given = data([number("a", values.tolist())], label, times=times, order=np.arange(600), dated=True)
    plan = Plan(seed=0, search="none", half_lives=(30 * DAY, 1e6 * DAY))

    assert half_life_of(given, plan, np.ones(600, dtype=np.bool_)) == 30 * DAY


def test_where_nothing_changes_all_rows_weigh_alike() -> None:
    given = leads(600, times=np.arange(600) * DAY, order=np.arange(600), dated=True)
    plan = Plan(seed=0, search="none", half_lives=(30 * DAY,))

    assert half_life_of(given, plan, np.ones(600, dtype=np.bool_)) is None


def test_the_newest_rows_do_not_choose_how_they_are_judged() -> None:
    values, label, times = drifting()
    among = np.arange(600) < 240
    given = data([number("a", values.tolist())], label, times=times, order=np.arange(600), dated=True)

    assert half_life_of(given, Plan(seed=0, half_lives=(30 * DAY,)), among) is None


def test_a_row_one_half_life_older_weighs_half() -> None:
    found = weights_of(np.array([0.0, 10.0, 20.0]), 10.0)

    assert (found is not None and found.tolist(), weights_of(np.zeros(3), None)) == ([0.25, 0.5, 1.0], None)


@pytest.mark.parametrize(
    ("over", "half_life", "says"),
    [
        pytest.param(
            {}, DAY, "--half-life needs --time: without a time column no row is older than another", id="none"
        ),
        pytest.param(
            {"times": np.arange(100) * DAY, "dated": True},
            1.0,
            "--half-life does not suit the time column, which spans 99.0 days: write it in days, 90d",
            id="seconds",
        ),
        pytest.param(
            {"times": np.arange(100.0)},
            180 * DAY,
            "--half-life does not suit the time column, which spans 99: write it as a number in the column's own unit",
            id="days of numbers",
        ),
    ],
)
def test_half_lives_that_make_no_sense_are_refused(over: dict[str, Any], half_life: float, says: str) -> None:
    with pytest.raises(DataError) as refused:
        check_half_lives(Plan(seed=0, half_lives=(half_life,)), leads(100, **over))

    assert str(refused.value) == says


@given(
    seed=st.integers(0, 100), rows=st.integers(5, 200), shifts=st.lists(st.floats(-0.1, 0.3), min_size=1, max_size=5)
)
def test_the_simplest_within_one_error_is_no_worse_than_that(seed: int, rows: int, shifts: list[float]) -> None:
    random = np.random.default_rng(seed)
    losses = [random.random(rows) + shift for shift in shifts]

    chosen = simplest(losses)
    best = min(losses, key=lambda each: float(each.mean()))

    def within(each: np.ndarray) -> bool:
        excess = each - best
        return bool(excess.mean() <= excess.std() / np.sqrt(rows))

    assert within(losses[chosen])
    assert not any(within(each) for each in losses[:chosen])


@pytest.mark.parametrize("family", ["pairwise", "logistic", "additive", "unrestricted"])
@pytest.mark.parametrize("search", ["none", "quick", "thorough"])
def test_settings_come_the_simplest_first_and_by_the_seed_alone(family: str, search: str) -> None:
    found = settings_of(family, search, 7)  # type: ignore[arg-type] # the table's words are those of Search

    assert found == settings_of(family, search, 7)  # type: ignore[arg-type] # as above
    assert [each.complexity for each in found] == sorted(each.complexity for each in found)
    assert len(found) == len(set(found))


def test_a_search_finds_that_few_leaves_are_enough_where_one_column_says_all() -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=150)
    label = random.random(150) < 1 / (1 + np.exp(-values))
    given = data([number("a", values.tolist())], label, order=np.arange(150))
    plan = Plan(seed=0, search="quick")

    found = evaluate(given, split_of(given, folds_of(given.label, given.groups, 0), 0), plan, None, lambda *_: None)

    assert found.settings["served"] == min(settings_of("pairwise", "quick", 0), key=lambda each: each.complexity)


@settings(max_examples=25)
@given(trees=st.integers(1, 500), leaves=st.integers(2, 31))
def test_fewer_leaves_in_all_are_simpler(trees: int, leaves: int) -> None:
    assert Setting(trees=trees, leaves=leaves).complexity < Setting(trees=trees + 1, leaves=leaves).complexity
