"""From a data set to a candidate version: evaluated, fitted, calibrated, compiled and verified."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as library_version

import numpy as np

from models.card import FAMILIES, ColumnCard, ModelCard
from models.heldout import HeldOutRow
from models.version import ModelVersion
from scoring.facts import Facts
from scoring.scorecard import Contribution, Scorecard, appraise
from training import cards
from training.calibrate import calibration_of
from training.compile import compile_scorecard
from training.dataset import FREE_TEXT, IDENTIFIER, NEVER_TRAINS, Dataset
from training.evaluate import Answers, Evaluation, Progress, Split, evaluate, judged_by_family, split_of, tested
from training.fit import bag_of, folds_of
from training.metrics import Judged, metrics_of
from training.plan import Plan, check_half_lives, constraints_of
from training.recency import half_life_of, weights_of
from training.search import about, within_one_error
from training.verify import max_difference

# Even quantiles of the population's log-odds, 0 % to 100 %: a tenth of a point of fit each.
QUANTILES = 1001
# ROC-AUC: what unrestricted boosting may be ahead, and what is hardly better than tossing a coin.
WORTH_KNOWING = 0.012
HARDLY_ANY_ORDER = 0.6
LIBRARIES = ("scikit-learn", "numpy", "scipy")

Metrics = Mapping[str, Mapping[str, float]]
Judges = Mapping[str, Judged]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """A candidate version, and for the analyst (no server needs them) its fitted estimators and its rows."""

    version: ModelVersion
    estimators: dict[str, object]
    held_out: tuple[HeldOutRow, ...]


def train(data: Dataset, *, version: str, now: datetime, plan: Plan, progress: Progress) -> Trained:
    """Train a candidate on the data set; the same data and plan give the same scorecard to the byte.

    `progress` is told what is going on and how much of all is done, 0..1.
    Raises: DataError where the rows cannot be split, or the plan does not suit the columns; CompileError where the
    scorecard does not say what its models say.
    """
    constraints_of(plan, data.columns)
    check_half_lives(plan, data)
    split = split_of(data, folds_of(data.label, data.groups, plan.seed), plan.seed)
    progress("weighing the past", 0.0)
    evaluation = _evaluated(data, split, plan, progress)
    progress("fitting the served models", 0.8)
    half_life = half_life_of(data, plan, np.ones(len(data.label), dtype=np.bool_))
    setting = evaluation.settings["served"]
    bag = bag_of(data, plan, setting, None if data.times is None else weights_of(data.times, half_life))
    progress("compiling the scorecard", 0.9)
    scorecard = compile_scorecard(
        bag.members,
        data.columns,
        version=version,
        calibration=calibration_of(bag.held_out, data.label, plan.seed),
        reference=np.quantile(bag.held_out, np.linspace(0, 1, QUANTILES)).tolist(),
    )
    progress("verifying the scorecard", 0.93)
    difference = max_difference(scorecard, bag.members, data, plan.seed)
    progress("writing the report", 0.96)
    card = _card(data, split, plan, evaluation, scorecard, difference, _recency(data, plan, half_life))
    progress("trained", 1.0)
    return Trained(
        version=ModelVersion(name=version, state="candidate", created_at=now, scorecard=scorecard, card=card),
        estimators={"members": bag.members, "columns": data.columns},
        held_out=tuple(_held_out(data, split, evaluation.answers["served"])),
    )


def _evaluated(data: Dataset, split: Split, plan: Plan, progress: Progress) -> Evaluation:
    """The evaluation; how much less older rows weigh is chosen without the newest rows."""
    half_life = half_life_of(data, plan, ~tested(split))
    weights = None if data.times is None else weights_of(data.times, half_life)
    return evaluate(data, split, plan, weights, lambda what, done: progress(what, 0.8 * done))


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
    """Every row, and what was said of it where it was tested; no contact data, no identifiers, no free text."""
    secret = {name for name, why in data.left_out.items() if why == IDENTIFIER or why.startswith(FREE_TEXT)}
    secret |= NEVER_TRAINS.keys()
    said = iter(zip(answers.log_odds.tolist(), answers.probability.tolist(), strict=True))
    for row, was_tested in enumerate(tested(split).tolist()):
        values = {name: value for name, value in data.facts[row].values.items() if name not in secret}
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
    data: Dataset,
    split: Split,
    plan: Plan,
    evaluation: Evaluation,
    scorecard: Scorecard,
    difference: float,
    notes: Sequence[str],
) -> ModelCard:
    judges = judged_by_family(data, split, evaluation.answers)
    metrics = {family: metrics_of(judges[family]) for family in FAMILIES}
    settings = {
        family: about(plan.served if family == "served" else family, each)
        for family, each in evaluation.settings.items()
    }
    rows = np.flatnonzero(tested(split))
    served, fits = judges["served"], cards.fits_of(scorecard, evaluation.answers["served"].log_odds)
    cells = cards.cells_of(scorecard, data.columns)
    contributions = [appraise(scorecard, facts).attributes for facts in data.facts]
    return ModelCard(
        rows=len(data.label),
        positives=int(data.label.sum()),
        columns=tuple(ColumnCard(name=each.name, kind=each.kind, levels=len(each.levels)) for each in data.columns),
        left_out=dict(data.left_out),
        split=split.about,
        tested=cards.whole(served),
        metrics=metrics,
        families={family: cards.family_card(judges[family], settings[family], plan.seed) for family in FAMILIES},
        served=plan.served,
        monotone={name: "+" if sign > 0 else "-" for name, sign in plan.monotone.items()},
        max_difference=difference,
        tables=len(scorecard.features) + len(scorecard.pairs),
        leakage=tuple((suspicion.column, suspicion.evidence) for suspicion in data.leakage),
        notes=(*notes, *notes_of(judges, plan)),
        warnings=(*data.warnings, *warnings_of(metrics)),
        checksum=data.checksum,
        seed=plan.seed,
        libraries={"python": platform.python_version()} | {name: library_version(name) for name in LIBRARIES},
        strongest=_strongest(scorecard, contributions),
        strongest_pairs=cards.strongest_pairs(scorecard, cells),
        reasons=cards.reasons_of(scorecard, cells, contributions, rows),
        curve=cards.curve_of(fits, served.label),
        leads_a_month=cards.leads_a_month(data),
        fairness={
            column: cards.groups_of(served, fits, [values[row] for row in rows])
            for column, values in data.watched.items()
        },
    )


def notes_of(judges: Judges, plan: Plan) -> list[str]:
    """What is worth knowing and nothing to worry about."""
    served, additive = judges["served"].losses, judges["additive"].losses
    if plan.served == "additive" or not within_one_error(additive, served):
        return []
    losses = f"log loss {additive.mean():.4f} against {served.mean():.4f}"
    return [f"one column at a time does as well within one standard error ({losses}): --served additive is simpler"]


def _recency(data: Dataset, plan: Plan, half_life: float | None) -> list[str]:
    """What became of the half-lives that were asked for."""
    if not plan.half_lives:
        return []
    if half_life is None:
        return ["older rows weigh as much as newer ones: no half-life told later rows clearly better from earlier ones"]
    length = f"{half_life / 86_400:g} days" if data.dated else f"{half_life:g} in the unit of the time column"
    return [f"older rows weigh less, half with every {length}: this told later rows best from earlier ones"]


def _strongest(scorecard: Scorecard, contributions: Sequence[Sequence[Contribution]]) -> tuple[tuple[str, float], ...]:
    """Each attribute with its mean |log-odds| over the training rows, the strongest first."""
    means = np.abs([[each.log_odds for each in row] for row in contributions]).mean(axis=0).tolist()
    names = [feature.name for feature in scorecard.features]
    return tuple(sorted(zip(names, means, strict=True), key=lambda item: (-item[1], item[0])))
