"""From a data set to a candidate version: evaluated, fitted, calibrated, compiled and verified."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as library_version

import numpy as np

from models.heldout import HeldOutRow
from models.version import ColumnCard, ModelCard, ModelVersion
from scoring.facts import Facts
from scoring.scorecard import Scorecard, appraise
from training.calibrate import calibration_of
from training.compile import compile_scorecard
from training.dataset import NEVER_TRAINS, Dataset
from training.evaluate import Answers, Metrics, Progress, Split, evaluate, metrics_by_family, split_of, tested
from training.fit import bag_of, folds_of
from training.verify import max_difference

# Even quantiles of the population's log-odds, 0 % to 100 %: a tenth of a point of fit each.
QUANTILES = 1001
# ROC-AUC: what unrestricted boosting may be ahead, and what is hardly better than tossing a coin.
WORTH_KNOWING = 0.012
HARDLY_ANY_ORDER = 0.6
LIBRARIES = ("scikit-learn", "numpy", "scipy")


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """A candidate version, and for the analyst (no server needs them) its fitted estimators and its rows."""

    version: ModelVersion
    estimators: dict[str, object]
    held_out: tuple[HeldOutRow, ...]


def train(data: Dataset, *, version: str, now: datetime, seed: int, progress: Progress, jobs: int = 1) -> Trained:
    """Train a candidate on the data set; the same data and seed give the same scorecard to the byte.

    `progress` is told what is going on and how much of all is done, 0..1. `jobs` models are fitted at a time.
    Raises: DataError where the rows cannot be split; CompileError where the scorecard does not say what its models say.
    """
    folds = folds_of(data.label, data.groups, seed)
    split = split_of(data, folds, seed)
    answers = evaluate(data, split, seed, jobs, lambda what, done: progress(what, 0.8 * done))
    progress("fitting the served models", 0.8)
    bag = bag_of(data, folds, seed, jobs)
    progress("compiling the scorecard", 0.9)
    scorecard = compile_scorecard(
        bag.members,
        data.columns,
        version=version,
        calibration=calibration_of(bag.held_out, data.label, seed),
        reference=np.quantile(bag.held_out, np.linspace(0, 1, QUANTILES)).tolist(),
    )
    progress("verifying the scorecard", 0.95)
    difference = max_difference(scorecard, bag.members, data, seed)
    card = _card(data, split, metrics_by_family(data, split, answers), scorecard, difference, seed)
    progress("trained", 1.0)
    return Trained(
        version=ModelVersion(name=version, state="candidate", created_at=now, scorecard=scorecard, card=card),
        estimators={"members": bag.members, "columns": data.columns},
        held_out=tuple(_held_out(data, split, answers["served"])),
    )


def warnings_of(metrics: Metrics) -> list[str]:
    """What an analyst should know of the metrics before anything is promoted."""
    served, unrestricted = metrics["served"]["roc_auc"], metrics["unrestricted"]["roc_auc"]
    found = []
    if unrestricted - served > WORTH_KNOWING:
        found.append(
            f"unrestricted boosting orders leads better (ROC-AUC {unrestricted:.3f} against {served:.3f}): more than "
            "two columns act together, which a scorecard cannot show"
        )
    if served < HARDLY_ANY_ORDER:
        found.append(f"these columns hardly tell leads apart: ROC-AUC {served:.3f}, and 0.5 is a toss of a coin")
    return found


def _held_out(data: Dataset, split: Split, answers: Answers) -> Iterator[HeldOutRow]:
    """Every row, and what was said of it where it was tested; nothing that identifies a person."""
    said = iter(zip(answers.log_odds.tolist(), answers.probability.tolist(), strict=True))
    for row, was_tested in enumerate(tested(split).tolist()):
        values = {name: value for name, value in data.facts[row].values.items() if name not in NEVER_TRAINS}
        log_odds, probability = next(said) if was_tested else (None, None)
        yield HeldOutRow(
            row=row,
            facts=Facts(values=values),
            label=bool(data.label[row]),
            group=int(data.groups[row]),
            order=None if data.order is None else int(data.order[row]),
            tested=was_tested,
            log_odds=log_odds,
            probability=probability,
        )


def _card(
    data: Dataset, split: Split, metrics: Metrics, scorecard: Scorecard, difference: float, seed: int
) -> ModelCard:
    return ModelCard(
        rows=len(data.label),
        positives=int(data.label.sum()),
        columns=tuple(ColumnCard(name=each.name, kind=each.kind, levels=len(each.levels)) for each in data.columns),
        left_out=dict(data.left_out),
        split=split.about,
        metrics=metrics,
        max_difference=difference,
        tables=len(scorecard.features) + len(scorecard.pairs),
        leakage=tuple((suspicion.column, suspicion.evidence) for suspicion in data.leakage),
        warnings=(*data.warnings, *warnings_of(metrics)),
        checksum=data.checksum,
        seed=seed,
        libraries={"python": platform.python_version()} | {name: library_version(name) for name in LIBRARIES},
        strongest=_strongest(scorecard, data),
    )


def _strongest(scorecard: Scorecard, data: Dataset) -> tuple[tuple[str, float], ...]:
    """Each attribute with its mean |log-odds| over the training rows, the strongest first."""
    rows = [[each.log_odds for each in appraise(scorecard, facts).attributes] for facts in data.facts]
    means = np.abs(rows).mean(axis=0).tolist()
    names = [feature.name for feature in scorecard.features]
    return tuple(sorted(zip(names, means, strict=True), key=lambda item: (-item[1], item[0])))
