"""The score of a lead: weighted fit and engagement plus the points of rules, with its grade and its reasons."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from scoring.engagement import Engagement
from scoring.lead import Value
from scoring.reasons import Reason, ReasonKind, activity_text, apportioned, attribute_text
from scoring.scheme import Scheme
from scoring.scorecard import Appraisal


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """0..100 with one decimal, its grade, and reasons whose points add up to it exactly.

    Reasons stand in order: the base, attributes from the strongest on, activities from the oldest on, rules as
    they fired, limits. What else than base and attributes is worth less than a tenth of a point is no reason.
    """

    value: float
    grade: str
    reasons: tuple[Reason, ...]


class _Part(NamedTuple):
    """A reason before its points are in tenths."""

    kind: ReasonKind
    name: str
    points: float
    value: Value | None = None
    log_odds: float | None = None
    text: str = ""


def score_of(
    appraisal: Appraisal, engagement: Engagement, rule_points: Sequence[tuple[str, float, str]], scheme: Scheme
) -> Score:
    """fit_weight * fit + engagement_weight * engagement + the rules' points, held within 0..100.

    `rule_points` holds each rule's name, points and because.
    """
    whole = scheme.fit_weight * appraisal.fit + scheme.engagement_weight * engagement.value
    whole += math.fsum(points for _, points, _ in rule_points)
    held = _held(whole)
    parts = [
        *_fit_parts(appraisal, scheme.fit_weight),
        *_engagement_parts(engagement, scheme.engagement_weight),
        *(_Part("rule", name, points, text=because) for name, points, because in rule_points),
        *_limit("score", held - whole),
    ]
    value = round(held, 1)
    return Score(
        value=value,
        grade=grade_of(value, scheme),
        reasons=tuple(_reasons(parts, value, scheme.engagement.half_life)),
    )


def grade_of(value: float, scheme: Scheme) -> str:
    """The letter of a score: the first grade whose threshold it reaches, else the last."""
    return next((grade.letter for grade in scheme.grades if value >= grade.from_score), scheme.grades[-1].letter)


def _held(points: float) -> float:
    return min(max(points, 0.0), 100.0)


def _fit_parts(appraisal: Appraisal, weight: float) -> Iterator[_Part]:
    """What an average lead's fit gives, as the rest beside the attributes, and what each attribute adds."""
    ranked = sorted(appraisal.attributes, key=lambda one: abs(one.fit), reverse=True)
    start = appraisal.fit - math.fsum(one.fit for one in ranked)
    # Rounded, since the sum's last bits are not the lead's.
    intercept = round(appraisal.log_odds - math.fsum(one.log_odds for one in ranked), 9)
    name, text = ("average lead", "an average lead starts at") if ranked else ("fit", f"fit {appraisal.fit:g} gives")
    yield _Part("base", name, weight * start, log_odds=intercept, text=text)
    for one in ranked:
        text = attribute_text(one.name, one.value, one.log_odds)
        yield _Part("attribute", one.name, weight * one.fit, one.value, one.log_odds, text)


def _engagement_parts(engagement: Engagement, weight: float) -> Iterator[_Part]:
    """The activities, which add up to the engagement that people see: the strongest takes up its rounding."""
    total = math.fsum(part.points for part in engagement.parts)
    strongest = max(engagement.parts, key=lambda part: abs(part.points), default=None)
    for part in engagement.parts:
        rounding = engagement.value - _held(total) if part is strongest else 0.0
        yield _Part("activity", part.kind, weight * (part.points + rounding), part.at)
    yield from _limit("engagement", weight * (_held(total) - total))


def _limit(name: str, points: float) -> Iterator[_Part]:
    if points:
        yield _Part("limit", name, points, text=f"{name} stops at {100 if points < 0 else 0}")


def _reasons(parts: Sequence[_Part], value: float, half_life: timedelta) -> Iterator[Reason]:
    shares = apportioned([part.points for part in parts], value)
    for part, points in zip(parts, shares, strict=True):
        kind, name, _, what, log_odds, text = part
        if kind == "base":
            text = f"{text} {points:.1f} points"
        elif kind == "activity" and isinstance(what, datetime):
            text = activity_text(name, what, points, half_life)
        if points or kind in ("base", "attribute"):
            yield Reason(kind=kind, name=name, value=what, points=points, log_odds=log_odds, text=text)
