import pickle
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Facts
from scoring.lead import Value
from scoring.lookup import category_cell, folded, number_cell, percentile
from scoring.scorecard import (
    Calibration,
    Feature,
    NumberFeature,
    Scorecard,
    appraise,
    probability_of,
)
from tests.builders import facts, scorecard
from tests.scoring.strategies import calibrations, facts_of_any_lead, scorecards


def test_a_lead_is_appraised_by_its_tables() -> None:
    found = appraise(scorecard(), facts(employees=1200, source="Demo_Request", email_kind="free", other="?"))

    # Above average: 2 + 0.25 (half of the pair) by employees, 1 + 0.25 by source; below: 0.25 by e-mail kind.
    assert [(one.name, one.value, one.log_odds) for one in found.attributes] == [
        ("employees", 1200, 2.25),
        ("source", "Demo_Request", 1.25),
        ("email_kind", "free", -0.25),
    ]
    assert (found.log_odds, found.fit) == (2.25, 100.0)
    assert found.probability == pytest.approx(0.904651, abs=1e-6)
    assert [one.fit for one in found.attributes] == pytest.approx([33.482, 18.601, -2.083], abs=1e-3)


@pytest.mark.parametrize(
    ("known", "log_odds"),
    [
        ({}, -1.25),
        ({"source": "demo_request"}, -0.5),
        ({"source": "webinar"}, -1.0),
        ({"source": "FLYER"}, -1.75),
        ({"source": "never seen"}, -1.75),
        ({"email_kind": "never seen"}, -1.25),
        ({"employees": 10}, -2.0),
        ({"employees": 10.1}, -1.0),
        ({"employees": 1000.1, "source": "webinar"}, 1.25),
    ],
)
def test_missing_rare_and_unseen_values_have_their_cells(known: dict[str, float | str], log_odds: float) -> None:
    assert appraise(scorecard(), Facts(values=known)).log_odds == log_odds


def test_a_scorecard_without_features_finds_every_lead_average() -> None:
    found = appraise(scorecard(features=(), pairs=()), facts(employees=5))

    assert (found.log_odds, found.fit, found.attributes) == (-1.0, 50.0, ())


@given(scorecards(), facts_of_any_lead)
def test_any_lead_is_appraised(card: Scorecard, known: Facts) -> None:
    found = appraise(card, known)

    assert 0 <= found.probability <= 1
    assert 0 <= found.fit <= 100


@given(scorecards(), facts_of_any_lead)
def test_the_log_odds_are_intercept_plus_own_tables_plus_pairs(card: Scorecard, known: Facts) -> None:
    cells = [_cell(feature, known) for feature in card.features]
    own = sum(feature.values[cell] for feature, cell in zip(card.features, cells, strict=True))
    together = 0.0
    for pair in card.pairs:
        row, column = pair.rows[cells[pair.first]], pair.columns[cells[pair.second]]
        together += pair.values[row * (max(pair.columns) + 1) + column]

    assert appraise(card, known).log_odds == pytest.approx(card.intercept + own + together, abs=1e-9)


def _cell(feature: Feature, known: Facts) -> int:
    """The cell by the types' own words."""
    value = known.values.get(feature.name)
    if isinstance(feature, NumberFeature):
        return number_cell(feature.edges, value)
    missing = len(feature.values) - 1
    cells: dict[Value | None, int] = {None: missing, "": missing}
    for cell, level in enumerate(feature.levels):
        cells[folded(level)] = cell
    return category_cell(cells, feature.unseen, value)


@given(scorecards(), facts_of_any_lead)
def test_contributions_add_up_to_the_log_odds_to_the_bit(card: Scorecard, known: Facts) -> None:
    found = appraise(card, known)

    total = card.intercept
    for one in found.attributes:
        total += one.log_odds
    assert total == found.log_odds


@given(scorecards(), facts_of_any_lead)
def test_shares_of_the_fit_add_up_to_what_it_is_above_average(card: Scorecard, known: Facts) -> None:
    found = appraise(card, known)

    average, fit = (percentile(card.reference, x) for x in (card.intercept, found.log_odds))
    assert average + sum(one.fit for one in found.attributes) == pytest.approx(fit, abs=1e-6)


@given(scorecards(), facts_of_any_lead)
def test_what_raises_the_log_odds_never_lowers_the_fit(card: Scorecard, known: Facts) -> None:
    found = appraise(card, known)

    assert all(one.fit * one.log_odds >= 0 and abs(one.fit) <= 100 + 1e-9 for one in found.attributes)


@given(scorecards(), st.lists(facts_of_any_lead, min_size=2, max_size=8))
def test_higher_log_odds_never_have_lower_fit_or_probability(card: Scorecard, leads: list[Facts]) -> None:
    ranked = sorted((appraise(card, known) for known in leads), key=lambda one: one.log_odds)

    assert all(low.fit <= high.fit and low.probability <= high.probability for low, high in pairwise(ranked))


@given(calibrations, st.lists(st.floats(-1e6, 1e6), min_size=2).map(sorted))
def test_calibration_keeps_the_order(calibration: Calibration, rising: list[float]) -> None:
    found = [probability_of(calibration, log_odds) for log_odds in rising]

    assert found == sorted(found)
    assert all(0 <= one <= 1 for one in found)


@pytest.mark.parametrize(
    ("log_odds", "expected"),
    [(-5.0, 0.1), (0.0, 0.1), (0.5, 0.25), (1.0, 0.4), (2.0, 0.4), (2.5, 0.65), (3.0, 0.9), (9.0, 0.9)],
)
def test_isotonic_calibration_draws_straight_lines(log_odds: float, expected: float) -> None:
    steps = Calibration(kind="isotonic", points=(0.0, 1.0, 2.0, 3.0), levels=(0.1, 0.4, 0.4, 0.9))

    assert probability_of(steps, log_odds) == pytest.approx(expected)


def test_sigmoid_calibration_bends_the_log_odds() -> None:
    bent = Calibration(kind="sigmoid", slope=2.0, offset=-1.0)

    assert [probability_of(bent, x) for x in (0.5, -1e5, 1e5)] == [0.5, pytest.approx(0.0, abs=1e-300), 1.0]


def test_a_scorecard_travels_to_other_processes_and_can_be_changed() -> None:
    copied = pickle.loads(pickle.dumps(scorecard()))

    known = facts(employees=50, source="webinar")
    assert copied == scorecard()
    assert appraise(copied, known) == appraise(scorecard(), known)
    assert appraise(replace(copied, intercept=0.0), known).log_odds == appraise(copied, known).log_odds + 1
