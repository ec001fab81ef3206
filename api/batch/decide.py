"""Decides what many leads are worth at once: to the bit what `decide` says of each, but for the route."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from api.batch.columns import LeadColumns, Values
from api.batch.reasons import Reasons, RulePoints, as_it_is, reasons_json
from rules.compile import Compiled
from rules.evaluate import fire_on_row, verdict_of
from rules.verdict import Fired, Verdict
from scoring.facts import Facts
from scoring.score import grade_of
from scoring.scorecard import Scorecard
from training.appraise import Appraisals, appraise_all, memo_of
from training.table import Stretch

_NO_FACTS = Facts(values={})
# What no activity at all comes to.
ENGAGEMENT = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Decided:
    """What is written of each lead; `reasons` are JSON. `unread` counts leads without a value that made no sense."""

    probability: Sequence[float]
    fit: Sequence[float]
    score: Sequence[float]
    grade: Sequence[str]
    qualified: Sequence[bool]
    reasons: Sequence[str]
    unread: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdicts:
    """What the rules say of leads: the verdicts that differ, and for each lead which of them is its own."""

    kinds: Sequence[Verdict]
    of: NDArray[np.int64]

    def whether(self, say: Callable[[Verdict], bool]) -> NDArray[np.bool_]:
        """Whether it is so of each lead's verdict."""
        return np.array([say(verdict) for verdict in self.kinds], dtype=np.bool_)[self.of]

    def points(self) -> NDArray[np.float64]:
        """What the rules add to each lead's score."""
        return np.array([_points(verdict) for verdict in self.kinds], dtype=np.float64)[self.of]

    def by_rule(self, playbook: Compiled) -> list[RulePoints]:
        """The rules that give points to any lead, in the order that they fire in, with what they give to each."""
        fired = {id(rule) for verdict in self.kinds for rule in verdict.fired if rule.effects.add}
        rules = [ready.fired for stratum in playbook.strata for ready in stratum if id(ready.fired) in fired]
        return [RulePoints(rule=rule, fires=self.whether(partial(_fires, rule))) for rule in rules]


def decide_all(
    stretch: Stretch,
    scorecard: Scorecard,
    playbook: Compiled,
    now: datetime,
    *,
    quote: Callable[[str], str] = as_it_is,
) -> Decided:
    """What is decided of each row at an instant, as of a lead without activities; reasons are written by `quote`."""
    scheme = playbook.playbook.scheme
    columns = LeadColumns(stretch, playbook.playbook.attributes, now)
    values = feature_values(columns, scorecard)
    appraised = appraise_all(scorecard, values, columns.leads)
    verdicts = _verdicts(columns, appraised, playbook, now)
    # Step by step as `score_of` adds, so that no bit differs.
    whole = scheme.fit_weight * np.array(appraised.fit) + scheme.engagement_weight * ENGAGEMENT
    whole = whole + verdicts.points()
    held = np.minimum(np.maximum(whole, 0.0), 100.0)
    score = np.array([round(each, 1) for each in held.tolist()])
    qualify = verdicts.whether(lambda one: one.qualify)
    disqualified = verdicts.whether(lambda one: one.disqualified is not None)
    reasons = Reasons(
        fit=appraised.fit,
        base=scheme.fit_weight * (np.array(appraised.fit) - np.array(list(map(math.fsum, appraised.shares.tolist())))),
        attributes=scheme.fit_weight * appraised.shares,
        order=np.argsort(-np.abs(appraised.shares), axis=1, kind="stable"),
        rules=verdicts.by_rule(playbook),
        limit=held - whole,
        score=score,
    )
    return Decided(
        probability=appraised.probability,
        fit=appraised.fit,
        score=score.tolist(),
        grade=memo_of(lambda each: grade_of(each, scheme), score.tolist()),
        qualified=(~disqualified & (qualify | (score >= scheme.qualify_at))).tolist(),
        reasons=reasons_json(reasons, scorecard, values, appraised.gains, quote),
        unread=columns.unread(),
    )


def feature_values(columns: LeadColumns, scorecard: Scorecard) -> list[Values]:
    """What the model looks at: for each feature, the fact or the part of each lead."""
    parts = {part.name: part for part in scorecard.parts}
    names = [feature.name for feature in scorecard.features]
    return [columns.of_part(parts[name]) if name in parts else columns.of(name) for name in names]


def _verdicts(columns: LeadColumns, appraised: Appraisals, playbook: Compiled, now: datetime) -> Verdicts:
    """What the rules say of each lead; leads for which the same rules fire share a verdict."""
    said: dict[str, Values] = {
        "probability": appraised.probability,
        "fit": appraised.fit,
        "engagement": [ENGAGEMENT] * columns.leads,
    }
    places = playbook.rule_slots.places
    slots = [memo_of(form, said[name] if name in said else columns.of(name)) for name, form in places]
    rows = map(list, zip(*slots, strict=True)) if slots else ([] for _ in range(columns.leads))
    codes: dict[tuple[int, ...], int] = {}
    kinds: list[Verdict] = []
    of: list[int] = []
    for row in rows:
        fired = fire_on_row(playbook, row, now)
        key = tuple(map(id, fired))
        if key not in codes:
            codes[key] = len(kinds)
            kinds.append(verdict_of(fired, _NO_FACTS))
        of.append(codes[key])
    return Verdicts(kinds=kinds, of=np.array(of, dtype=np.int64))


def _points(verdict: Verdict) -> float:
    return math.fsum(fired.effects.add for fired in verdict.fired if fired.effects.add)


def _fires(rule: Fired, verdict: Verdict) -> bool:
    return any(fired is rule for fired in verdict.fired)
