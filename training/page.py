"""The report of a version as one HTML page that opens without a network."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from models.card import FAMILIES, METRICS, Count, GroupCard, ModelCard
from models.version import ModelVersion
from scoring.scorecard import CategoryFeature, Feature, NumberFeature, Scorecard
from training.charts import (
    Point,
    Step,
    calibration_chart,
    category_chart,
    lift_chart,
    merged,
    number_chart,
    pair_chart,
)
from training.fairness import treatments
from training.families import family_of
from training.report import TITLES, lifts_of
from training.thresholds import Threshold, share_interval, threshold_at

# Lines that every report shows, besides those that were asked for.
FITS = (50, 60, 70, 80, 90, 95)
# Cells with a smaller share of the leads do not set the scale of the shapes.
RARE = 0.005
# The line that fairness is judged at where none was asked for: the best fifth.
FAIRNESS_FIT = 80


def report_html(
    version: ModelVersion,
    *,
    lines: Mapping[str, Threshold] = MappingProxyType({}),
    groups: Mapping[str, Sequence[GroupCard]] | None = None,
    fit: int = FAIRNESS_FIT,
) -> str:
    """The page of a version.

    `lines` are further thresholds by what was asked for, `groups` those that fairness is shown of (the card's own
    where None), `fit` the line for it.
    """
    card, counts = version.card, version.population
    compared = card.fairness if groups is None else groups
    drawn = {f"fit {each}": threshold_at(card.curve, each, card.leads_a_month) for each in FITS}
    return _template().render(
        version=version,
        card=card,
        families=[(name, family_of(name, card.served).about, card.families[name].setting) for name in FAMILIES],
        metrics=[(title, metric, _best(card, metric)) for title, metric in zip(TITLES, METRICS, strict=True)],
        calibration=calibration_chart({name: _points(card.families[name].bins) for name in FAMILIES}),
        lift=_lift(card),
        tenths=card.families["served"].tenths,
        lifts=list(zip(*(lifts_of(card.families[name].tenths) for name in FAMILIES), strict=True)),
        shapes=_shapes(version.scorecard, card, counts),
        pairs=_pairs(version.scorecard, card, counts),
        lines={**lines, **drawn},
        fairness={column: treatments(each, fit) for column, each in compared.items()},
        fit=fit,
    )


@cache
def _template() -> Template:
    text = files("training").joinpath("templates/report.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        text
    )


def _best(card: ModelCard, metric: str) -> str:
    """The family that does best."""
    lowest = metric in ("log_loss", "brier", "calibration_error")
    return min(FAMILIES, key=lambda name: card.metrics[name][metric] * (1 if lowest else -1))


def _points(bins: Sequence[Count]) -> list[Point]:
    found = []
    for each in bins:
        if each.leads:
            low, high = share_interval(each.converted, each.leads)
            found.append(Point(promised=each.probability, observed=each.converted / each.leads, low=low, high=high))
    return found


def _lift(card: ModelCard) -> Markup:
    tenths = card.families["served"].tenths
    converted, leads = max(sum(each.converted for each in tenths), 1), max(sum(each.leads for each in tenths), 1)
    captured = [sum(each.converted for each in tenths[: number + 1]) / converted for number in range(len(tenths))]
    return lift_chart([each.converted / max(each.leads, 1) for each in tenths], captured, converted / leads)


def _shapes(
    scorecard: Scorecard, card: ModelCard, population: Mapping[str, tuple[int, ...]]
) -> list[tuple[str, float, Markup]]:
    """Each attribute that does anything, the strongest first: name, mean effect, chart. All share one scale."""
    strength = dict(card.strongest)
    moving = [feature for feature in scorecard.features if max(map(abs, feature.values)) > 1e-6]
    if not moving:
        return []
    steps = {feature.name: _steps(feature, population) for feature in moving}
    reach = max(_reach(each) for each in steps.values()) or 1.0
    ranked = sorted(moving, key=lambda feature: (-strength.get(feature.name, 0.0), feature.name))
    return [(each.name, strength.get(each.name, 0.0), _shape(each, steps[each.name], reach)) for each in ranked]


def _reach(steps: Sequence[Step]) -> float:
    """How far the bars reach, but for cells where hardly anyone stands: these are cut."""
    few = RARE * sum(step.leads for step in steps)
    return max((abs(step.value) for step in steps if step.leads and step.leads >= few), default=0.0)


def _shape(feature: Feature, steps: Sequence[Step], reach: float) -> Markup:
    if isinstance(feature, NumberFeature):
        return number_chart(steps[:-1], feature.edges, steps[-1], reach)
    return category_chart([step for step in steps if step.leads], reach)


def _steps(feature: Feature, population: Mapping[str, tuple[int, ...]]) -> list[Step]:
    """The cells of an attribute; where nobody was counted, as in older versions, each counts one."""
    counts = population.get(feature.name) or (1,) * len(feature.values)
    named = zip(_names(feature), feature.values, counts, strict=True)
    return [Step(name=name, value=value, leads=leads) for name, value, leads in named]


def _names(feature: Feature) -> list[str]:
    if isinstance(feature, CategoryFeature):
        rare = ["(others)"] if len(feature.values) == len(feature.levels) + 2 else []
        return [*feature.levels, *rare, "(not given)"]
    edges = [f"{edge:.4g}" for edge in feature.edges]
    if not edges:
        return ["any number", "(not given)"]
    between = [f"{low} to {high}" for low, high in pairwise(edges)]
    return [f"up to {edges[0]}", *between, f"above {edges[-1]}", "(not given)"]


def _pairs(
    scorecard: Scorecard, card: ModelCard, population: Mapping[str, tuple[int, ...]]
) -> list[tuple[str, str, float, Markup]]:
    """The strongest pairs: both names, mean effect, chart."""
    strength = {(first, second): value for first, second, value in card.strongest_pairs}
    found = []
    for pair in scorecard.pairs:
        first, second = scorecard.features[pair.first], scorecard.features[pair.second]
        if (first.name, second.name) in strength:
            rows = merged(_steps(first, population), pair.rows)
            columns = merged(_steps(second, population), pair.columns)
            wide = max(pair.columns) + 1
            values = [[pair.values[row * wide + column] for _, column in columns] for _, row in rows]
            chart = pair_chart([step for step, _ in rows], [step for step, _ in columns], values)
            found.append((first.name, second.name, strength[first.name, second.name], chart))
    return sorted(found, key=lambda each: -each[2])
