"""Where to draw the line: the fit from which leads are worth a call, by what sales can take or how sure it must be."""

from dataclasses import dataclass
from math import sqrt

from models.card import FITS, Curve, ModelCard
from training.table import TrainingError

# Fewer held-out leads than these say too little of a precision.
FEWEST = 20
# Standard deviations to either end of a 95 % interval.
Z = 1.959964


class ThresholdError(TrainingError):
    """A line that cannot be drawn; the message says what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """Leads with at least this fit: their share of all, how many of them convert (with its 95 % interval), how many of
    those who convert are among them, and how many there are a month where that is known."""

    fit: int
    share: float
    precision: float
    interval: tuple[float, float]
    captured: float
    leads_a_month: float | None


def threshold_at(curve: Curve, fit: int, monthly: float | None) -> Threshold:
    """What comes of the line at a fit."""
    leads, converted = curve.leads[fit], curve.converted[fit]
    share = leads / max(curve.leads[0], 1)
    return Threshold(
        fit=fit,
        share=share,
        precision=converted / max(leads, 1),
        interval=share_interval(converted, leads),
        captured=converted / max(curve.converted[0], 1),
        leads_a_month=None if monthly is None else share * monthly,
    )


def for_capacity(card: ModelCard, capacity: float, monthly: float | None) -> Threshold:
    """The lowest line above which no more leads come in a month than sales can take.

    `monthly` leads come in all; what the training data say where it is None.
    Raises: ThresholdError where neither says, or even the best leads are too many.
    """
    volume = card.leads_a_month if monthly is None else monthly
    if volume is None:
        raise ThresholdError(
            "the training data have no dates, so they do not say how many leads come in a month: "
            "add --volume '900 per month'"
        )
    found = (threshold_at(card.curve, fit, volume) for fit in range(FITS))
    line = next((each for each in found if each.share * volume <= capacity), None)
    if line is None:
        raise ThresholdError(f"even the leads with a fit of 100 are more than {capacity:g} a month")
    return line


def for_precision(card: ModelCard, wanted: float, monthly: float | None) -> Threshold:
    """The lowest line above which at least so many leads convert. Raises: ThresholdError where there is none."""
    volume = card.leads_a_month if monthly is None else monthly
    enough = [fit for fit in range(FITS) if card.curve.leads[fit] >= FEWEST]
    lines = [threshold_at(card.curve, fit, volume) for fit in enough]
    line = next((each for each in lines if each.precision >= wanted), None)
    if line is None:
        best = max(lines, key=lambda each: each.precision)
        raise ThresholdError(
            f"no line reaches a precision of {wanted:g}; the best is {best.precision:.3f}, from a fit of {best.fit} on"
        )
    return line


def share_interval(converted: int, leads: int) -> tuple[float, float]:
    """The 95 % interval of a share; all of 0 to 1 where there are no leads.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).

    >>> tuple(round(end, 4) for end in share_interval(8, 10))
    (0.4902, 0.9433)
    """
    if not leads:
        return (0.0, 1.0)
    share, spread = converted / leads, Z * Z / leads
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / leads + spread / (4 * leads)) / (1 + spread)
    return (max(middle - half, 0.0), min(middle + half, 1.0))
