"""Decides what a lead is worth, whether sales gets it, which team and by when: one straight line."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from routing.decision import Decision, Promise, Routed
from routing.promise import promise
from rules.case import Assumed
from rules.compile import Compiled
from rules.evaluate import evaluate, match_route
from rules.playbook import Playbook, Route
from rules.verdict import Verdict
from scoring.engagement import engagement_of
from scoring.facts import Facts, facts_of, with_values
from scoring.lead import Activity, Lead, Value
from scoring.parts import with_parts
from scoring.score import Score, score_of
from scoring.scorecard import Appraisal, Scorecard, appraise

# Named as the model of a decision whose probability and fit were assumed.
ASSUMED = "assumed"


def decide(
    lead: Lead,
    activities: Sequence[Activity],
    scorecard: Scorecard | None,
    playbook: Compiled,
    now: datetime,
    *,
    assume: Assumed | None = None,
) -> Decision:
    """The decision on a lead at an instant; the same arguments always give the same decision.

    Sales gets qualified leads only. The promise counts from `now` in the team's calendar, until a rep is known.
    `assume` stands in for the model's word; without it there must be a scorecard.
    """
    book = playbook.playbook
    facts = facts_of(lead, book.attributes)
    appraisal = _appraisal(scorecard, facts, assume)
    engagement = engagement_of(activities, book.scheme.engagement, now)
    verdict = evaluate(playbook, with_scores(facts, appraisal.probability, appraisal.fit, engagement.value), now)
    points = [(fired.name, fired.effects.add, fired.because) for fired in verdict.fired if fired.effects.add]
    score = score_of(appraisal, engagement, points, book.scheme)
    qualified = _qualified(verdict, score, book)
    final = _with_verdict(verdict, score, qualified)
    route = match_route(playbook, final, now) if qualified else None
    return Decision(
        decided_at=now.astimezone(UTC),
        facts=final,
        probability=appraisal.probability,
        fit=appraisal.fit,
        engagement=engagement.value,
        score=score.value,
        grade=score.grade,
        qualified=qualified,
        disqualified=verdict.disqualified,
        tags=verdict.tags,
        reasons=score.reasons,
        rules=verdict.fired,
        route=Routed(name=route.name, team=route.to, rep=None, why=route.because) if route else None,
        sla=_promised(route, book, now) if route else None,
        model=ASSUMED if scorecard is None or assume is not None else scorecard.version,
        playbook=book.number,
    )


def with_scores(facts: Facts, probability: float, fit: float, engagement: float) -> Facts:
    """A lead's own facts with what the model and its activities say of it: what rules look at."""
    return with_values(facts, {"probability": probability, "fit": fit, "engagement": engagement})


def _appraisal(scorecard: Scorecard | None, facts: Facts, assume: Assumed | None) -> Appraisal:
    if assume is not None:
        odds = _log_odds(assume.probability)
        return Appraisal(log_odds=odds, probability=assume.probability, fit=assume.fit, attributes=())
    if scorecard is None:
        raise ValueError("a decision needs a scorecard or an assumption in its place")
    return appraise(scorecard, with_parts(facts, scorecard.parts))


def _log_odds(probability: float) -> float:
    if probability in (0.0, 1.0):
        return math.copysign(math.inf, probability - 0.5)
    return math.log(probability) - math.log1p(-probability)


def _qualified(verdict: Verdict, score: Score, book: Playbook) -> bool:
    """Whether sales gets the lead; disqualifying beats qualifying."""
    return verdict.disqualified is None and (verdict.qualify or score.value >= book.scheme.qualify_at)


def _with_verdict(verdict: Verdict, score: Score, qualified: bool) -> Facts:
    """What routes and reps look at."""
    said: dict[str, Value] = {"score": score.value, "grade": score.grade, "qualified": qualified, "tags": verdict.tags}
    return with_values(verdict.facts, said)


def _promised(route: Route, book: Playbook, now: datetime) -> Promise:
    sla, team = book.slas[route.sla], book.teams[route.to]
    return promise(sla, None if sla.clock == "always" else book.calendars[team.calendar], now)
