"""How good each family is on rows that it never saw, calibration included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.card import FAMILIES
from training.calibrate import calibration_of, probabilities_of
from training.dataset import Dataset
from training.fit import FOLDS, Floats, Folds, Part, answers_of, folds_of
from training.metrics import Judged, judged
from training.plan import Plan
from training.search import Setting, settings_of, simplest
from training.table import DataError

Progress = Callable[[str, float], None]
# What models said of a fold: by that fold and the other one that they were fitted without.
Said = dict[tuple[int, int], Floats]
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """By family: what it said of the tested rows, and the setting that its last fit should have."""

    answers: Mapping[str, Answers]
    settings: Mapping[str, Setting]


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
    about = f"trained on the past, tested on the newest {newest.mean():.0%} ({newest.sum()} rows)"
    aside = len(newest) - int(newest.sum()) - int(past.sum())
    note = f"; {aside} earlier rows equal to or grouped with these left out" if aside else ""
    return Split(folds=mixed, tested=(FOLDS,), about=about + note)


def evaluate(data: Dataset, split: Split, plan: Plan, weights: Floats | None, progress: Progress) -> Evaluation:
    """What each family says of the tested rows, and the setting that is best for it on all rows but the newest.

    Nested cross-validation: a model is fitted for each setting and each two folds left out. Where one of them is
    tested, the other one chooses the setting and calibrates, so that neither sees an outcome of a tested fold, which
    is answered by the mean of all models without it.
    """
    folds = np.unique(split.folds[split.folds != ASIDE]).tolist()
    pairs = [pair for pair in combinations(folds, 2) if set(pair) & set(split.tested)]
    trials = [
        (family, setting, pair)
        for family in FAMILIES
        for setting in settings_of(_kind(family, plan), plan.search, plan.seed)
        for pair in pairs
    ]
    parts = [_part(split.folds, plan, weights, *trial) for trial in trials]
    said: dict[str, dict[Setting, Said]] = {family: {} for family in FAMILIES}
    for number, (part, answer) in enumerate(zip(parts, answers_of(data, plan, parts), strict=True)):
        one, other = trials[number][2]
        fold = split.folds[part.asked]
        each = said[part.family].setdefault(part.setting, {})
        each[one, other], each[other, one] = answer[fold == one], answer[fold == other]
        progress(f"evaluating {part.family}", (number + 1) / len(parts))
    return Evaluation(
        answers={family: _answers(data, split, said[family], plan.seed) for family in FAMILIES},
        settings={family: _best(data, split, said[family]) for family in FAMILIES},
    )


def judged_by_family(data: Dataset, split: Split, answers: Mapping[str, Answers]) -> Mapping[str, Judged]:
    """The tested rows with what each family said of them."""
    label = data.label[tested(split)]
    return {family: judged(label, each.log_odds, each.probability) for family, each in answers.items()}


def _kind(family: str, plan: Plan) -> str:
    return plan.served if family == "served" else family


def _part(
    folds: Folds, plan: Plan, weights: Floats | None, family: str, setting: Setting, pair: tuple[int, int]
) -> Part:
    return Part(
        family=family,
        setting=setting,
        rows=~np.isin(folds, (ASIDE, *pair)),
        asked=np.isin(folds, pair),
        seed=plan.seed + 10 * pair[0] + pair[1],
        weights=weights,
    )


def _answers(data: Dataset, split: Split, said: Mapping[Setting, Said], seed: int) -> Answers:
    log_odds, probability = np.zeros(len(data.label)), np.zeros(len(data.label))
    for fold in split.tested:
        rows = split.folds == fold
        unseen = {setting: _unseen(data, split.folds, each, fold) for setting, each in said.items()}
        best = list(unseen)[simplest([_losses(*each) for each in unseen.values()])]
        log_odds[rows] = np.mean([each for (of, _), each in said[best].items() if of == fold], axis=0)
        probability[rows] = probabilities_of(calibration_of(*unseen[best], seed), log_odds[rows])
    rows = tested(split)
    return Answers(log_odds=log_odds[rows], probability=probability[rows])


def _best(data: Dataset, split: Split, said: Mapping[Setting, Said]) -> Setting:
    """The simplest of the best settings by the mean loss of each row over all models that were not fitted on it."""
    losses = [
        np.concatenate(
            [np.mean(_all_losses(data, split, each, fold), axis=0) for fold in sorted({of for of, _ in each} - _LATER)]
        )
        for each in said.values()
    ]
    return list(said)[simplest(losses)]


# Where the newest rows are tested they choose nothing, not even the settings of what is served.
_LATER = {FOLDS}


def _all_losses(data: Dataset, split: Split, said: Said, fold: int) -> list[Floats]:
    label = data.label[split.folds == fold]
    return [_losses(each, label) for (of, _), each in said.items() if of == fold]


def _unseen(data: Dataset, folds: Folds, said: Said, tested_fold: int) -> tuple[Floats, Label]:
    """By fold, what the model without it and without the tested fold says of it, and the outcomes."""
    others = sorted(of for of, beside in said if beside == tested_fold)
    return (
        np.concatenate([said[of, tested_fold] for of in others]),
        np.concatenate([data.label[folds == of] for of in others]),
    )


def _losses(log_odds: Floats, label: Label) -> Floats:
    """The log loss of each row."""
    losses: Floats = np.logaddexp(0, np.where(label, -log_odds, log_odds))
    return losses
