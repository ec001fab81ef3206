"""Whom marketing wins: how won leads differ from lost ones, and whom the model would look for next."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp

from scoring.attributes import coerce
from scoring.facts import Facts
from scoring.lead import Value
from scoring.lookup import folded
from scoring.scorecard import Feature, NumberFeature, Scorecard

# A difference that chance makes more often than this, however many values were looked at, is not told.
CHANCE = 0.05
# Fewer outcomes on a side, or leads of a kind, say too little.
ENOUGH = 10
QUARTERS = 4

# What a person is, not what they did or when: what a campaign can aim at.
AIMS = ("country", "seniority", "department", "email_kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrast:
    """One value that is more (or less) usual among won leads than among lost ones; shares are 0..1 of each side.

    `lift` is how many times as usual it is among the won; `chance` how often chance alone makes such a difference.
    """

    attribute: str
    value: str
    won: float
    lost: float
    lift: float
    chance: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """A kind of lead that the model rates highly: `odds` is by how much it multiplies the odds of converting.

    `reach` is the share (0..1) of the leads so far that are of this kind, `leads` how many.
    """

    attribute: str
    value: str
    odds: float
    leads: int
    reach: float


def contrasts_of(won: Sequence[Facts], lost: Sequence[Facts], attributes: Iterable[str]) -> tuple[Contrast, ...]:
    """How won leads differ from lost ones, the surest first; nothing while a side has fewer than ten.

    Numbers are cut at the quartiles of both sides together.

    Source: Fisher's two-sided exact test, Bonferroni-corrected for the values looked at.
    """
    if min(len(won), len(lost)) < ENOUGH:
        return ()
    found: list[Contrast] = []
    for attribute in attributes:
        told = [facts.values.get(attribute) for facts in (*won, *lost)]
        texts = _texts(told)
        found += _differences(attribute, Counter(texts[: len(won)]), Counter(texts[len(won) :]), len(won), len(lost))
    corrected = [(one, min(one.chance * len(found), 1.0)) for one in found]
    sure = [replace(one, chance=chance) for one, chance in corrected if chance < CHANCE]
    return tuple(sorted(sure, key=lambda one: (one.chance, one.attribute, one.value)))


def aims_of(scorecard: Scorecard, leads: Sequence[Facts], attributes: Iterable[str], most: int = 10) -> tuple[Aim, ...]:
    """The kinds of lead that the model rates highest among those that there are at least ten of, the best first."""
    wanted, aims = set(attributes), []
    for feature, cell_of in zip(scorecard.features, scorecard.tables.finders, strict=True):
        if feature.name not in wanted:
            continue
        counts = Counter(cell_of(facts.values.get(feature.name)) for facts in leads)
        for cell, log_odds in enumerate(feature.values[:-1]):  # the last is for what nobody knows
            if log_odds > 0 and counts[cell] >= ENOUGH:
                words = cell_in_words(feature, cell)
                reach = counts[cell] / len(leads)
                aims.append(
                    Aim(attribute=feature.name, value=words, odds=exp(log_odds), leads=counts[cell], reach=reach)
                )
    return tuple(sorted(aims, key=lambda aim: (-aim.odds, aim.attribute, aim.value))[:most])


def cell_in_words(feature: Feature, cell: int) -> str:
    """What falls into a cell of a feature's table: `above 100 to 1000`, `DE`, `missing`."""
    if cell == len(feature.values) - 1:
        return "missing"
    if not isinstance(feature, NumberFeature):
        return feature.levels[cell] if cell < len(feature.levels) else "any rarer one"
    edges = feature.edges
    if not edges:
        return "any"
    if cell == 0:
        return f"at most {edges[0]:g}"
    return f"above {edges[-1]:g}" if cell == len(edges) else f"above {edges[cell - 1]:g} to {edges[cell]:g}"


def _texts(told: Sequence[Value | None]) -> list[str]:
    """Each value as text to compare; numbers by their quarter."""
    numbers = [float(value) for value in told if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(told) / 2:
        return [_text(value) for value in told]
    ordered = sorted(numbers)
    cuts = sorted({ordered[len(ordered) * part // QUARTERS] for part in range(1, QUARTERS)})
    return [_quarter(value, cuts) for value in told]


def _text(value: Value | None) -> str:
    text = None if value is None or isinstance(value, tuple) else coerce(value, "text")
    return folded(text) if isinstance(text, str) and text.strip() else "missing"


def _quarter(value: Value | None, cuts: Sequence[float]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "missing"
    for low, high in pairwise([None, *cuts, None]):
        if high is None or value < high:
            return f"{low:g} and more" if high is None else f"below {high:g}" if low is None else f"{low:g} to {high:g}"
    raise AssertionError("the last quarter has no end")


def _differences(
    attribute: str, won: Mapping[str, int], lost: Mapping[str, int], all_won: int, all_lost: int
) -> list[Contrast]:
    from scipy.stats import fisher_exact  # takes half a second to load, which no server pays that makes no report

    found = []
    for value in sorted(set(won) | set(lost)):
        yes, no = won.get(value, 0), lost.get(value, 0)
        if yes + no < ENOUGH or value == "missing":
            continue
        table = [[yes, all_won - yes], [no, all_lost - no]]
        among_won, among_lost = yes / all_won, no / all_lost
        # Half a lead more on the lost side, so that what no lost lead had is no infinite lift.
        lift = among_won / max(among_lost, 0.5 / all_lost)
        found.append(
            Contrast(
                attribute=attribute,
                value=value,
                won=among_won,
                lost=among_lost,
                lift=lift,
                chance=float(fisher_exact(table).pvalue),
            )
        )
    return found
