"""A compiled scorecard says what its models say, in tables that average zero over the population."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from scoring.scorecard import Calibration, NumberFeature, Scorecard, appraise
from tests.training.builders import category, data, leads, number
from training.compile import CompileError, compile_scorecard
from training.dataset import Dataset, matrix
from training.fit import log_odds_of
from training.purify import purified

SIGMOID = Calibration(kind="sigmoid")


def fitted(given: Dataset, **over: Any) -> Any:
    """A small boosting model of the data set."""
    options: dict[str, Any] = {
        "max_iter": 8,
        "max_leaf_nodes": 6,
        "min_samples_leaf": 5,
        "interaction_cst": "pairwise",
        "early_stopping": False,
        "categorical_features": [column.kind == "category" for column in given.columns],
        "random_state": 0,
    }
    with threadpool_limits(1):
        return HistGradientBoostingClassifier(**{**options, **over}).fit(matrix(given), given.label)


def compiled(given: Dataset, *members: Any) -> Scorecard:
    """The members' scorecard."""
    return compile_scorecard(members, given.columns, version="v", calibration=SIGMOID, reference=(-1.0, 1.0))


def gap(scorecard: Scorecard, given: Dataset, *members: Any) -> float:
    """The largest difference between the scorecard and the members' mean over the data set's rows."""
    said = [appraise(scorecard, facts).log_odds for facts in given.facts]
    expected = np.mean([log_odds_of(member, matrix(given)) for member in members], axis=0)
    return float(np.abs(said - expected).max())


def odd_numbers(random: np.random.Generator, rows: int) -> list[float]:
    """Numbers with ties, gaps, huge and tiny ones, and missing ones."""
    few, many = (
        random.integers(-3, 4, rows).astype(np.float64),
        random.normal(size=rows) * 10.0 ** random.integers(-9, 9),
    )
    odd = random.choice([0.0, -0.0, 1e300, -1e300, 5e-324, 2.0**53, np.nan], rows)
    return [float(each) for each in np.choose(random.integers(3, size=rows), [few, many, odd])]


@given(
    seed=st.integers(0, 10_000), rows=st.integers(30, 90), constraint=st.sampled_from(["pairwise", "no_interactions"])
)
@settings(max_examples=30)
def test_a_scorecard_says_what_its_models_say_whatever_the_numbers(seed: int, rows: int, constraint: str) -> None:
    random = np.random.default_rng(seed)
    codes = random.choice([0.0, 1.0, 2.0, 3.0, np.nan], rows).tolist()
    columns = [number("a", odd_numbers(random, rows)), category("b", codes), number("c", odd_numbers(random, rows))]
    given = data(columns, np.arange(rows) % 2 == random.integers(2, size=rows))
    given.label[:2] = (False, True)
    members = [fitted(given, interaction_cst=constraint), fitted(given, max_iter=3, max_bins=8)]

    assert gap(compiled(given, *members), given, *members) < 1e-9


def test_a_category_that_a_member_never_met_is_missing_to_it() -> None:
    whole = leads()
    part = leads()
    part.columns[1].values[part.columns[1].values >= 2] = np.nan
    member = fitted(part)

    assert gap(compiled(whole, member), whole, member) < 1e-9


@pytest.mark.parametrize("kind", ["number", "category"])
def test_columns_of_one_kind_only_are_compiled(kind: str) -> None:
    given = leads()
    given = data([column for column in given.columns if column.kind == kind], given.label)
    member = fitted(given)

    assert gap(compiled(given, member), given, member) < 1e-9


def test_missing_may_be_all_that_a_split_asks() -> None:
    values = [1.0, 2.0, float("nan"), float("nan")] * 20
    given = data([number("a", values)], [value != value for value in values])
    member = fitted(given)

    scorecard = compiled(given, member)

    assert (
        gap(scorecard, given, member) < 1e-9,
        scorecard.features[0].values[0] < scorecard.features[0].values[-1],
    ) == (
        True,
        True,
    )


def test_every_table_averages_zero_over_the_population() -> None:
    given = leads()
    scorecard = compiled(given, fitted(given, max_iter=30))

    means = np.mean(
        [[each.log_odds for each in appraise(scorecard, facts).attributes] for facts in given.facts], axis=0
    )

    assert np.abs(means).max() < 1e-9


def test_a_pair_holds_only_what_its_features_do_together() -> None:
    random = np.random.default_rng(3)
    first, second = random.integers(4, size=500), random.integers(5, size=500)
    table = random.normal(size=(4, 5))

    pair = purified(table, first, second)

    together = pair.values[pair.rows][:, pair.columns]
    shifted = together + pair.row_gains[:, None] + pair.column_gains
    by_row = [together[row, second[first == row]].mean() for row in range(4)]
    by_column = [together[first[second == column], column].mean() for column in range(5)]
    assert max(np.abs(shifted - table).max(), *np.abs(by_row), *np.abs(by_column)) < 1e-9


def test_features_that_only_add_up_leave_no_pair() -> None:
    table = np.arange(4.0)[:, None] + np.array([0.5, -0.25, 7.0])

    assert not purified(table, np.array([0, 1, 2, 3]), np.array([0, 1, 2, 0])).matters


def test_cells_that_act_alike_share_a_row() -> None:
    table = np.array([[1.0, 2.0], [4.0, 3.0], [11.0, 12.0], [4.5, 3.5]])

    assert purified(table, np.array([0, 1, 2, 3]), np.array([0, 1, 0, 1])).rows.tolist() == [0, 1, 0, 1]


def test_the_edges_are_the_thresholds_of_all_members() -> None:
    given = leads()
    members = [fitted(given, max_bins=4), fitted(given, max_bins=9)]
    expected = {
        float(node["num_threshold"])
        for member in members
        for [tree] in member._predictors
        for node in tree.nodes
        # Trees number categories first: `employees` follows `source`.
        if not node["is_leaf"] and node["feature_idx"] == 1 and np.isfinite(node["num_threshold"])
    }

    feature = compiled(given, *members).features[0]

    assert isinstance(feature, NumberFeature)
    assert set(feature.edges) == expected


def test_a_model_of_more_than_two_columns_at_once_is_refused() -> None:
    given = leads()
    member = fitted(given, interaction_cst=None, max_iter=30)

    with pytest.raises(CompileError) as refused:
        compiled(given, member)

    assert str(refused.value) == (
        "a tree tests 3 columns on the way to one leaf, and a scorecard's tables hold two: "
        'fit with interaction_cst="pairwise"'
    )
