"""Campaigns that marketing plans; sales is told of each before it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from routing.campaigns import Campaign, clashing
from routing.hours import midnight
from routing.periods import day_in
from scoring.lookup import folded
from store.database import Transaction
from store.errors import CampaignClashError
from store.ids import new_id
from store.locks import hold
from store.rows import add
from store.tables import campaigns, events

# Sales hears of a campaign this long before its first day begins.
NOTICE = timedelta(days=2)
LOCK = "campaigns"
FIELDS = ("name", "starts_on", "ends_on", "expected_leads", "deadline", "utm_campaign", "about", "author")
LISTED = select(campaigns).order_by(campaigns.c.starts_on.desc(), campaigns.c.name)


def plan_campaign(tx: Transaction, campaign: Campaign, timezone: str) -> tuple[Campaign, bool]:
    """Keeps a campaign, in place of the one of its name (in any case) where there is one; says whether it is new.

    Sales is told two days before it starts, or at once where that is past. A change that comes after sales was told
    is told anew; one that changes nothing is not, nor is a campaign that is over.

    Raises: CampaignClashError when another that runs at the same time is named alike.
    """
    hold(tx, LOCK)
    planned = list_campaigns(tx)
    _check(campaign, planned)
    same = next((one for one in planned if folded(one.name) == folded(campaign.name)), None)
    if same is None:
        told = _tell(tx, campaign, timezone, changed=False)
        add(tx, campaigns, {"id": campaign.id, **_values(campaign), "announcement_id": told})
        return campaign, True
    kept = replace(campaign, id=same.id)
    if all(getattr(kept, name) == getattr(same, name) for name in FIELDS if name != "author"):
        return same, False
    told = _tell_again(tx, kept, timezone)
    tx.execute(update(campaigns).where(campaigns.c.id == same.id).values(**_values(kept), announcement_id=told))
    return kept, False


def find_campaign(tx: Transaction, name: str) -> Campaign | None:
    """Returns the campaign of a name, in any case, if it is kept."""
    return next((one for one in list_campaigns(tx) if folded(one.name) == folded(name)), None)


def list_campaigns(tx: Transaction) -> tuple[Campaign, ...]:
    """Returns every campaign, the one that starts last first."""
    return tuple(map(_campaign, tx.execute(LISTED)))


def campaigns_behind(tx: Transaction, cursor: str | None, *, limit: int) -> tuple[Campaign, ...]:
    """Returns at most `limit` campaigns, the one that starts last first, from behind the one of an id."""
    query = LISTED.limit(limit)
    if cursor is not None:
        last = tx.execute(select(campaigns).where(campaigns.c.id == cursor)).one_or_none()
        if last is None:
            return ()
        at, name = campaigns.c.starts_on, campaigns.c.name
        query = query.where((at < last.starts_on) | ((at == last.starts_on) & (name > last.name)))
    return tuple(map(_campaign, tx.execute(query)))


def _check(campaign: Campaign, planned: Sequence[Campaign]) -> None:
    """Raises: CampaignClashError when another that runs at the same time is named alike."""
    other = clashing(campaign, planned)
    if other is not None:
        raise CampaignClashError(
            f"{other.name}, which runs from {other.starts_on} to {other.ends_on}, is named alike, so nobody could tell "
            f"whose a lead is; give this one a utm_campaign of its own, or other days"
        )


def _tell(tx: Transaction, campaign: Campaign, timezone: str, *, changed: bool) -> str | None:
    """Keeps that sales is to be told of a campaign, and returns the event's id; None where it is over."""
    if campaign.state(day_in(campaign.planned_at, timezone)) == "ended":
        return None
    event_id = new_id(campaign.planned_at)
    row = {"id": event_id, "kind": "campaign.announced", "lead_id": None, "at": campaign.planned_at}
    payload = _payload(campaign, changed=changed)
    add(tx, events, {**row, "due_at": _due(campaign, timezone), "payload": payload})
    return event_id


def _tell_again(tx: Transaction, campaign: Campaign, timezone: str) -> str | None:
    """Mends what is to be told where nobody has been told yet, else tells anew; returns the event's id."""
    waiting: str | None = tx.execute(
        select(campaigns.c.announcement_id).where(campaigns.c.id == campaign.id)
    ).scalar_one()
    mended = (
        update(events)
        .where(events.c.id == waiting, events.c.due_at > campaign.planned_at)
        .values(due_at=_due(campaign, timezone), payload=_payload(campaign, changed=False))
    )
    if waiting is not None and tx.execute(mended).rowcount:
        return waiting
    return _tell(tx, campaign, timezone, changed=waiting is not None)


def _due(campaign: Campaign, timezone: str) -> datetime:
    """Returns when sales is told."""
    return max(midnight(campaign.starts_on, timezone) - NOTICE, campaign.planned_at)


def _values(campaign: Campaign) -> dict[str, Any]:
    """Returns a campaign's columns but its id."""
    return {name: getattr(campaign, name) for name in (*FIELDS, "planned_at")}


def _payload(campaign: Campaign, *, changed: bool) -> Mapping[str, object]:
    """Returns what is told of a campaign."""
    told = {name: getattr(campaign, name) for name in FIELDS}
    return {"campaign_id": campaign.id, **told, "changed": changed}


def _campaign(row: Row[Any]) -> Campaign:
    """Returns the campaign in a row."""
    return Campaign(id=row.id, **{name: getattr(row, name) for name in (*FIELDS, "planned_at")})
