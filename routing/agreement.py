"""Both sides of the agreement measured: what marketing delivered, what sales did, and what that will come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from routing.drivers import Driver, drivers_of, shortfalls_of
from routing.handing import Handing, Kept
from routing.outlook import NOTHING_PLANNED, Outlook, ahead_of
from routing.periods import Stretch
from routing.projection import LOOK_BACK, Pace, Projection, projected_count, quantiles_of
from routing.record import REMEMBERED, Record, Tried, projected_share
from routing.verdicts import State, leads_in_words, share_in_words
from rules.evaluate import holds
from rules.playbook import Commitment, Delivery, Duty
from rules.wording import condition_in_words

# More than this likely to be kept is fine, less is in danger; once the period is over it is kept or missed.
FINE = 0.5
# Fewer promises than these say nothing of how the next will go.
ENOUGH = 5

BAD: tuple[State, ...] = ("in danger", "missed")
STATES: tuple[Kept, ...] = ("kept", "broken", "open")
BINDING: tuple[Kept, ...] = ("kept", "broken")

# A lead to which a promise was made, and what became of it.
Bound = tuple[Handing, Kept]


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """What marketing promised to deliver in a period, what it has delivered, and what is expected at the end.

    `of` says in words which leads count, `text` how it stands. `campaigns` says how many of what is expected each
    campaign is still to bring. `drivers` are what brings fewer leads than in the eight weeks before.
    """

    of: str
    period: Stretch
    promised: int
    delivered: int
    projection: Projection
    campaigns: Mapping[str, float]
    state: State
    text: str
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What sales promised to do for a share of the leads in a period, and what it did.

    Leads count in the period in which they were handed to sales, outcomes in that in which they fall due. `share` is
    of those decided so far, None while none is. `drivers` broke more promises than was agreed, and than the others.
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
    text: str
    drivers: tuple[Driver, ...]


def measure_delivery(
    delivery: Delivery,
    handings: Sequence[Handing],
    period: Stretch,
    now: datetime,
    outlook: Outlook = NOTHING_PLANNED,
) -> Delivered:
    """What marketing delivered of what it promised; `handings` reach back eight weeks before the period, or before now.

    A lead that comes back and is handed to sales again counts once a period.
    """
    since = min(period.start, now) - LOOK_BACK
    counting = [
        one
        for one in handings
        if since <= one.handed_at < period.end and (delivery.of is None or holds(delivery.of, one.facts, one.handed_at))
    ]
    earlier = _once(one for one in counting if one.handed_at < period.start)
    inside = _once(one for one in counting if period.start <= one.handed_at < now)
    ahead = ahead_of([*earlier, *inside], outlook, period, now)
    projection = projected_count(len(inside), delivery.count, ahead.coming)
    state = _state(projection.likely, now >= period.end, ENOUGH)
    return Delivered(
        of="all qualified leads" if delivery.of is None else condition_in_words(delivery.of),
        period=period,
        promised=delivery.count,
        delivered=len(inside),
        projection=projection,
        campaigns=ahead.by_campaign,
        state=state,
        text=leads_in_words(state, len(inside), delivery.count, projection, sum(ahead.by_campaign.values())),
        drivers=_fewer(earlier, inside, ahead.pace, period, now) if state in BAD else (),
    )


def measure_duty(
    commitment: Commitment,
    handings: Sequence[Handing],
    period: Stretch,
    now: datetime,
    outlook: Outlook = NOTHING_PLANNED,
) -> Done:
    """What sales did of what it promised; `handings` reach back eight weeks before all that falls into the period."""
    bound = [
        (one, became)
        for one in handings
        if (not commitment.slas or one.sla in commitment.slas) and (became := _kept(commitment, one, now)) is not None
    ]
    bound.sort(key=lambda one: one[0].handed_at)
    inside: dict[Kept, list[Handing]] = {state: [] for state in STATES}
    for one, became in bound:
        if _at(commitment, one) in period:
            inside[became].append(one)
    kept, broken, still = (len(inside[state]) for state in STATES)
    record = _record(commitment, bound, inside, period, now)
    last = period.end - (commitment.within or timedelta())
    ahead = ahead_of([one for one, _ in bound], outlook, period, now, last)
    projection = projected_share(record, quantiles_of(ahead.coming), commitment.share)
    share = kept / (kept + broken) if kept + broken else None
    state = _state(projection.likely, now >= period.end and not still, kept + broken + len(record.recent))
    return Done(
        duty=commitment.duty,
        of=f"SLA {', '.join(commitment.slas)}" if commitment.slas else "all SLAs",
        period=period,
        promised=commitment.share,
        kept=kept,
        broken=broken,
        open=still,
        share=share,
        projection=projection,
        state=state,
        text=share_in_words(state, share, commitment.share, projection),
        drivers=_worse(commitment, inside, period) if state in BAD else (),
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


def _due(commitment: Commitment, handing: Handing) -> datetime:
    """When a promise was first due; at once where no clock says so."""
    if commitment.within is not None:
        return handing.handed_at + commitment.within
    return handing.due.get(commitment.duty, handing.handed_at)


def _record(
    commitment: Commitment,
    bound: Sequence[Bound],
    inside: Mapping[Kept, Sequence[Handing]],
    period: Stretch,
    now: datetime,
) -> Record:
    """How the promise was kept: settled is what was due by now, for what is kept early says nothing of the late."""

    def tried(some: Iterable[Bound]) -> Iterator[Tried]:
        for one, became in some:
            if became == "broken" or (became == "kept" and _due(commitment, one) <= now):
                yield Tried(day=period.day_of(one.handed_at), kept=became == "kept")

    before = (one for one in reversed(bound) if _at(commitment, one[0]) < period.start)
    return Record(
        settled=list(tried((one, state) for state in BINDING for one in inside[state])),
        early=sum(_due(commitment, one) > now for one in inside["kept"]),
        open=len(inside["open"]),
        recent=[*islice(tried(before), REMEMBERED)][::-1],
    )


def _once(handings: Iterable[Handing]) -> list[Handing]:
    """The first handing of each lead."""
    first: dict[str, Handing] = {}
    for one in handings:
        first.setdefault(one.lead_id, one)
    return list(first.values())


def _worse(commitment: Commitment, inside: Mapping[Kept, Sequence[Handing]], period: Stretch) -> tuple[Driver, ...]:
    return drivers_of(commitment.duty, inside["kept"], inside["broken"], 1 - commitment.share, period.timezone)


def _fewer(
    before: Sequence[Handing], inside: Sequence[Handing], pace: Pace, period: Stretch, now: datetime
) -> tuple[Driver, ...]:
    earlier = [one for one in before if one.handed_at >= period.start - LOOK_BACK]
    passed = pace.between(period.start, min(now, period.end))
    behind = pace.seen - passed
    return shortfalls_of(inside, earlier, passed / behind, period.timezone) if behind >= 1 and passed else ()
