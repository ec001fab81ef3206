"""How good each family is on rows that it never saw, calibration included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.calibrate import calibration_of, probabilities_of
from training.dataset import Dataset
from training.families import FAMILIES
from training.fit import FOLDS, Floats, Folds, Part, answers_of, folds_of
from training.metrics import metrics_of
from training.table import DataError

Progress = Callable[[str, float], None]
Metrics = Mapping[str, Mapping[str, float]]
Label = NDArray[np.bool_]

# The fold of rows that neither train nor test: earlier rows of a group that the newest ones belong to.
ASIDE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """Which rows are held out: each row's fold, the folds that are tested one after the other, and a sentence."""

    folds: Folds
    tested: tuple[int, ...]
    about: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What a family said of the tested rows, one element each in the order of the rows: log-odds and probability."""

    log_odds: Floats
    probability: Floats


def tested(split: Split) -> Label:
    """Whether each row is tested."""
    return np.isin(split.folds, split.tested)


def split_of(data: Dataset, folds: Folds, seed: int) -> Split:
    """The newest fifth against the past where rows have an order in time, else each fold against the others.

    Raises: DataError where the newest fifth or the past before it has too few outcomes of either side.
    """
    if data.order is None:
        about = f"{FOLDS} folds, each tested on models of the others; equal rows or groups on one side"
        return Split(folds=folds, tested=tuple(range(FOLDS)), about=about)
    # Equal times stand on one side: all rows as new as the oldest of the newest fifth.
    newest = data.order >= np.sort(data.order)[len(data.order) - len(data.order) // 5]
    past = ~newest & ~np.isin(data.groups, data.groups[newest])
    if len(np.unique(data.label[newest])) < 2 or len(np.unique(data.label[past])) < 2:
        raise DataError("the newest fifth, or the past without its groups, has one outcome only: train without --time")
    mixed = np.where(newest, FOLDS, ASIDE)
    mixed[past] = folds_of(data.label[past], data.groups[past], seed)
    about = f"trained on the past, tested on the newest fifth ({newest.sum()} rows)"
    aside = len(newest) - int(newest.sum()) - int(past.sum())
    note = f"; {aside} earlier rows equal to or grouped with these left out" if aside else ""
    return Split(folds=mixed, tested=(FOLDS,), about=about + note)


def evaluate(data: Dataset, split: Split, seed: int, jobs: int, progress: Progress) -> Mapping[str, Answers]:
    """What each family says of the tested rows.

    A model is fitted for each two folds left out. Where one of them is tested, the other calibrates: a tested fold is
    answered by the mean of all models without it, calibrated on what these say of the fold that they too never saw.
    """
    folds = np.unique(split.folds[split.folds != ASIDE]).tolist()
    pairs = [pair for pair in combinations(folds, 2) if set(pair) & set(split.tested)]
    parts = [
        Part(family=family, rows=~np.isin(split.folds, (ASIDE, *pair)), seed=seed + 10 * pair[0] + pair[1])
        for family in FAMILIES
        for pair in pairs
    ]
    answers: dict[str, dict[frozenset[int], Floats]] = {family: {} for family in FAMILIES}
    for number, (part, answer) in enumerate(zip(parts, answers_of(data, parts, jobs), strict=True)):
        answers[part.family][frozenset(pairs[number % len(pairs)])] = answer
        progress(f"evaluating {part.family}", (number + 1) / len(parts))
    return {family: _calibrated(data, split, answers[family], seed) for family in FAMILIES}


def metrics_by_family(data: Dataset, split: Split, answers: Mapping[str, Answers]) -> Metrics:
    """The figures of each family on the tested rows."""
    label = data.label[tested(split)]
    return {family: metrics_of(label, each.log_odds, each.probability) for family, each in answers.items()}


def _calibrated(data: Dataset, split: Split, answers: Mapping[frozenset[int], Floats], seed: int) -> Answers:
    log_odds, probability = np.zeros(len(data.label)), np.zeros(len(data.label))
    for fold in split.tested:
        rows = split.folds == fold
        without = {next(iter(pair - {fold})): answer for pair, answer in answers.items() if fold in pair}
        log_odds[rows] = np.mean([answer[rows] for answer in without.values()], axis=0)
        calibration = calibration_of(*_unseen(data, split.folds, without), seed)
        probability[rows] = probabilities_of(calibration, log_odds[rows])
    rows = tested(split)
    return Answers(log_odds=log_odds[rows], probability=probability[rows])


def _unseen(data: Dataset, folds: Folds, answers: Mapping[int, Floats]) -> tuple[Floats, NDArray[np.bool_]]:
    """By fold, what the model that was not fitted on it says of it, and the outcomes."""
    rows = {fold: folds == fold for fold in answers}
    said = np.concatenate([answer[rows[fold]] for fold, answer in answers.items()])
    return said, np.concatenate([data.label[rows[fold]] for fold in answers])
