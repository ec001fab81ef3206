"""What a version's card says of held-out leads and of the scorecard's tables, counted once for every later report."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.card import FITS, METRICS, Count, Curve, FamilyCard, GroupCard, ReasonCard
from scoring.lookup import percentile
from scoring.scorecard import CategoryFeature, Contribution, Feature, NumberFeature, Scorecard
from training.dataset import Column, Dataset
from training.metrics import Judged, intervals_of, tenths

Floats = NDArray[np.float64]
Label = NDArray[np.bool_]
Cells = NDArray[np.int64]

STRONGEST = 3
REASONS = 15
PAIRS = 12
# A column that fairness is reported by shows its most frequent values; the rest are one group.
GROUPS = 12
MONTH = 365.25 / 12 * 86_400
NOT_GIVEN, OTHERS = "(not given)", "(others)"


def family_card(rows: Judged, setting: str, seed: int) -> FamilyCard:
    """A family's card: how it was fitted, and how it does on the held-out rows."""
    ends = intervals_of(rows, seed)
    return FamilyCard(
        setting=setting,
        intervals={metric: ends[metric] for metric in METRICS},
        tenths=tuple(_count(rows, part) for part in tenths(np.argsort(-rows.log_odds, kind="stable"))),
        bins=tuple(_count(rows, part) for part in tenths(rows.by_probability)),
    )


def whole(rows: Judged) -> Count:
    """All the held-out leads."""
    return _count(rows, np.arange(len(rows.label)))


def fits_of(scorecard: Scorecard, log_odds: Floats) -> Floats:
    """The fit of each, as it would be served, rounded to one decimal."""
    return np.array([round(percentile(scorecard.reference, each), 1) for each in log_odds.tolist()])


def curve_of(fits: Floats, label: Label) -> Curve:
    """How many leads have at least each whole fit, and how many of them converted."""
    above = [fits >= fit for fit in range(FITS)]
    return Curve(
        leads=tuple(int(each.sum()) for each in above), converted=tuple(int(label[each].sum()) for each in above)
    )


def groups_of(rows: Judged, fits: Floats, values: Sequence[str | None]) -> tuple[GroupCard, ...]:
    """The held-out leads by their value in a column, the largest group first."""
    named = [NOT_GIVEN if value is None else value for value in values]
    largest = [name for name, _ in Counter(named).most_common(GROUPS)]
    names = [name if name in largest else OTHERS for name in named]
    found = []
    for name, _ in Counter(names).most_common():
        members = np.flatnonzero(np.array(names, dtype=object) == name)
        curve = curve_of(fits[members], rows.label[members])
        found.append(GroupCard(name=name, all=_count(rows, members), curve=curve))
    return tuple(found)


def cells_of(scorecard: Scorecard, columns: Sequence[Column]) -> list[Cells]:
    """The cell of each row in the table of each column."""
    return [_cells(feature, column.values) for feature, column in zip(scorecard.features, columns, strict=True)]


def strongest_pairs(scorecard: Scorecard, cells: Sequence[Cells]) -> tuple[tuple[str, str, float], ...]:
    """The pairs that move most, each with its mean |log-odds| over the rows, the strongest first."""
    found = []
    for pair in scorecard.pairs:
        rows, columns = np.array(pair.rows)[cells[pair.first]], np.array(pair.columns)[cells[pair.second]]
        values = np.array(pair.values)[rows * (max(pair.columns) + 1) + columns]
        names = scorecard.features[pair.first].name, scorecard.features[pair.second].name
        found.append((*names, float(np.abs(values).mean())))
    return tuple(sorted(found, key=lambda each: (-each[2], each[:2]))[:PAIRS])


def reasons_of(
    scorecard: Scorecard, cells: Sequence[Cells], contributions: Sequence[Sequence[Contribution]], rows: Cells
) -> tuple[ReasonCard, ...]:
    """The values that are most often among a held-out lead's three strongest reasons."""
    met: Mapping[tuple[str, str], list[float]] = defaultdict(list)
    written = [_written(feature, found) for feature, found in zip(scorecard.features, cells, strict=True)]
    for row in rows.tolist():
        given = contributions[row]
        for index in sorted(range(len(given)), key=lambda each: -abs(given[each].log_odds))[:STRONGEST]:
            if given[index].log_odds:
                met[given[index].name, written[index][cells[index][row]]].append(given[index].log_odds)
    found = [
        ReasonCard(name=name, value=value, log_odds=float(np.mean(each)), share=len(each) / len(rows))
        for (name, value), each in met.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.share, each.name, each.value))[:REASONS])


def leads_a_month(data: Dataset) -> float | None:
    """How many leads come in a month; None where the data have no dates."""
    span = float(np.ptp(data.times)) if data.times is not None and data.dated else 0.0
    return len(data.label) / (span / MONTH) if span else None


def _count(rows: Judged, part: Cells) -> Count:
    probability = float(rows.probability[part].mean()) if len(part) else 0.0
    return Count(leads=len(part), converted=int(rows.label[part].sum()), probability=probability)


def _cells(feature: Feature, values: Floats) -> Cells:
    if isinstance(feature, NumberFeature):
        found = np.searchsorted(np.array(feature.edges), values, side="left")
    else:
        found = np.nan_to_num(values).astype(np.int64)
    return np.where(np.isnan(values), len(feature.values) - 1, found)


def _written(feature: Feature, cells: Cells) -> list[str]:
    """What each cell is called; of numbers only the half that it stands in."""
    if isinstance(feature, CategoryFeature):
        rare = [OTHERS] if len(feature.values) == len(feature.levels) + 2 else []
        return [*feature.levels, *rare, NOT_GIVEN]
    known = cells[cells < len(feature.values) - 1]
    middle = int(np.median(known)) if len(known) else 0
    if not feature.edges:
        return ["any number"] * (len(feature.values) - 1) + [NOT_GIVEN]
    edge = feature.edges[min(middle, len(feature.edges) - 1)]
    halves = [f"up to {edge:g}" if cell <= middle else f"above {edge:g}" for cell in range(len(feature.edges) + 1)]
    return [*halves, NOT_GIVEN]
