"""What older rows should weigh: halved with every half-life that they are older than the newest, or all alike."""

import numpy as np
from numpy.typing import NDArray

from training.dataset import Dataset
from training.fit import Floats, Part, Rows, answers_of
from training.plan import Plan
from training.search import DEFAULT, simplest

# Rows in the order of time stand in so many blocks of equal size; each of the later ones is told from those before.
BLOCKS = 6
FIRST_TOLD = 3


def weights_of(times: Floats, half_life: float | None) -> Floats | None:
    """The weight of each row, 1 for the newest; None where all weigh alike."""
    return None if half_life is None else np.exp2((times - times.max()) / half_life)


def half_life_of(data: Dataset, plan: Plan, among: Rows) -> float | None:
    """The half-life that tells the later of these rows best from the earlier ones; None where none clearly helps.

    Every candidate, and none, is tried with the served family on each of the later blocks, fitted on those before it
    without the groups in it. Within one standard error of the best the longest wins, and none is longer than any.
    """
    if not plan.half_lives or data.times is None or data.order is None:
        return None
    candidates = (None, *sorted(set(plan.half_lives), reverse=True))
    block = np.full(len(data.label), BLOCKS)
    block[among] = _blocks(data.order[among])
    told = [each for each in range(FIRST_TOLD, BLOCKS) if _fit_to_tell(data, block, each)]
    parts = [
        Part(
            family="served",
            setting=DEFAULT,
            rows=_before(data, block, each),
            asked=block == each,
            seed=plan.seed,
            weights=weights_of(data.times, candidate),
        )
        for candidate in candidates
        for each in told
    ]
    if not told:
        return None
    losses = [
        np.logaddexp(0, np.where(data.label[part.asked], -answer, answer))
        for part, answer in zip(parts, answers_of(data, plan, parts), strict=True)
    ]
    each = len(told)
    return candidates[simplest([np.concatenate(losses[k * each :][:each]) for k in range(len(candidates))])]


def _blocks(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each row's block, equal times in one."""
    ranks = np.searchsorted(np.sort(order), order)
    return ranks * BLOCKS // len(order)


def _before(data: Dataset, block: NDArray[np.int64], told: int) -> Rows:
    rows: Rows = (block < told) & ~np.isin(data.groups, data.groups[block == told])
    return rows


def _fit_to_tell(data: Dataset, block: NDArray[np.int64], told: int) -> bool:
    """Whether the block has rows, and those before it both outcomes."""
    return bool((block == told).any()) and len(np.unique(data.label[_before(data, block, told)])) == 2
