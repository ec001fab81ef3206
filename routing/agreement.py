"""Both sides of the agreement measured: what marketing delivered, what sales did, and what that will come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from routing.drivers import Driver, drivers_of, shortfalls_of
from routing.handing import Handing, Kept
from routing.periods import Stretch
from routing.projection import LOOK_BACK, Pace, Projection, pace_of, projected_count, projected_share
from rules.evaluate import holds
from rules.playbook import Commitment, Delivery, Duty
from rules.wording import condition_in_words

# More than this likely to be kept is fine, less is in danger; once the period is over it is kept or missed.
FINE = 0.5
# Fewer promises than these say nothing of how the next will go.
ENOUGH = 5

State = Literal["on course", "in danger", "too early", "kept", "missed"]
BAD: tuple[State, ...] = ("in danger", "missed")
STATES: tuple[Kept, ...] = ("kept", "broken", "open")
BINDING = ("kept", "broken")


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """What marketing promised to deliver in a period, what it has delivered, and what is expected at the end.

    `of` says in words which leads count. `drivers` are what brings fewer leads than in the eight weeks before.
    """

    of: str
    period: Stretch
    promised: int
    delivered: int
    projection: Projection
    state: State
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What sales promised to do for a share of the leads in a period, and what it did.

    Leads count in the period in which they were handed to sales, outcomes in that in which they fall due. `share` is
    of those decided so far, None while none is. `drivers` broke more promises than was agreed.
    """

    duty: Duty
    of: str
    period: Stretch
    promised: float
    kept: int
    broken: int
    open: int
    share: float | None
    projection: Projection
    state: State
    drivers: tuple[Driver, ...]


def measure_delivery(delivery: Delivery, handings: Sequence[Handing], period: Stretch, now: datetime) -> Delivered:
    """What marketing delivered of what it promised; `handings` reach back eight weeks before the period."""
    counting = [one for one in handings if delivery.of is None or holds(delivery.of, one.facts, one.handed_at)]
    inside = [one for one in counting if one.handed_at in period and one.handed_at < now]
    pace = pace_of([one.handed_at for one in counting], period, now)
    ahead = pace.between(max(now, period.start), period.end)
    projection = projected_count(len(inside), delivery.count, pace, ahead)
    state = _state(projection.likely, now >= period.end, ENOUGH)
    return Delivered(
        of="all qualified leads" if delivery.of is None else condition_in_words(delivery.of),
        period=period,
        promised=delivery.count,
        delivered=len(inside),
        projection=projection,
        state=state,
        drivers=_fewer(counting, inside, pace, period, now) if state in BAD else (),
    )


def measure_duty(commitment: Commitment, handings: Sequence[Handing], period: Stretch, now: datetime) -> Done:
    """What sales did of what it promised; `handings` reach back eight weeks before all that falls into the period."""
    about = [one for one in handings if not commitment.slas or one.sla in commitment.slas]
    counted = _count(commitment, about, period, now)
    kept, broken = len(counted.kept), len(counted.broken)
    coming = len(counted.open) + _to_come(commitment, about, period, now)
    projection = projected_share(kept, broken, coming, commitment.share, counted.recent)
    known = kept + broken + len(counted.recent)
    state = _state(projection.likely, now >= period.end and not counted.open, known)
    drivers = drivers_of(counted.kept, counted.broken, 1 - commitment.share, period.timezone) if state in BAD else ()
    return Done(
        duty=commitment.duty,
        of=f"SLA {', '.join(commitment.slas)}" if commitment.slas else "all SLAs",
        period=period,
        promised=commitment.share,
        kept=kept,
        broken=broken,
        open=len(counted.open),
        share=kept / (kept + broken) if kept + broken else None,
        projection=projection,
        state=state,
        drivers=drivers,
    )


def _state(likely: float, over: bool, known: int) -> State:
    if over:
        return "kept" if likely >= FINE else "missed"
    if known < ENOUGH:
        return "too early"
    return "on course" if likely >= FINE else "in danger"


def _at(commitment: Commitment, handing: Handing) -> datetime:
    """The instant that says in which period a promise counts."""
    return handing.handed_at if commitment.within is None else handing.handed_at + commitment.within


def _kept(commitment: Commitment, handing: Handing, now: datetime) -> Kept | None:
    """Whether a promise was kept to a lead; None where nothing was promised, or it was withdrawn."""
    if commitment.within is None:
        return handing.duties.get(commitment.duty)
    due = handing.handed_at + commitment.within
    if handing.outcome is not None and handing.ended_at is not None and handing.ended_at <= due:
        return "kept"
    return "broken" if due <= now else "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted:
    """The leads of a period by what became of the promise; `recent` whether those before were kept, latest last."""

    kept: Sequence[Handing]
    broken: Sequence[Handing]
    open: Sequence[Handing]
    recent: Sequence[bool]


def _count(commitment: Commitment, handings: Sequence[Handing], period: Stretch, now: datetime) -> _Counted:
    """What became of a promise to these leads; those it was not made to are left out."""
    decided = [(one, _kept(commitment, one, now)) for one in sorted(handings, key=lambda one: one.handed_at)]
    inside = {
        state: [one for one, kept in decided if kept == state and _at(commitment, one) in period] for state in STATES
    }
    earlier = [kept == "kept" for one, kept in decided if kept in BINDING and _at(commitment, one) < period.start]
    return _Counted(kept=inside["kept"], broken=inside["broken"], open=inside["open"], recent=earlier)


def _to_come(commitment: Commitment, handings: Sequence[Handing], period: Stretch, now: datetime) -> float:
    """How many leads that are still to be handed to sales the promise will be about in the period."""
    pace = pace_of([one.handed_at for one in handings], period, now)
    last = period.end - (commitment.within or timedelta())
    return pace.rate * pace.between(max(now, period.start), last)


def _fewer(
    counting: Sequence[Handing], inside: Sequence[Handing], pace: Pace, period: Stretch, now: datetime
) -> tuple[Driver, ...]:
    earlier = [one for one in counting if period.start - LOOK_BACK <= one.handed_at < period.start]
    passed = pace.between(period.start, min(now, period.end))
    behind = pace.seen - passed
    return shortfalls_of(inside, earlier, passed / behind, period.timezone) if behind >= 1 else ()
