"""Whether a model still knows its leads, and what to do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from models.drift import Drift, Returned, drift_document, drift_of, wilson
from models.population import population_of
from models.version import ModelVersion
from scoring.facts import Facts
from scoring.parts import Part
from scoring.scorecard import NumberFeature, appraise
from tests.builders import facts, scorecard
from tests.models.builders import card, version

NOTHING = "Leads look as they did in training: nothing to do."
UNCHECKED = "Fewer than 50 outcomes came back, so probabilities cannot be checked yet."


def leads(count: int, seed: int, *, employees: float = 3.0, missing: float = 0.1) -> list[Facts]:
    """Leads of a population; employees are log-normal, and a share of them is missing."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        told: dict[str, Any] = {"source": ("demo_request", "webinar", "Radio")[random.integers(3)]}
        if random.random() >= missing:
            told["employees"] = float(np.exp(random.normal(employees, 2)))
        found.append(facts(**told))
    return found


def trained(population: Sequence[Facts]) -> ModelVersion:
    """A version that learned from these leads."""
    log_odds = [appraise(scorecard(), each).log_odds for each in population]
    made = scorecard(reference=tuple(np.quantile(log_odds, np.linspace(0, 1, 101)).tolist()))
    counts = population_of(made, population)
    return version(scorecard=made, card=card(rows=len(population)), population=counts)


TRAINED = trained(leads(3000, 1))


def drift(live: Sequence[Facts], returned: Sequence[Returned] = ()) -> Drift:
    """The drift of live leads."""
    return drift_of(TRAINED, live, returned)


def test_the_same_population_needs_nothing() -> None:
    found = drift(leads(500, 2))

    assert {shift.word for shift in (found.score, *found.attributes)} == {"as in training"}
    assert found.advice == (NOTHING, UNCHECKED)


def test_another_population_is_to_be_trained_on() -> None:
    found = drift(leads(500, 2, employees=8.0))

    assert (found.attributes[0].name, found.attributes[0].word, found.score.word) == ("employees", "drifted", "drifted")
    assert found.advice[0].startswith("Scores have drifted (PSI ")
    assert "most of all by employees" in found.advice[0]


def test_what_is_no_longer_sent_is_to_be_mended_first() -> None:
    found = drift(leads(500, 2, missing=0.8))

    assert found.advice[0].startswith("employees is missing in 8")
    assert "before anything is retrained" in found.advice[0]


def test_few_leads_are_no_drift() -> None:
    found = drift(leads(20, 2, employees=8.0))

    assert found.advice[0] == "20 leads are too few to judge: look again with 100, or over a longer time."


def test_no_leads_are_no_fault() -> None:
    assert drift_document(drift([]))["leads"] == 0


def test_a_version_without_its_population_says_so() -> None:
    found = drift_of(version(), leads(200, 2), ())

    assert found.attributes == ()
    assert any("keeps no training population" in sentence for sentence in found.advice)


@pytest.mark.parametrize(
    ("slip", "holds", "said"), [(0.0, True, None), (0.3, False, "too low"), (-0.2, False, "too high")]
)
def test_probabilities_are_held_against_outcomes(slip: float, holds: bool, said: str | None) -> None:
    random, known = np.random.default_rng(3), leads(400, 3)
    probabilities = [appraise(TRAINED.scorecard, each).probability for each in known]
    returned = [
        Returned(facts=each, won=bool(random.random() < probability + slip))
        for each, probability in zip(known, probabilities, strict=True)
    ]

    found = drift(leads(500, 2), returned)

    assert found.calibration is not None
    assert found.calibration.expected == pytest.approx(np.mean(probabilities))
    assert found.calibration.holds is holds
    assert [sentence for sentence in found.advice if "were expected" in sentence] == [
        sentence for sentence in found.advice if said and said in sentence
    ]


def test_the_interval_is_wilson_s() -> None:
    """Worked by hand: 8 of 20."""
    low, high = wilson(8, 20)

    assert (round(low, 4), round(high, 4)) == (0.2188, 0.6134)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_parts_of_an_attribute_are_read_off_live_leads_too() -> None:
    """Live leads bring the date; the model learned from its month."""
    month = Part(name="signup month", of="signup", kind="month")
    by_month = NumberFeature(name="signup month", edges=(6.0,), values=(-1.0, 1.0, 0.0))
    card_of = scorecard(features=(by_month,), pairs=(), parts=(month,))
    dated = [facts(signup=f"2026-{number % 12 + 1:02}-01") for number in range(240)]
    made = version(scorecard=card_of, population=population_of(card_of, dated))

    found = drift_of(made, dated, [Returned(facts=each, won=False) for each in dated])

    assert made.population["signup month"] == (120, 120, 0)
    assert found.attributes[0].name == "signup month"
    assert found.attributes[0].psi == pytest.approx(0)
    assert found.calibration is not None
    assert 0.1 < found.calibration.expected < 0.5
