"""Holds a scorecard against the models it stands for, where they would differ if they did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.facts import Facts
from scoring.lead import Value
from scoring.scorecard import CategoryFeature, Feature, NumberFeature, Scorecard, appraise
from training.compile import CompileError
from training.dataset import Dataset, matrix
from training.fit import log_odds_of

Floats = NDArray[np.float64]

# Of log-odds; only the order of sums may tell the two apart.
ALLOWED = 1e-9
# Rows that are odd in every column at once.
ODD_ROWS = 500
_NEVER_MET = "\u2205 a level that no lead ever had"


@dataclass(frozen=True, kw_only=True, eq=False)
class Probe:
    """A row as the scorecard sees it and as the models see it, and where it comes from."""

    about: str
    facts: Facts
    features: Floats


def max_difference(scorecard: Scorecard, members: Sequence[Any], data: Dataset, seed: int) -> float:
    """The largest |scorecard - mean of the members| in log-odds, over all training rows and the adversarial ones.

    Raises: CompileError where it is more than 1e-9; the message names the row.
    """
    probes = [*_training_rows(data), *adversarial_rows(scorecard, data, seed)]
    expected = np.mean(
        [log_odds_of(member, np.stack([each.features for each in probes])) for member in members], axis=0
    )
    found = np.array([appraise(scorecard, each.facts).log_odds for each in probes])
    gaps = np.abs(found - expected)
    worst = int(np.argmax(gaps))
    if not gaps[worst] <= ALLOWED:
        raise CompileError(
            f"the scorecard gives log-odds {found[worst]!r} and its models {expected[worst]!r} for "
            f"{probes[worst].about}; they may differ by {ALLOWED:g}, so this version is refused"
        )
    return float(gaps[worst])


def adversarial_rows(scorecard: Scorecard, data: Dataset, seed: int) -> Iterator[Probe]:
    """Training rows with one odd value each (edges, their neighbours, infinities, missing, unseen), then only such."""
    random, features = np.random.default_rng(seed), matrix(data)
    odd = [list(_odd_values(feature)) for feature in scorecard.features]
    for column, values in enumerate(odd):
        for value, seen in values:
            row = int(random.integers(len(features)))
            yield _probe(scorecard, data.facts[row], features[row], {column: (value, seen)})
    for _ in range(ODD_ROWS):
        row = int(random.integers(len(features)))
        picks = {column: values[int(random.integers(len(values)))] for column, values in enumerate(odd)}
        yield _probe(scorecard, data.facts[row], features[row], picks)


def _training_rows(data: Dataset) -> Iterator[Probe]:
    for number, (facts, features) in enumerate(zip(data.facts, matrix(data), strict=True), start=1):
        yield Probe(about=f"training row {number}", facts=facts, features=features)


def _probe(
    scorecard: Scorecard, facts: Facts, features: Floats, odd: Mapping[int, tuple[Value | None, float]]
) -> Probe:
    names = {column: scorecard.features[column].name for column in odd}
    values = {name: value for name, value in facts.values.items() if name not in names.values()}
    values |= {names[column]: value for column, (value, _) in odd.items() if value is not None}
    row = features.copy()
    row[list(odd)] = [seen for _, seen in odd.values()]
    about = "a row with " + ", ".join(f"{names[column]} {value!r:.60}" for column, (value, _) in odd.items())
    return Probe(about=about, facts=Facts(values=values), features=row)


def _odd_values(feature: Feature) -> Iterator[tuple[Value | None, float]]:
    """Values as leads may have them, each with what the models see in its place."""
    yield from ((None, np.nan), ("", np.nan), ((), np.nan), ((1.0, "two"), np.nan))
    yield from _odd_numbers(feature.edges) if isinstance(feature, NumberFeature) else _odd_categories(feature)


def _odd_numbers(edges: Sequence[float]) -> Iterator[tuple[Value, float]]:
    for edge in edges:
        below, above = float(np.nextafter(edge, -np.inf)), float(np.nextafter(edge, np.inf))
        yield from ((edge, edge), (below, below), (above, above), (repr(edge), edge))
    for huge in (np.inf, 1.7e308, 2.0**63):
        yield from ((huge, huge), (-huge, -huge))
    yield from ((10**400, np.inf), (-(10**400), -np.inf), (2**53 + 1, 2.0**53), (0, 0.0), (-0.0, 0.0))
    yield from ((np.nan, np.nan), ("a dozen", np.nan))


def _odd_categories(feature: CategoryFeature) -> Iterator[tuple[Value, float]]:
    rare = float(len(feature.levels)) if feature.grouped else np.nan
    yield from ((level, float(code)) for code, level in enumerate(feature.levels))
    yield from ((f" {level}\t", float(code)) for code, level in enumerate(feature.levels))
    yield from ((level, rare) for level in feature.grouped)
    yield _NEVER_MET, rare
