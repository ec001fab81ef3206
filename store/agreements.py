"""How the agreement stood when it was last measured, and telling when a promise gets into danger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from routing.agreement import BAD, Delivered, Done
from store.database import Transaction
from store.events import add_events
from store.locks import hold
from store.reports.agreement import AgreementReport
from store.rows import add
from store.tables import agreements

LOCK = "agreement"
NAMED = ("side", "promise", "of", "period")

Promise = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """The promises of both sides as they were measured at an instant."""

    at: datetime
    promises: Sequence[Promise]


def last_measured(tx: Transaction) -> Measured | None:
    """Returns how the agreement stood when it was last measured, if it was."""
    row = tx.execute(select(agreements)).one_or_none()
    return None if row is None else Measured(at=row.at, promises=row.document)


def keep_measured(tx: Transaction, report: AgreementReport, now: datetime) -> None:
    """Keeps how the agreement stands in the place of what was measured before.

    The outside is told of each promise that has got into danger, or was missed, since. Where two measure at once, what
    was measured later stays, whoever keeps it first.
    """
    hold(tx, LOCK)
    before = last_measured(tx)
    if before is not None and before.at >= now:
        return
    known = {_name(one): one["state"] for one in before.promises} if before is not None else {}
    promises = [*map(promise_of, report.marketing), *map(promise_of, report.sales)]
    for promise in promises:
        if promise["state"] in BAD and known.get(_name(promise)) != promise["state"]:
            add_events(tx, None, ["agreement.endangered"], promise, now)
    tx.execute(delete(agreements))
    add(tx, agreements, {"id": 1, "at": now, "document": promises})


def promise_of(one: Delivered | Done) -> Promise:
    """Returns a promise of either side as it is kept."""
    from_campaigns: float | None
    if isinstance(one, Delivered):
        whose = {"side": "marketing", "promise": "deliver", "so_far": one.delivered}
        from_campaigns = sum(one.campaigns.values())
    else:
        whose = {"side": "sales", "promise": one.duty, "so_far": one.share}
        from_campaigns = None
    return {
        **whose,
        "of": one.of,
        "period": one.period.name,
        "per": one.period.per,
        "promised": one.promised,
        "expected": one.projection.value,
        "low": one.projection.low,
        "high": one.projection.high,
        "from_campaigns": from_campaigns,
        "likely": one.projection.likely,
        "state": one.state,
        "text": one.text,
        "drivers": [driver.text for driver in one.drivers],
    }


def _name(promise: Promise) -> tuple[Any, ...]:
    """Returns what tells a promise from others, and from itself in other periods."""
    return tuple(promise[part] for part in NAMED)
