"""A candidate that scores live traffic in silence: which one, what is left for it, what it says of each decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from scoring.lead import Activity, Lead
from store.database import Transaction
from store.erased import NOT_ERASED
from store.errors import ConflictError, UnknownVersionError
from store.ids import earliest_id, made_at, new_id
from store.lead_json import lead_from_json
from store.locks import hold
from store.rows import add
from store.tables import activities, decisions, model_versions, shadow_scores, shadows

# A decision may be kept this long after it was made, and still gets its shadow.
LATE = timedelta(minutes=10)
LOCK = "shadow"

RUNNING = select(shadows.c.name, shadows.c.started_at).where(shadows.c.ended_at.is_(None))
NEWEST = select(func.max(shadow_scores.c.decision_id)).where(shadow_scores.c.name == bindparam("name"))
LEFT = (
    select(decisions.c.id, decisions.c.lead_id, decisions.c.lead, decisions.c.decided_at, decisions.c.playbook)
    .outerjoin(
        shadow_scores,
        and_(shadow_scores.c.decision_id == decisions.c.id, shadow_scores.c.name == bindparam("name")),
    )
    .where(decisions.c.id >= bindparam("from"), shadow_scores.c.decision_id.is_(None), NOT_ERASED)
    .order_by(decisions.c.id)
    .limit(bindparam("most"))
)
DONE = select(activities.c.kind, activities.c.at).where(
    activities.c.lead_id == bindparam("lead"), activities.c.received_at <= bindparam("until")
)
PAIRS = (
    select(decisions.c.id, decisions.c.lead_id, decisions.c.document, shadow_scores)
    .join(shadow_scores, shadow_scores.c.decision_id == decisions.c.id)
    .where(shadow_scores.c.name == bindparam("name"), decisions.c.model == bindparam("model"))
    .order_by(decisions.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shadow:
    """A version that scores in silence, and since when."""

    name: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """A decision as it was made: the lead and what it had done by then, by which playbook."""

    id: str
    lead: Lead
    activities: tuple[Activity, ...]
    decided_at: datetime
    playbook: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ShadowScore:
    """What a shadow says of a decision; `error` is why it could not say anything."""

    decision_id: str
    probability: float | None = None
    fit: float | None = None
    score: float | None = None
    grade: str | None = None
    qualified: bool | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A decision as callers saw it, and what the shadow says of it."""

    lead_id: str
    document: Mapping[str, Any]
    shadow: ShadowScore


def start_shadow(tx: Transaction, name: str, *, by: str, now: datetime) -> None:
    """Lets a version score in silence from now on, in the place of any other.

    Raises: UnknownVersionError; ConflictError for the version that serves.
    """
    state = tx.execute(select(model_versions.c.state).where(model_versions.c.name == name)).scalar()
    if state is None:
        raise UnknownVersionError(f"model {name} is not kept; `leadline models list` lists those that are")
    if state == "champion":
        raise ConflictError(f"model {name} serves; a shadow is another than the one that serves")
    hold(tx, LOCK)
    end_shadow(tx, now)
    add(tx, shadows, {"id": new_id(now), "name": name, "started_at": now, "author": by})


def end_shadow(tx: Transaction, now: datetime) -> str | None:
    """Ends the silent scoring and returns of which version; None when none was running."""
    ended = update(shadows).where(shadows.c.ended_at.is_(None)).values(ended_at=now).returning(shadows.c.name)
    name: str | None = tx.execute(ended).scalar()
    return name


def running_shadow(tx: Transaction) -> Shadow | None:
    """Returns the version that scores in silence, if one does."""
    row = tx.execute(RUNNING).one_or_none()
    return None if row is None else Shadow(name=row.name, started_at=row.started_at)


def left_for(tx: Transaction, shadow: Shadow, most: int) -> tuple[Decided, ...]:
    """Returns at most so many decisions that the shadow has not scored yet, oldest first."""
    newest = tx.execute(NEWEST, {"name": shadow.name}).scalar()
    since = shadow.started_at if newest is None else max(shadow.started_at, made_at(newest) - LATE)
    rows = tx.execute(LEFT, {"name": shadow.name, "from": earliest_id(since), "most": most}).all()
    return tuple(
        Decided(
            id=row.id,
            lead=lead_from_json(row.lead),
            activities=_done_by(tx, row.lead_id, row.decided_at),
            decided_at=row.decided_at,
            playbook=row.playbook,
        )
        for row in rows
    )


def keep_shadow_scores(tx: Transaction, name: str, scores: Sequence[ShadowScore]) -> None:
    """Keeps what a shadow says, but for what another worker has kept meanwhile."""
    hold(tx, LOCK)
    ids = [score.decision_id for score in scores]
    mine = and_(shadow_scores.c.name == name, shadow_scores.c.decision_id.in_(ids))
    kept = set(tx.execute(select(shadow_scores.c.decision_id).where(mine)).scalars())
    rows = [_row(name, score) for score in scores if score.decision_id not in kept]
    if rows:
        add(tx, shadow_scores, *rows)


def shadow_pairs(tx: Transaction, shadow: str, model: str, most: int) -> tuple[Pair, ...]:
    """Returns at most so many decisions of a version that the shadow scored too, newest first."""
    rows = tx.execute(PAIRS, {"name": shadow, "model": model, "most": most})
    return tuple(
        Pair(
            lead_id=row.lead_id,
            document=row.document,
            shadow=ShadowScore(**{name: getattr(row, name) for name in ShadowScore.__slots__}),
        )
        for row in rows
    )


def decided_lead(tx: Transaction, decision_id: str) -> Lead:
    """Returns the lead as it was known when a decision was made."""
    return lead_from_json(tx.execute(select(decisions.c.lead).where(decisions.c.id == decision_id)).scalar_one())


def _done_by(tx: Transaction, lead_id: str, at: datetime) -> tuple[Activity, ...]:
    """Returns what a lead had done when it was decided on."""
    rows = tx.execute(DONE, {"lead": lead_id, "until": at})
    return tuple(Activity(kind=row.kind, at=row.at) for row in rows)


def _row(name: str, score: ShadowScore) -> dict[str, object]:
    """Returns a score as a row."""
    return {"name": name, **{field: getattr(score, field) for field in ShadowScore.__slots__}}
