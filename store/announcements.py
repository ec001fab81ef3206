"""Announcements: sales is told of each campaign before it starts, of a change, and of one that is cancelled."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from routing.campaigns import Campaign
from routing.hours import midnight
from routing.periods import day_in
from store.database import Transaction
from store.events import Event, add_events
from store.ids import earliest_id, made_at, new_id
from store.rows import add
from store.tables import campaigns, deliveries, events

# Sales hears of a campaign this long before its first day begins.
NOTICE = timedelta(days=2)
# What marketing says of a campaign, and sales is told of it.
FIELDS = ("name", "starts_on", "ends_on", "expected_leads", "deadline", "utm_campaign", "about", "author")

MAILED = (
    select(deliveries.c.id, deliveries.c.target, deliveries.c.state, events.c.kind, events.c.payload)
    .join(events, events.c.id == deliveries.c.event_id)
    .where(deliveries.c.channel == "email")
)
WAITING = MAILED.where(deliveries.c.due_at.is_not(None), events.c.kind == "campaign.announced")
TOLD = MAILED.where(
    events.c.id >= bindparam("first"), events.c.kind.in_(("campaign.announced", "campaign.cancelled"))
).order_by(events.c.id)


def announce(tx: Transaction, campaign: Campaign, timezone: str, *, changed: bool = False) -> str | None:
    """Keeps that sales is to be told of a campaign, and returns the event's id; None where it is over."""
    if campaign.state(day_in(campaign.planned_at, timezone)) == "ended":
        return None
    event_id = new_id(campaign.planned_at)
    row = {"id": event_id, "kind": "campaign.announced", "lead_id": None, "at": campaign.planned_at}
    payload = _payload(campaign, changed=changed)
    add(tx, events, {**row, "due_at": _due(campaign, timezone), "payload": payload})
    return event_id


def announce_again(tx: Transaction, campaign: Campaign, timezone: str) -> str | None:
    """Mends what is to be told where nobody has been told yet, else tells anew; returns the event's id."""
    announced = _announcement(tx, campaign)
    if announced is None or announced.due_at is None or announced.due_at <= campaign.planned_at:
        return announce(tx, campaign, timezone, changed=announced is not None)
    payload = _payload(campaign, changed=announced.payload["changed"])
    mended = update(events).where(events.c.id == announced.id)
    tx.execute(mended.values(due_at=_due(campaign, timezone), payload=payload))
    return announced.id


def unannounce(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Takes back what is to be told of a cancelled campaign; whoever was told of it before is told of the end."""
    announced = _announcement(tx, campaign)
    if announced is None:
        return
    _drop_waiting(tx, campaign)
    if announced.due_at is not None:
        tx.execute(delete(events).where(events.c.id == announced.id))
    if announced.due_at is None or announced.payload["changed"]:
        add_events(tx, None, ["campaign.cancelled"], _payload(campaign), now)


def told_of(tx: Transaction, campaign_id: str) -> frozenset[str]:
    """Returns the addresses, case folded, to which mail of a campaign went or may have gone, but none of its end."""
    told: set[str] = set()
    for row in tx.execute(TOLD, {"first": earliest_id(made_at(campaign_id))}):
        if row.payload["campaign_id"] == campaign_id and row.state != "dropped":
            change = told.add if row.kind == "campaign.announced" else told.discard
            change(row.target.casefold())
    return frozenset(told)


def _drop_waiting(tx: Transaction, campaign: Campaign) -> None:
    """Drops mail of a campaign that waits for its reader's working hours."""
    waiting = [row.id for row in tx.execute(WAITING) if row.payload["campaign_id"] == campaign.id]
    # What a worker has begun to send may arrive.
    untried = (deliveries.c.id.in_(waiting), deliveries.c.attempts == 0)
    dropped = {"state": "dropped", "due_at": None, "error": "the campaign was cancelled"}
    tx.execute(update(deliveries).where(*untried).values(**dropped))


def _announcement(tx: Transaction, campaign: Campaign) -> Event | None:
    """Returns the last event that tells sales of a campaign, held so that no worker hands it on meanwhile."""
    its = select(campaigns.c.announcement_id).where(campaigns.c.id == campaign.id).scalar_subquery()
    row = tx.execute(select(events).where(events.c.id == its).with_for_update()).one_or_none()
    return None if row is None else Event(**row._asdict())


def _due(campaign: Campaign, timezone: str) -> datetime:
    """Returns when sales is told."""
    return max(midnight(campaign.starts_on, timezone) - NOTICE, campaign.planned_at)


def _payload(campaign: Campaign, **more: object) -> Mapping[str, object]:
    """Returns what is told of a campaign."""
    return {"campaign_id": campaign.id, **{name: getattr(campaign, name) for name in FIELDS}, **more}
