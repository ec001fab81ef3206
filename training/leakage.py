"""Finds columns that look as if they knew the outcome, and says by what evidence."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from scoring.attributes import BUILT_IN

FOLDS = 5
BINS = 20
# A column decides the label nearly alone when its ROC-AUC stands so far above one half, and above the field.
NEARLY_DECIDES = 0.8
ABOVE_THE_FIELD = 1.5
DECIDES = 0.97
# Filling tells the outcome when the odds differ by so much, between parts that are both more than a sliver.
ODDS_RATIO = 3.0
SLIVER = 0.05
ALL_DISTINCT = 0.99
FEWEST_TO_IDENTIFY = 50
# Values belong to one outcome alone when so pure, so far from the rest, and together so much of that outcome.
PURE = 0.95
ODDS_RATIO_OF_PURE = 10.0
FEWEST_OF_A_VALUE = 20
MUCH_OF_AN_OUTCOME = 0.1
# Of a normal distribution: 95 % lie above it on one side.
ONE_SIDED = 1.645
SHOWN_VALUES = 3

_RESULT_WORDS = frozenset(
    (
        *(
            "tag",
            "tags",
            "quality",
            "status",
            "stage",
            "score",
            "index",
            "last",
            "won",
            "win",
            "lost",
            "close",
            "closed",
        ),
        *("outcome", "result", "converted", "conversion", "deal", "revenue"),
        *("disposition", "lifecycle", "purchased", "sold", "signed", "resolution"),
    )
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

NOTHING_AGED: Mapping[str, NDArray[np.float64]] = MappingProxyType({})

Kind = Literal["identifier", "alone", "filling", "values", "name"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspicion:
    """A column that may know the outcome, by its strongest kind of evidence."""

    column: str
    kind: Kind
    evidence: str


def suspicions(
    columns: Mapping[str, Sequence[str | None]],
    label: NDArray[np.bool_],
    *,
    measured: Collection[str] = (),
    ages: Mapping[str, NDArray[np.float64]] = NOTHING_AGED,
) -> tuple[Suspicion, ...]:
    """Return what looks like leakage, a line of evidence for each column, in column order.

    `columns` holds each column's text, None where missing; `label` has one truth a row. What is `measured` is no
    identifier however much it differs. `ages` says how many days before its lead each value of a date lies.
    """
    found: dict[str, list[tuple[Kind, str]]] = {name: [] for name in columns}
    for name, texts in columns.items():
        found[name] += [] if name in measured else _identifies(name, texts)
        found[name] += [*_later(ages[name])] if name in ages else []
        found[name] += [*_filling(texts, label), *_values(texts, label), *_name(name)]
    strength = {name: auc_alone(texts, label) for name, texts in columns.items()}
    told = {name for name, evidence in found.items() if any(kind != "name" for kind, _ in evidence)}
    for name, evidence in _decisive(strength, told):
        found[name].insert(0, ("alone", evidence))
    return tuple(
        Suspicion(column=name, kind=evidence[0][0], evidence="; ".join(text for _, text in evidence))
        for name, evidence in found.items()
        if evidence
    )


def auc_alone(texts: Sequence[str | None], label: NDArray[np.bool_]) -> float:
    """Return the ROC-AUC that one column reaches by itself on rows it was not fitted to (five folds, seeded)."""
    codes = _codes(texts)
    size, rate = int(codes.max()) + 1, float(label.mean())
    fold = np.random.default_rng(0).permutation(len(codes)) % FOLDS
    guess = np.zeros(len(codes))
    for held_out in range(FOLDS):
        seen = fold != held_out
        wins = np.bincount(codes[seen], label[seen], size)
        count = np.bincount(codes[seen], minlength=size)
        guess[~seen] = ((wins + 5 * rate) / (count + 5))[codes[~seen]]
    return float(roc_auc_score(label, guess))


def _codes(texts: Sequence[str | None]) -> NDArray[np.int64]:
    """Return a cell for each row: a category's own, or the twentieth that a number falls into; 0 is missing."""
    numbers = _numbers(texts)
    if numbers is not None and np.unique(numbers[~np.isnan(numbers)]).size > BINS:
        edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
        return np.where(np.isnan(numbers), 0, 1 + np.searchsorted(edges, numbers)).astype(np.int64)
    cells: dict[str | None, int] = {None: 0}
    return np.array([cells.setdefault(text, len(cells)) for text in texts], dtype=np.int64)


def _numbers(texts: Sequence[str | None]) -> NDArray[np.float64] | None:
    try:
        return np.array([np.nan if text is None else float(text) for text in texts])
    except ValueError:
        return None


def is_identifier(name: str, texts: Sequence[str | None]) -> bool:
    """Return whether the texts of a column hardly ever repeat, and measure nothing."""
    return bool(_identifies(name, texts))


