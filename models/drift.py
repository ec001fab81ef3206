"""Whether live leads still look as a model knew them, whether its probabilities still hold, and what to do."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.shift import Shift, document_of, feature_bins, score_bins, shift_of
from models.version import ModelVersion
from scoring.facts import Facts
from scoring.parts import with_parts
from scoring.scorecard import appraise, cells_of

# Fewer leads, or outcomes, say nothing.
FEWEST_LEADS = 100
FEWEST_OUTCOMES = 50
# The standard normal quantile of a two-sided 95 % interval.
BOTH_SIDES = 1.96
# Of missing values, by how much their share must have grown to be named as the first thing to mend.
MORE_MISSING = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """A lead whose outcome is known: its facts when it was decided, and whether it was won."""

    facts: Facts
    won: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibrated:
    """Calibration in the large: the rate of wins that was promised, and the observed one with its interval."""

    outcomes: int
    expected: float
    observed: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether what was promised lies within what was observed."""
        return self.low <= self.expected <= self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """How far live leads have drifted from a version's training population; attributes by falling PSI.

    `calibration` is None while too few outcomes are known, `attributes` is empty where the version keeps no population.
    """

    version: str
    leads: int
    score: Shift
    attributes: tuple[Shift, ...]
    calibration: Calibrated | None
    advice: tuple[str, ...]


def drift_of(version: ModelVersion, leads: Sequence[Facts], returned: Sequence[Returned]) -> Drift:
    """Return how far leads have drifted, and what to do about it in plain sentences."""
    scorecard = version.scorecard
    leads = [with_parts(facts, scorecard.parts) for facts in leads]
    log_odds = [appraise(scorecard, facts).log_odds for facts in leads]
    score = shift_of("score", score_bins(scorecard.reference, version.card.rows, log_odds))
    attributes = tuple(sorted(_attributes(version, leads), key=lambda shift: (-shift.psi, shift.name)))
    calibration = _calibrated(version, returned)
    advice = tuple(_advice(version, len(leads), score, attributes, calibration))
    return Drift(
        version=version.name,
        leads=len(leads),
        score=score,
        attributes=attributes,
        calibration=calibration,
        advice=advice,
    )


def drift_document(drift: Drift) -> dict[str, object]:
    """Return a drift as JSON."""
    said = drift.calibration
    return {
        "version": drift.version,
        "leads": drift.leads,
        "score": document_of(drift.score),
        "attributes": {shift.name: document_of(shift) for shift in drift.attributes},
        "calibration": None
        if said is None
        else {
            "outcomes": said.outcomes,
            "expected": said.expected,
            "observed": said.observed,
            "interval": [said.low, said.high],
            "holds": said.holds,
        },
        "advice": list(drift.advice),
    }


def _attributes(version: ModelVersion, leads: Sequence[Facts]) -> Iterator[Shift]:
    features = version.scorecard.features
    live = [[0] * len(feature.values) for feature in features]
    for facts in leads:
        for counts, cell in zip(live, cells_of(version.scorecard, facts), strict=True):
            counts[cell] += 1
    for feature, counts in zip(features, live, strict=True):
        trained = version.population.get(feature.name)
        if trained is not None:
            yield shift_of(feature.name, feature_bins(feature, trained, counts))


def _calibrated(version: ModelVersion, returned: Sequence[Returned]) -> Calibrated | None:
    if len(returned) < FEWEST_OUTCOMES:
        return None
    told = (with_parts(each.facts, version.scorecard.parts) for each in returned)
    probabilities = [appraise(version.scorecard, facts).probability for facts in told]
    low, high = wilson(sum(each.won for each in returned), len(returned))
    return Calibrated(
        outcomes=len(returned),
        expected=sum(probabilities) / len(returned),
        observed=sum(each.won for each in returned) / len(returned),
        low=low,
        high=high,
    )


def wilson(won: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate. Source: E. B. Wilson, Probable inference (1927)."""
    rate, square = won / of, BOTH_SIDES**2
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = BOTH_SIDES * math.sqrt(rate * (1 - rate) / of + square / (4 * of**2)) / (1 + square / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _advice(
    version: ModelVersion, leads: int, score: Shift, attributes: Sequence[Shift], calibration: Calibrated | None
) -> Iterator[str]:
    """What to do, the most pressing first; at least one sentence."""
    if leads < FEWEST_LEADS:
        yield f"{leads} leads are too few to judge: look again with {FEWEST_LEADS}, or over a longer time."
    else:
        yield from _about_leads(score, attributes)
    if not version.population:
        yield f"{version.name} keeps no training population, so its attributes cannot be judged: train it again."
    yield from _about_outcomes(calibration)


def _about_leads(score: Shift, attributes: Sequence[Shift]) -> Iterator[str]:
    moved = [shift for shift in attributes if shift.word != "as in training"]
    yield from filter(None, map(_gone_missing, moved))
    if score.word == "as in training" and not moved:
        yield "Leads look as they did in training: nothing to do."
    elif score.word == "as in training":
        yield (
            f"{_named(moved)} moved, but scores are spread as in training: nothing to retrain yet; find out whether "
            "a campaign, a form or an import changed, and look again."
        )
    elif score.word == "moved":
        yield (
            f"Scores have moved (PSI {score.psi:.2f}){_with(moved)}: check that thresholds still give sales as many "
            "leads as agreed, and train a candidate on newer leads to compare."
        )
    else:
        yield (
            f"Scores have drifted (PSI {score.psi:.2f}){_with(moved)}: this is no longer the population that the "
            "model learned from. Train on newer leads (`leadline train`), compare and promote."
        )


def _about_outcomes(calibration: Calibrated | None) -> Iterator[str]:
    if calibration is None:
        yield f"Fewer than {FEWEST_OUTCOMES} outcomes came back, so probabilities cannot be checked yet."
    elif not calibration.holds:
        side = "low" if calibration.observed > calibration.expected else "high"
        yield (
            f"Of {calibration.outcomes:,} leads with an outcome {calibration.observed:.1%} were won (95 % interval "
            f"{calibration.low:.1%} to {calibration.high:.1%}) where {calibration.expected:.1%} were expected: "
            f"probabilities are too {side}. Train again on the outcomes (`leadline train`)."
        )


def _gone_missing(shift: Shift) -> str | None:
    trained, live = sum(each.trained for each in shift.bins), sum(each.live for each in shift.bins)
    gone = next((each for each in shift.bins if each.name == "missing"), None)
    if gone is None or gone.live / live - gone.trained / trained < MORE_MISSING:
        return None
    return (
        f"{shift.name} is missing in {gone.live / live:.0%} of the leads, in training in {gone.trained / trained:.0%}: "
        "find the form or the integration that no longer sends it, before anything is retrained."
    )


def _with(moved: Sequence[Shift]) -> str:
    return f", most of all by {_named(moved)}" if moved else ""


def _named(moved: Sequence[Shift]) -> str:
    return ", ".join(shift.name for shift in moved[:3]) + (" and others" if len(moved) > 3 else "")
