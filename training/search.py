"""Which settings a family is tried with, and which of them wins: the simplest that is as good as the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Search = Literal["none", "quick", "thorough"]

# Settings drawn by lot for a thorough search, besides those that are always tried.
DRAWN = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How a model is fitted. `l2` is for every family (a logistic regression has no other), the rest for boosting."""

    trees: int = 120
    learning_rate: float = 0.1
    leaves: int = 8
    least: int = 10
    l2: float = 1.0

    @property
    def complexity(self) -> tuple[int, float]:
        """What is simpler comes first: fewer leaves in all, then stronger shrinking."""
        return (self.trees * self.leaves, -self.l2)


DEFAULT = Setting()
QUICK = (
    Setting(trees=100, learning_rate=0.06, leaves=4, least=20, l2=5.0),
    Setting(trees=150, learning_rate=0.06, leaves=6, least=20, l2=5.0),
    DEFAULT,
)
STRENGTHS = {"none": (1.0,), "quick": (10.0, 1.0), "thorough": (100.0, 10.0, 1.0, 0.1)}


def settings_of(family: str, search: Search, seed: int) -> tuple[Setting, ...]:
    """The settings that a family is tried with, the simplest first; the same seed draws the same."""
    if family == "logistic":
        return tuple(Setting(l2=each) for each in STRENGTHS[search])
    if search == "none":
        return (DEFAULT,)
    drawn = _drawn(seed) if search == "thorough" else []
    return tuple(sorted({*QUICK, *drawn}, key=lambda each: (each.complexity, each.learning_rate, each.least)))


def about(family: str, setting: Setting) -> str:
    """The setting in a few words."""
    if family == "logistic":
        return f"penalty {setting.l2:g}"
    return (
        f"{setting.trees} trees of {setting.leaves} leaves, learning rate {setting.learning_rate:g}, "
        f"at least {setting.least} leads a leaf, penalty {setting.l2:g}"
    )


def simplest(losses: Sequence[Floats]) -> int:
    """The first candidate (they come the simplest first) within one standard error of the best.

    `losses` has each candidate's loss by row, of the same rows. The standard error is that of the mean difference
    from the best, row by row, which is far smaller than that of either mean.
    """
    best = min(range(len(losses)), key=lambda each: float(losses[each].mean()))
    return next(each for each in range(len(losses)) if within_one_error(losses[each], losses[best]))


def within_one_error(losses: Floats, best: Floats) -> bool:
    """Whether the mean loss is at most one standard error of the difference above the best's."""
    excess = losses - best
    return bool(excess.mean() <= excess.std() / np.sqrt(len(excess)))


def _drawn(seed: int) -> list[Setting]:
    random = np.random.default_rng(seed)
    return [
        Setting(
            trees=int(random.choice([60, 120, 200, 300])),
            learning_rate=round(float(np.exp(random.uniform(np.log(0.03), np.log(0.15)))), 3),
            leaves=int(random.choice([3, 4, 6, 8, 12])),
            least=int(random.choice([5, 10, 20, 40])),
            l2=round(float(np.exp(random.uniform(np.log(0.3), np.log(30)))), 2),
        )
        for _ in range(DRAWN)
    ]