def _identifies(name: str, texts: Sequence[str | None]) -> list[tuple[Kind, str]]:
    known = [text for text in texts if text is not None]
    distinct = len(set(known))
    measures = any("." in text for text in known) and _numbers(texts) is not None
    if (
        name in BUILT_IN
        or measures
        or len(known) < max(len(texts) / 2, FEWEST_TO_IDENTIFY)
        or distinct < ALL_DISTINCT * len(known)
    ):
        return []
    return [("identifier", f"an identifier: {distinct} different values in {len(known)} rows; it was left out")]


def _filling(texts: Sequence[str | None], label: NDArray[np.bool_]) -> list[tuple[Kind, str]]:
    blank = np.array([text is None for text in texts])
    if not SLIVER <= blank.mean() <= 1 - SLIVER:
        return []
    when_blank, when_filled = float(label[blank].mean()), float(label[~blank].mean())
    ratio = (when_filled + 1e-9) * (1 - when_blank + 1e-9) / ((when_blank + 1e-9) * (1 - when_filled + 1e-9))
    if 1 / ODDS_RATIO < ratio < ODDS_RATIO:
        return []
    return [
        (
            "filling",
            f"its filling tells the outcome: {when_blank:.0%} convert when blank, {when_filled:.0%} when filled",
        )
    ]


def _values(texts: Sequence[str | None], label: NDArray[np.bool_]) -> list[tuple[Kind, str]]:
    """Return the evidence where values that go with one outcome alone make up much of that outcome."""
    counts, wins = Counter(texts), Counter(text for text, won in zip(texts, label.tolist(), strict=True) if won)
    often = {text: count for text, count in counts.items() if text is not None and count >= FEWEST_OF_A_VALUE}
    evidence: list[tuple[Kind, str]] = []
    for converts, outcome in ((True, "convert"), (False, "do not convert")):
        all_of, share = int((label == converts).sum()), float((label == converts).mean())
        of = {text: wins[text] if converts else count - wins[text] for text, count in often.items()}
        pure = {text: hits for text, hits in of.items() if _belongs(hits, often[text], share)}
        if sum(pure.values()) >= MUCH_OF_AN_OUTCOME * all_of:
            first = sorted(pure, key=lambda text: -pure[text])[:SHOWN_VALUES]
            named = ", ".join(f"{text!r:.40} ({pure[text] / often[text]:.0%} of {often[text]})" for text in first)
            more = f" and {len(pure) - len(first)} more" if len(pure) > len(first) else ""
            evidence.append(("values", f"values that nearly always {outcome} (set afterwards?): {named}{more}"))
    return evidence


def _belongs(hits: int, count: int, share: float) -> bool:
    """Return whether a value's purity, at the lower end of its Wilson interval, is beyond chance and the base rate.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    rate, spread = hits / count, ONE_SIDED**2 / count
    wide = ONE_SIDED * math.sqrt(rate * (1 - rate) / count + spread / (4 * count))
    lowest = (rate + spread / 2 - wide) / (1 + spread)
    return lowest >= PURE and lowest * (1 - share) >= ODDS_RATIO_OF_PURE * share * (1 - lowest)


def _later(age: NDArray[np.float64]) -> list[tuple[Kind, str]]:
    """Return the evidence where a date often lies days after its lead came in."""
    known = age[~np.isnan(age)]
    share = float((known < -1).mean()) if len(known) else 0.0
    return [("values", f"{share:.0%} of its dates lie after the lead came in")] if share > SLIVER else []


def _name(name: str) -> list[tuple[Kind, str]]:
    words = {word.lower() for word in _WORD.findall(name)} if name not in BUILT_IN else set()
    telling = sorted(words & _RESULT_WORDS - ({"last"} if "name" in words else set()))
    if not telling:
        return []
    return [("name", f"its name speaks of a result ({', '.join(telling)}): is it known when the lead comes in?")]


def _decisive(strength: Mapping[str, float], told: Set[str]) -> list[tuple[str, str]]:
    """Return the columns that nearly decide the label, measured against the strongest one that could be honest.

    `told` names the columns that more than their name speaks against; they are no measure for others.
    """
    field = sorted((auc, name) for name, auc in strength.items() if name not in told)
    decisive: list[str] = []
    while field and _stands_out(field[-1][0], field[-2][0] if len(field) > 1 else 0.5):
        decisive.append(field.pop()[1])
    rest = field[-1][0] if field else 0.5
    decisive += [name for name in told if _stands_out(strength[name], rest)]
    return [
        (name, f"alone it reaches a ROC-AUC of {strength[name]:.2f}, the next column {rest:.2f}") for name in decisive
    ]


def _stands_out(auc: float, rest: float) -> bool:
    return auc >= DECIDES or (auc >= NEARLY_DECIDES and auc - 0.5 >= ABOVE_THE_FIELD * (max(rest, 0.5) - 0.5))
