"""Two versions on the same rows."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from models.compare import Comparison, Difference, Judged, Said, compare
from models.ranked import Ranked, rank_correlation
from models.version import ModelError
from training.metrics import judged, metrics_of

SCORES = st.lists(st.tuples(st.integers(-5, 5), st.booleans(), st.integers(0, 3)), min_size=2, max_size=60)


def said(probability: float) -> Said:
    """What a version says that gives a row this probability."""
    return Said(log(probability / (1 - probability)), probability)


def rows(count: int, noise: float, seed: int = 0) -> list[Judged]:
    """Rows of which the first version knows all that can be known, and the second that with noise."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=count)
    probability = 1 / (1 + np.exp(-truth))
    guess = 1 / (1 + np.exp(-truth - noise * random.normal(size=count)))
    return [
        Judged(label=bool(won), first=said(float(one)), second=said(float(other)))
        for won, one, other in zip(random.random(count) < probability, probability, guess, strict=True)
    ]


def words(found: Comparison) -> dict[str, str]:
    """How the second is beside the first, by metric."""
    return {each.metric: each.word for each in found.differences}


@given(SCORES)
def test_a_row_that_counts_thrice_is_three_rows(scored: list[tuple[int, bool, int]]) -> None:
    values, label, counts = (np.array(each, dtype=np.float64) for each in zip(*scored, strict=True))
    many, outcomes = np.repeat(values, counts.astype(int)), np.repeat(label, counts.astype(int))
    if len(np.unique(outcomes)) < 2:
        return

    ranked = Ranked.of(values, label)

    assert ranked.roc_auc(counts) == pytest.approx(roc_auc_score(outcomes, many))
    copies = judged(outcomes.astype(bool), many, np.full(len(many), 0.5))
    assert ranked.lift_top_decile(counts) == pytest.approx(metrics_of(copies)["lift_top_decile"])


def test_the_metrics_are_those_of_the_card() -> None:
    given_rows = rows(500, 0.5)
    label = [row.label for row in given_rows]
    second = [row.second.probability for row in given_rows]

    found = {each.metric: each.second for each in compare(given_rows).differences}

    assert found["roc_auc"] == pytest.approx(roc_auc_score(label, second))
    assert found["log_loss"] == pytest.approx(log_loss(label, second))
    assert found["brier"] == pytest.approx(brier_score_loss(label, second))


def test_noise_is_found_to_be_worse_and_leaving_it_out_better() -> None:
    noisy = rows(2000, 1.0)
    turned = [Judged(label=row.label, first=row.second, second=row.first) for row in noisy]

    assert words(compare(noisy)) == dict.fromkeys(("roc_auc", "log_loss", "brier", "lift_top_decile"), "worse")
    assert [each.metric for each in compare(noisy).worse] == ["roc_auc", "log_loss"]
    assert words(compare(turned))["roc_auc"] == "better"


def test_a_version_does_not_differ_from_itself() -> None:
    same = [Judged(label=row.label, first=row.first, second=row.first) for row in rows(300, 0)]

    assert {(each.difference, each.low, each.high) for each in compare(same).differences} == {(0.0, 0.0, 0.0)}
    assert compare(same).worse == ()


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of two versions with the same noise, 95 % of the intervals hold 0: of 20, about one misses it."""
    missed = 0
    for seed in range(20):
        random, given_rows = np.random.default_rng(seed + 1000), rows(150, 0.5, seed)
        truth = np.array([row.first.log_odds for row in given_rows])
        again = 1 / (1 + np.exp(-truth - 0.5 * random.normal(size=len(truth))))
        pairs = zip(given_rows, again.tolist(), strict=True)
        both = [Judged(label=row.label, first=row.second, second=said(other)) for row, other in pairs]
        missed += words(compare(both))["roc_auc"] != "no clear difference"

    assert missed <= 4


def test_the_same_seed_gives_the_same_intervals() -> None:
    assert compare(rows(200, 0.5), 7) == compare(rows(200, 0.5), 7)


@pytest.mark.parametrize("count", [0, 1, 30])
def test_too_few_rows_say_nothing(count: int) -> None:
    with pytest.raises(ModelError, match="20 of each outcome are needed"):
        compare(rows(count, 0))


@pytest.mark.parametrize(
    ("metric", "low", "high", "word"),
    [
        ("roc_auc", 0.01, 0.02, "better"),
        ("log_loss", 0.01, 0.02, "worse"),
        ("log_loss", -0.02, -0.01, "better"),
        ("brier", -0.01, 0.02, "no clear difference"),
        ("roc_auc", -0.01, 0.0, "no clear difference"),
    ],
)
def test_less_loss_is_better(metric: str, low: float, high: float, word: str) -> None:
    assert Difference(metric=metric, first=0, second=0, difference=0, low=low, high=high).word == word


def test_rank_correlation_looks_at_order_alone() -> None:
    values = np.array([3.0, 1.0, 2.0, 2.0])

    assert rank_correlation(values, np.exp(values)) == pytest.approx(1.0)
    assert rank_correlation(values, -values) == pytest.approx(-1.0)
    assert rank_correlation(values, np.ones(4)) is None
