"""Silent scoring: what a candidate says of decisions that another version made, and where the two differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from structlog import get_logger

from api.comparing import declared_attributes
from api.serving import PLAYBOOK_FILE
from models.disagree import Disagreement, Sides, Verdict, disagreement
from models.version import ModelVersion
from routing.decide import decide
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from scoring.facts import Facts, facts_of
from scoring.lead import Value
from scoring.parts import with_parts
from scoring.scorecard import Scorecard, appraise
from store.database import Database, Transaction
from store.models import version
from store.playbooks import playbook_text
from store.shadow import (
    Decided,
    Pair,
    ShadowScore,
    decided_lead,
    keep_shadow_scores,
    left_for,
    running_shadow,
    shadow_pairs,
)

BATCH = 100
MOST_PAIRS = 50_000
# Of a large difference: as many attributes are named.
NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """An attribute that the two versions see differently: the points of fit that it gives by each."""

    name: str
    value: Value | None
    serving: float
    shadow: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Differing:
    """How a shadow and a version differ, what moved the largest differences, how often the shadow failed."""

    serving: str
    shadow: str
    said: Disagreement
    moved: tuple[tuple[str, tuple[Moved, ...]], ...]
    failed: int


def shadow_once(database: Database) -> Sequence[ShadowScore]:
    """What the running shadow says of the next decisions that it has not seen, kept beside them; nothing without one.

    A decision that it fails on is kept with the error, so that it is not tried again.
    """
    with database.read() as tx:
        shadow = running_shadow(tx)
        decided = left_for(tx, shadow, BATCH) if shadow else ()
        if shadow is None or not decided:
            return ()
        scorecard = version(tx, shadow.name).scorecard
        playbooks = {number: _playbook(tx, number) for number in {each.playbook for each in decided}}
    scores = [_scored(each, scorecard, playbooks[each.playbook]) for each in decided]
    with database.begin() as tx:
        keep_shadow_scores(tx, shadow.name, scores)
    return scores


def differing(tx: Transaction, shadow: ModelVersion, other: ModelVersion) -> Differing | None:
    """Where a shadow would have decided otherwise than a version that served; None where it saw nothing of it."""
    pairs = shadow_pairs(tx, shadow.name, other.name, MOST_PAIRS)
    said = disagreement([sides for pair in pairs if (sides := _sides(pair)) is not None])
    if said is None:
        return None
    declared = declared_attributes(tx) or {}
    leads = {each.decision_id: facts_of(decided_lead(tx, each.decision_id), declared) for each in said.largest}
    moved = tuple((each, _moved(facts, other.scorecard, shadow.scorecard)) for each, facts in leads.items())
    failed = sum(pair.shadow.error is not None for pair in pairs)
    return Differing(serving=other.name, shadow=shadow.name, said=said, moved=moved, failed=failed)


def differing_document(found: Differing) -> dict[str, object]:
    """Where a shadow differs, as JSON."""
    said, moved = found.said, dict(found.moved)
    return {
        "serving": found.serving,
        "shadow": found.shadow,
        "decisions": said.decisions,
        "failed": found.failed,
        "agreement": said.agreement,
        "same_grade": said.same_grade,
        "rank_correlation": said.rank_correlation,
        "qualified_by_shadow_alone": said.gained,
        "qualified_by_serving_alone": said.lost,
        "largest": [
            {
                "decision": each.decision_id,
                "serving": each.serving,
                "shadow": each.shadow,
                "attributes": moved[each.decision_id],
            }
            for each in said.largest
        ],
    }


def _playbook(tx: Transaction, number: int) -> Compiled:
    return compile_playbook(read_playbook(playbook_text(tx, number), file=PLAYBOOK_FILE, number=number))


def _scored(decided: Decided, scorecard: Scorecard, playbook: Compiled) -> ShadowScore:
    try:
        said = decide(decided.lead, decided.activities, scorecard, playbook, decided.decided_at)
    except Exception as error:  # noqa: BLE001 - a shadow's fault is kept and counted; it must stop nothing that serves
        get_logger().error("shadow failed", decision=decided.id, model=scorecard.version, exc_info=error)
        return ShadowScore(decision_id=decided.id, error=f"{type(error).__name__}: {error}"[:500])
    return ShadowScore(
        decision_id=decided.id,
        probability=said.probability,
        fit=said.fit,
        score=said.score,
        grade=said.grade,
        qualified=said.qualified,
    )


def _sides(pair: Pair) -> Sides | None:
    shadow, document = pair.shadow, pair.document
    if shadow.probability is None or shadow.score is None or shadow.grade is None or shadow.qualified is None:
        return None
    names = ("probability", "score", "grade", "qualified")
    return Sides(
        decision_id=shadow.decision_id,
        serving=Verdict(**{name: document[name] for name in names}),
        shadow=Verdict(
            probability=shadow.probability, score=shadow.score, grade=shadow.grade, qualified=shadow.qualified
        ),
    )


def _moved(facts: Facts, serving: Scorecard, shadow: Scorecard) -> tuple[Moved, ...]:
    """The attributes whose points differ most between the two."""
    ours = {each.name: each for each in appraise(serving, with_parts(facts, serving.parts)).attributes}
    theirs = {each.name: each for each in appraise(shadow, with_parts(facts, shadow.parts)).attributes}
    found = [
        Moved(
            name=name,
            value=(ours.get(name) or theirs[name]).value,
            serving=round(ours[name].fit, 1) if name in ours else 0.0,
            shadow=round(theirs[name].fit, 1) if name in theirs else 0.0,
        )
        for name in {**ours, **theirs}
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.shadow - each.serving), each.name))[:NAMED])
