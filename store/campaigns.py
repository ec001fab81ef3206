"""Campaigns that marketing plans; sales is told of each before it starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from routing.campaigns import Campaign
from routing.periods import midnight
from store.database import Transaction
from store.ids import new_id
from store.rows import add
from store.tables import campaigns, events

# Sales hears of a campaign this long before its first day begins.
NOTICE = timedelta(days=2)
FIELDS = ("name", "starts_on", "ends_on", "expected_leads", "deadline", "utm_campaign", "about", "author")


def plan_campaign(tx: Transaction, campaign: Campaign, timezone: str) -> tuple[Campaign, bool]:
    """Keeps a campaign, in place of the one of its name where there is one, and returns it and whether it is new.

    Sales is told two days before it starts, or at once where that is past. A change that comes after sales was told
    is told anew; one that changes nothing is not.
    """
    row = tx.execute(select(campaigns).where(campaigns.c.name == campaign.name).with_for_update()).one_or_none()
    if row is None:
        told = _tell(tx, campaign, timezone)
        add(tx, campaigns, {"id": campaign.id, **_values(campaign), "announcement_id": told})
        return campaign, True
    kept = replace(campaign, id=row.id)
    if any(_values(kept)[name] != getattr(row, name) for name in FIELDS if name != "author"):
        told = _tell_again(tx, row, kept, timezone)
        tx.execute(update(campaigns).where(campaigns.c.id == row.id).values(**_values(kept), announcement_id=told))
        return kept, False
    return _campaign(row), False


def list_campaigns(tx: Transaction) -> tuple[Campaign, ...]:
    """Returns every campaign, the one that starts last first."""
    rows = tx.execute(select(campaigns).order_by(campaigns.c.starts_on.desc(), campaigns.c.name))
    return tuple(_campaign(row) for row in rows)


def _tell(tx: Transaction, campaign: Campaign, timezone: str) -> str:
    """Keeps that sales is to be told of a campaign, and returns the event's id."""
    event_id = new_id(campaign.planned_at)
    row = {"id": event_id, "kind": "campaign.announced", "lead_id": None, "at": campaign.planned_at}
    add(tx, events, {**row, "due_at": _due(campaign, timezone), "payload": _payload(campaign)})
    return event_id


def _tell_again(tx: Transaction, row: Row[Any], campaign: Campaign, timezone: str) -> str:
    """Mends what is to be told where nobody has been told yet, else tells anew; returns the event's id."""
    mended = (
        update(events)
        .where(events.c.id == row.announcement_id, events.c.due_at > campaign.planned_at)
        .values(due_at=_due(campaign, timezone), payload=_payload(campaign))
    )
    if tx.execute(mended).rowcount:
        waiting: str = row.announcement_id
        return waiting
    return _tell(tx, campaign, timezone)


def _due(campaign: Campaign, timezone: str) -> datetime:
    """Returns when sales is told."""
    return max(midnight(campaign.starts_on, timezone) - NOTICE, campaign.planned_at)


def _values(campaign: Campaign) -> dict[str, Any]:
    """Returns a campaign's columns but its id."""
    return {name: getattr(campaign, name) for name in (*FIELDS, "planned_at")}


def _payload(campaign: Campaign) -> Mapping[str, object]:
    """Returns what is told of a campaign."""
    told = {name: getattr(campaign, name) for name in FIELDS if name != "author"}
    return {"campaign_id": campaign.id, **told}


def _campaign(row: Row[Any]) -> Campaign:
    """Returns the campaign in a row."""
    return Campaign(id=row.id, **{name: getattr(row, name) for name in (*FIELDS, "planned_at")})
