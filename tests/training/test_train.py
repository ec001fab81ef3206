"""Training is reproducible, verified, and keeps what it came from."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast

import numpy as np
import orjson
import pytest

from models.card import ColumnCard
from models.version import version_from_json, version_to_json
from scoring.facts import Facts
from scoring.scorecard import appraise
from scoring.scorecard_json import scorecard_from_json, scorecard_to_json
from tests.training.builders import leads
from training.dataset import Dataset, matrix
from training.fit import log_odds_of
from training.plan import Plan
from training.train import Trained, train, warnings_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def trained(given: Dataset, told: list[tuple[str, float]] | None = None) -> Trained:
    """A candidate trained on the data set."""
    steps = [] if told is None else told
    plan = Plan(seed=3, search="none")
    return train(
        given, version="2026-11-24.1", now=NOW, plan=plan, progress=lambda what, done: steps.append((what, done))
    )


def some_leads() -> Dataset:
    """Leads with a number of their own and a wish, which do not train."""
    made = leads(220, order=np.arange(220))
    facts = tuple(
        Facts(values={**each.values, "member": f"M{row}", "wish": "a call", "email": "a@b.example", "plan": "small"})
        for row, each in enumerate(made.facts)
    )
    left_out = {"member": "an identifier", "wish": "free text: 220 different", "plan": "dropped as asked"}
    return replace(made, facts=facts, left_out={**made.left_out, **left_out})


@pytest.fixture(scope="module")
def given() -> Dataset:
    """Leads in the order of time: half the models to fit."""
    return some_leads()


@pytest.fixture(scope="module")
def told() -> list[tuple[str, float]]:
    """What training told of its progress."""
    return []


@pytest.fixture(scope="module")
def candidate(given: Dataset, told: list[tuple[str, float]]) -> Trained:
    """A version trained on these leads."""
    return trained(given, told)


def test_the_same_data_and_seed_give_the_same_scorecard_to_the_byte(given: Dataset, candidate: Trained) -> None:
    again = trained(some_leads())

    assert _bytes(again) == _bytes(candidate)
    assert again.version == candidate.version


def test_the_scorecard_stands_for_the_mean_of_the_estimators(given: Dataset, candidate: Trained) -> None:
    members = cast(tuple[Any, ...], candidate.estimators["members"])
    expected = np.mean([log_odds_of(member, matrix(given)) for member in members], axis=0)

    found = [appraise(candidate.version.scorecard, facts).log_odds for facts in given.facts]

    assert found == pytest.approx(expected.tolist(), abs=1e-9)
    assert candidate.version.card.max_difference <= 1e-9


def test_a_scorecard_read_back_is_the_one_that_was_trained(candidate: Trained) -> None:
    document = orjson.loads(orjson.dumps(scorecard_to_json(candidate.version.scorecard)))

    assert scorecard_from_json(document) == candidate.version.scorecard


def test_a_version_can_be_sealed_and_read_back(candidate: Trained) -> None:
    document = orjson.loads(orjson.dumps(version_to_json(candidate.version)))

    assert version_from_json(document) == candidate.version


def test_the_reference_rises_through_a_thousand_and_one_quantiles(candidate: Trained) -> None:
    reference = candidate.version.scorecard.reference

    assert (len(reference), all(low <= high for low, high in pairwise(reference))) == (1001, True)


def test_fit_is_spread_evenly_over_the_leads_trained_on(given: Dataset, candidate: Trained) -> None:
    fits = [appraise(candidate.version.scorecard, facts).fit for facts in given.facts]

    assert np.mean(fits) == pytest.approx(50, abs=5)


def test_the_card_says_what_was_trained_on(given: Dataset, candidate: Trained) -> None:
    card = candidate.version.card

    assert (card.rows, card.positives, card.seed, card.checksum) == (220, given.label.sum(), 3, "ab" * 32)
    assert card.columns == (
        ColumnCard(name="employees", kind="number", levels=0),
        ColumnCard(name="source", kind="category", levels=3),
        ColumnCard(name="minutes", kind="number", levels=0),
    )
    assert (card.leakage, card.left_out) == (
        (("Tags", "alone it reaches 0.92"),),
        given.left_out,
    )


def test_the_strongest_attributes_come_first(candidate: Trained) -> None:
    names, effects = zip(*candidate.version.card.strongest, strict=True)

    assert (set(names), list(effects)) == ({"employees", "source", "minutes"}, sorted(effects, reverse=True))


def test_held_out_rows_tell_nobody_from_others(candidate: Trained) -> None:
    """What another version may learn from is kept, also where this one left it out."""
    names = {name for row in candidate.held_out for name in row.facts.values}

    assert names == {"employees", "source", "minutes", "plan"}


def test_progress_rises_to_one(candidate: Trained, told: list[tuple[str, float]]) -> None:
    done = [each for _, each in told]

    assert (done == sorted(done), told[-1]) == (True, ("trained", 1.0))


@pytest.mark.parametrize(
    ("served", "unrestricted", "expected"),
    [
        pytest.param(0.8, 0.81, None, id="nothing"),
        pytest.param(
            0.8,
            0.85,
            "unrestricted boosting orders leads better (ROC-AUC 0.850 against 0.800): more than two columns act "
            "together, which a scorecard cannot show",
            id="more than pairs",
        ),
        pytest.param(
            0.55,
            0.55,
            "these columns hardly tell leads apart: ROC-AUC 0.550, and 0.5 is a toss of a coin",
            id="hardly any order",
        ),
    ],
)
def test_what_an_analyst_should_know_is_warned_of(served: float, unrestricted: float, expected: str | None) -> None:
    metrics = {"served": {"roc_auc": served}, "unrestricted": {"roc_auc": unrestricted}}

    assert warnings_of(metrics) == ([expected] if expected else [])


def _bytes(candidate: Trained) -> bytes:
    return orjson.dumps(scorecard_to_json(candidate.version.scorecard))
