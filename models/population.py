"""How a model's training leads lie in its tables: what drift is measured against."""

from collections.abc import Iterable, Mapping

from scoring.facts import Facts
from scoring.parts import with_parts
from scoring.scorecard import Scorecard, cells_of


def population_of(scorecard: Scorecard, leads: Iterable[Facts]) -> Mapping[str, tuple[int, ...]]:
    """Return, for each attribute of the scorecard, how many of the leads fall into each cell of its table."""
    counts = [[0] * len(feature.values) for feature in scorecard.features]
    for facts in leads:
        for own, cell in zip(counts, cells_of(scorecard, with_parts(facts, scorecard.parts)), strict=True):
            own[cell] += 1
    return {feature.name: tuple(own) for feature, own in zip(scorecard.features, counts, strict=True)}
