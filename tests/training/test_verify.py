"""A scorecard that differs from its models anywhere is refused, and the row is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.facts import Facts
from scoring.scorecard import Calibration, CategoryFeature, NumberFeature, Scorecard
from tests.training.builders import leads
from training.compile import CompileError, compile_scorecard
from training.dataset import Dataset, matrix
from training.fit import bag_of
from training.plan import Plan
from training.search import DEFAULT
from training.verify import adversarial_rows, max_difference


@pytest.fixture(scope="module")
def given() -> Dataset:
    """A few leads."""
    return leads(200)


@pytest.fixture(scope="module")
def members(given: Dataset) -> tuple[Any, ...]:
    """Their served bag."""
    return bag_of(given, Plan(seed=0, search="none"), DEFAULT).members


@pytest.fixture(scope="module")
def scorecard(given: Dataset, members: tuple[Any, ...]) -> Scorecard:
    """The bag's scorecard."""
    sigmoid = Calibration(kind="sigmoid")
    return compile_scorecard(members, given.columns, version="v", calibration=sigmoid, reference=(-1.0, 1.0))


def test_a_compiled_scorecard_is_exact(given: Dataset, members: tuple[Any, ...], scorecard: Scorecard) -> None:
    assert max_difference(scorecard, members, given, seed=0) <= 1e-9


def test_each_edge_and_its_neighbours_are_tried(given: Dataset, scorecard: Scorecard) -> None:
    tried = {each.facts.values.get("employees") for each in adversarial_rows(scorecard, given, seed=0)}
    edges = scorecard.features[0]

    assert isinstance(edges, NumberFeature)
    assert {
        near for edge in edges.edges for near in (edge, np.nextafter(edge, -np.inf), np.nextafter(edge, np.inf))
    } <= {value for value in tried if isinstance(value, float)}


def test_values_beyond_training_are_tried_in_every_column(given: Dataset, scorecard: Scorecard) -> None:
    rows = list(adversarial_rows(scorecard, given, seed=0))
    employees = {repr(each.facts.values.get("employees")) for each in rows}
    sources = {each.facts.values.get("source") for each in rows}

    assert {"None", "''", "inf", "-inf", "nan", str(10**400), "'a dozen'"} <= employees
    assert {None, "webinar", " webinar\t", "flyer", "\u2205 a level that no lead ever had"} <= sources


def moved_edge(scorecard: Scorecard) -> Scorecard:
    """An edge of employees one float higher."""
    feature = scorecard.features[0]
    assert isinstance(feature, NumberFeature)
    place = max(range(len(feature.edges)), key=lambda cell: abs(feature.values[cell] - feature.values[cell + 1]))
    edges = [
        float(np.nextafter(edge, np.inf)) if number == place else edge for number, edge in enumerate(feature.edges)
    ]
    return replace(scorecard, features=(replace(feature, edges=tuple(edges)), *scorecard.features[1:]))


def other_missing(scorecard: Scorecard) -> Scorecard:
    """Another value where minutes are missing."""
    feature = scorecard.features[2]
    values = (*feature.values[:-1], feature.values[-1] + 1e-6)
    return replace(scorecard, features=(*scorecard.features[:2], replace(feature, values=values)))


def unseen_as_missing(scorecard: Scorecard) -> Scorecard:
    """A source never met stands where a missing one does."""
    first, source, last = scorecard.features
    assert isinstance(source, CategoryFeature)
    return replace(scorecard, features=(first, replace(source, unseen=len(source.values) - 1), last))


def no_pairs(scorecard: Scorecard) -> Scorecard:
    """What columns do together is forgotten."""
    return replace(scorecard, pairs=())


def not_a_number(scorecard: Scorecard) -> Scorecard:
    """An intercept of NaN, which is less than nothing and more than nothing."""
    return replace(scorecard, intercept=float("nan"))


@pytest.mark.parametrize("spoil", [moved_edge, other_missing, unseen_as_missing, no_pairs, not_a_number])
def test_the_slightest_fault_is_found(
    spoil: Callable[[Scorecard], Scorecard], given: Dataset, members: tuple[Any, ...], scorecard: Scorecard
) -> None:
    with pytest.raises(CompileError, match=r"^the scorecard gives log-odds .* so this version is refused$"):
        max_difference(spoil(scorecard), members, given, seed=0)


def test_the_row_that_differs_is_named(given: Dataset, members: tuple[Any, ...], scorecard: Scorecard) -> None:
    facts = (*given.facts[:6], Facts(values={"employees": 1e6, "source": "radio"}), *given.facts[7:])

    with pytest.raises(CompileError, match=r"for training row 7; they may differ by 1e-09"):
        max_difference(scorecard, members, replace(given, facts=facts), seed=0)


def test_the_same_seed_tries_the_same_rows(given: Dataset, scorecard: Scorecard) -> None:
    first, second = ([each.about for each in adversarial_rows(scorecard, given, seed=5)] for _ in range(2))

    assert (first == second, len(matrix(given)) < len(first)) == (True, True)
