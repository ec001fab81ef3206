"""Families are judged on rows that they never saw, by figures that can be checked by hand."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from models.card import FAMILIES, METRICS
from tests.training.builders import data, leads, number
from training.dataset import Dataset
from training.evaluate import ASIDE, Progress, Split, evaluate, judged_by_family, split_of
from training.fit import FOLDS, bag_of, folds_of
from training.metrics import intervals_of, judged, metrics_of
from training.plan import Plan
from training.search import DEFAULT
from training.table import DataError

PLAN = Plan(seed=0, search="none")

Metrics = Mapping[str, Mapping[str, float]]


def figures(given: Dataset, split: Split, progress: Progress, plan: Plan = PLAN) -> Metrics:
    """The figures of every family on a split."""
    answers = evaluate(given, split, plan, None, progress).answers
    return {family: metrics_of(each) for family, each in judged_by_family(given, split, answers).items()}


def silent(what: str, done: float) -> None:
    """Progress that nobody watches."""


@given(seed=st.integers(0, 500), sizes=st.lists(st.integers(1, 6), min_size=25, max_size=60))
def test_a_group_stands_in_one_fold_and_every_fold_has_both_outcomes(seed: int, sizes: list[int]) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    label = groups % 2 == 0

    folds = folds_of(label, groups, seed)

    assert all(len(set(folds[groups == group].tolist())) == 1 for group in groups.tolist())
    assert {(fold, outcome) for fold, outcome in zip(folds.tolist(), label.tolist(), strict=True)} == {
        (fold, outcome) for fold in range(FOLDS) for outcome in (True, False)
    }


def test_too_few_groups_are_refused() -> None:
    label = np.arange(90) % 2 == 0

    with pytest.raises(DataError) as refused:
        folds_of(label, np.arange(90) % 3, seed=0)

    assert str(refused.value) == (
        "the rows fall into 3 groups that must stay together, too few to share out both outcomes over 5 folds; "
        "name another --group column, or more columns to tell rows apart"
    )


def test_without_time_every_row_is_tested() -> None:
    given = leads(100)

    split = split_of(given, folds_of(given.label, given.groups, 0), seed=0)

    assert np.isin(split.folds, split.tested).all()
    assert split.about == "5 folds, each tested on models of the others; equal rows or groups on one side"


def test_with_time_the_newest_fifth_is_tested_on_models_of_the_past() -> None:
    order = np.random.default_rng(0).permutation(200)
    given = leads(200, order=order)

    split = split_of(given, folds_of(given.label, given.groups, 0), seed=0)

    assert order[np.isin(split.folds, split.tested)].min() == order[~np.isin(split.folds, split.tested)].max() + 1
    assert split.about == "trained on the past, tested on the newest 20% (40 rows)"


def test_a_row_of_the_past_that_comes_again_in_the_newest_fifth_is_left_out() -> None:
    groups = np.arange(200)
    groups[190] = 17
    given = leads(200, order=np.arange(200), groups=groups)

    split = split_of(given, folds_of(given.label, given.groups, 0), seed=0)

    assert np.flatnonzero(split.folds == ASIDE).tolist() == [17]
    assert split.about == (
        "trained on the past, tested on the newest 20% (40 rows); "
        "1 earlier rows equal to or grouped with these left out"
    )


def test_rows_of_one_time_stand_on_one_side() -> None:
    months = np.repeat(np.arange(10), 20)
    given = leads(200, order=np.searchsorted(months, months))

    split = split_of(given, folds_of(given.label, given.groups, 0), seed=0)
    odd_months = split_of(
        leads(200, order=np.repeat(np.arange(0, 200, 50), 50)), folds_of(given.label, given.groups, 0), 0
    )

    assert set(months[split.folds == FOLDS].tolist()) == {8, 9}
    assert (odd_months.folds == FOLDS).sum() == 50


def test_a_newest_fifth_with_one_outcome_only_is_refused() -> None:
    given = data([number("a", list(range(200)))], np.arange(200) % 2 * (np.arange(200) < 160) > 0, order=np.arange(200))

    with pytest.raises(DataError, match="the newest fifth, or the past without its groups, has one outcome only"):
        split_of(given, folds_of(given.label, given.groups, 0), seed=0)


@pytest.fixture(scope="module")
def by_lot() -> tuple[Metrics, list[float]]:
    """What evaluating outcomes drawn by lot came to, and the progress that was told."""
    given, told = by_lot_leads(), list[float]()
    folds = folds_of(given.label, given.groups, 0)
    found = figures(given, split_of(given, folds, 0), lambda what, done: told.append(done))
    return found, told


def by_lot_leads() -> Dataset:
    """Leads whose columns say nothing of the outcome; on the rows fitted, boosting would be far from 0.5."""
    return data(leads(400).columns, np.random.default_rng(4).random(400) < 0.5)


def test_each_family_has_every_metric(by_lot: tuple[Metrics, list[float]]) -> None:
    assert {family: tuple(metrics) for family, metrics in by_lot[0].items()} == dict.fromkeys(FAMILIES, METRICS)


def test_outcomes_drawn_by_lot_cannot_be_told_on_held_out_rows(by_lot: tuple[Metrics, list[float]]) -> None:
    assert all(abs(metrics["roc_auc"] - 0.5) < 0.1 for metrics in by_lot[0].values())


def test_progress_rises_to_the_end(by_lot: tuple[Metrics, list[float]]) -> None:
    assert (by_lot[1] == sorted(by_lot[1]), by_lot[1][-1]) == (True, 1.0)


def test_the_calibration_of_a_tested_fold_never_sees_its_outcomes() -> None:
    given = leads(250, order=np.arange(250))
    split = split_of(given, folds_of(given.label, given.groups, 0), seed=0)
    flipped = replace(given, label=np.where(split.folds == FOLDS, ~given.label, given.label))

    first, second = (figures(each, split, silent) for each in (given, flipped))

    # The same answers against opposite outcomes: whatever was right is wrong.
    assert [first[family]["roc_auc"] + second[family]["roc_auc"] for family in FAMILIES] == pytest.approx([1.0] * 4)


def test_what_two_columns_decide_together_the_additive_family_misses() -> None:
    random = np.random.default_rng(2)
    first, second = random.normal(size=(2, 600))
    columns = [number("a", first.tolist()), number("b", second.tolist())]
    given = data(columns, (first > 0) == (second > 0), order=np.arange(600))
    folds = folds_of(given.label, given.groups, 0)

    found = figures(given, split_of(given, folds, 0), silent)

    assert found["additive"]["roc_auc"] < 0.6 < 0.9 < found["served"]["roc_auc"]


def test_held_out_log_odds_come_from_the_member_that_was_not_fitted_on_the_row() -> None:
    given = by_lot_leads()

    held_out = bag_of(given, PLAN, DEFAULT).held_out

    assert abs(roc_auc_score(given.label, held_out) - 0.5) < 0.1


def test_a_column_that_a_fold_leaves_empty_trains_all_the_same() -> None:
    values = np.full(100, np.nan)
    given = leads(100)
    folds = folds_of(given.label, given.groups, 0)
    values[np.flatnonzero(folds == 0)[:3]] = (1.0, 2.0, 3.0)
    given = data([*given.columns, number("rarely", values.tolist())], given.label)

    assert np.isfinite(bag_of(given, PLAN, DEFAULT).held_out).all()


@pytest.mark.parametrize(
    ("log_odds", "expected"),
    [
        pytest.param([5, 4, 3, 2, 1, 0, 0, 0, 0, 0] * 2, 4.0 * 10 / 10, id="the best tenth all won"),
        pytest.param([1] * 20, 1.0, id="all equal: no better than chance"),
        pytest.param([-5, 0, 0, 0, 0, 0, 0, 0, 0, 0] * 2, (18 * 0 + 3 / 18) / 0.25, id="ties count in part"),
    ],
)
def test_lift_is_how_many_times_more_often_the_best_tenth_converts(log_odds: list[float], expected: float) -> None:
    label = np.array(([True] + [False] * 9) * 2)
    label[[1, 2, 12]] = True

    rows = judged(label, np.array(log_odds, dtype=np.float64), np.full(20, 0.5))

    assert metrics_of(rows)["lift_top_decile"] == pytest.approx(expected)


def test_calibration_error_is_the_mean_gap_over_tenths() -> None:
    probability = np.repeat(np.linspace(0.05, 0.95, 10), 20)
    label = np.concatenate([np.arange(20) < round(20 * each) for each in np.linspace(0.05, 0.95, 10)])
    shifted = probability.copy()
    shifted[:20] += 0.03

    found = [metrics_of(judged(label, each, each))["calibration_error"] for each in (probability, shifted)]

    assert found == pytest.approx([0.0, 0.003])


def test_the_metrics_of_a_small_table_are_those_of_the_textbook() -> None:
    label = np.array([True, False, True, False])

    found = metrics_of(judged(label, np.array([2.0, 1.0, 0.5, -1.0]), np.array([0.8, 0.6, 0.5, 0.2])))

    assert found == pytest.approx(
        {
            "roc_auc": 0.75,
            "pr_auc": (1 + 2 / 3) / 2,
            "log_loss": -np.mean(np.log([0.8, 0.4, 0.5, 0.8])),
            "brier": (0.2**2 + 0.6**2 + 0.5**2 + 0.2**2) / 4,
            "lift_top_decile": 2.0,
            # Tenths of 0.4 rows: two of them lie on a border, where excess and shortfall cancel.
            "calibration_error": 0.4 * (2 * 0.2 + 0.05 * 3 + 2 * 0.5 + 2 * 0.6 + 0.2 + 2 * 0.2) / 4,
        }
    )


@given(seed=st.integers(0, 10_000), rows=st.integers(5, 60), ties=st.sampled_from([0, 1, 8]))
def test_rows_counted_several_times_are_judged_as_scikit_learn_judges_their_copies(
    seed: int, rows: int, ties: int
) -> None:
    random = np.random.default_rng(seed)
    log_odds, label = np.round(random.normal(size=rows), ties), random.random(rows) < 0.4
    label[:2], probability = (True, False), random.uniform(0.01, 0.99, rows)
    counts = random.integers(0, 4, rows)
    counts[:2] = 1
    copies = np.repeat(np.arange(rows), counts)

    found = metrics_of(judged(label, log_odds, probability), counts)

    assert [found["roc_auc"], found["pr_auc"], found["log_loss"], found["brier"]] == pytest.approx(
        [
            roc_auc_score(label[copies], log_odds[copies]),
            average_precision_score(label[copies], log_odds[copies]),
            log_loss(label[copies], probability[copies]),
            brier_score_loss(label[copies], probability[copies]),
        ]
    )


def test_intervals_hold_the_figure_and_shrink_with_more_rows() -> None:
    widths = []
    for rows in (200, 3200):
        random = np.random.default_rng(1)
        log_odds = random.normal(size=rows)
        probability = 1 / (1 + np.exp(-log_odds))
        given = judged(random.random(rows) < probability, log_odds, probability)
        low, high = intervals_of(given, seed=0)["roc_auc"]
        assert low < metrics_of(given)["roc_auc"] < high
        widths.append(high - low)

    assert widths[0] / widths[1] == pytest.approx(4, rel=0.3)


def test_intervals_depend_on_the_seed_alone() -> None:
    given = judged(np.arange(60) % 3 == 0, np.arange(60.0) % 7, np.linspace(0.1, 0.9, 60))

    assert intervals_of(given, seed=1) == intervals_of(given, seed=1) != intervals_of(given, seed=2)


def test_the_interval_of_a_small_calibration_error_holds_it() -> None:
    random = np.random.default_rng(2)
    probability = random.uniform(0.05, 0.95, 4000)
    rows = judged(random.random(4000) < probability, np.log(probability / (1 - probability)), probability)

    low, high = intervals_of(rows, seed=0)["calibration_error"]

    assert 0 <= low < metrics_of(rows)["calibration_error"] < high
