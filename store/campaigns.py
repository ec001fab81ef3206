"""Campaigns that marketing plans, changes and cancels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from routing.campaigns import Campaign, clashing, names_of
from routing.hours import midnight
from routing.periods import day_in
from scoring.lookup import folded
from store.announcements import FIELDS, announce, announce_again, unannounce
from store.arrivals import came_in
from store.database import Transaction
from store.errors import CampaignClashError, CampaignStandsError, UnknownCampaignError
from store.ids import made_at
from store.locks import hold
from store.rows import add
from store.tables import campaigns

LOCK = "campaigns"
INSTANTS = ("planned_at", "cancelled_at")
LISTED = select(campaigns).order_by(campaigns.c.starts_on.desc(), campaigns.c.name)
# The clock of whoever took a lead in may be off.
SKEW = timedelta(days=1)


def plan_campaign(tx: Transaction, campaign: Campaign, timezone: str) -> tuple[Campaign, bool]:
    """Keeps a campaign, in place of the one of its name (in any case) where there is one; says whether it is new.

    Sales is told two days before it starts, or at once where that is past. A change that comes after sales was told
    is told anew; one that changes nothing is not, nor is a campaign that is over. One that was cancelled is new.

    Raises: CampaignClashError when another that runs at the same time is named alike.
    """
    hold(tx, LOCK)
    _check(campaign, standing_campaigns(tx))
    same = next((one for one in list_campaigns(tx) if folded(one.name) == folded(campaign.name)), None)
    if same is None:
        told = announce(tx, campaign, timezone)
        add(tx, campaigns, {"id": campaign.id, **_values(campaign), "announcement_id": told})
        return campaign, True
    kept, was_cancelled = replace(campaign, id=same.id), same.cancelled_at is not None
    if not was_cancelled and all(getattr(kept, name) == getattr(same, name) for name in FIELDS if name != "author"):
        return same, False
    told = announce_again(tx, kept, timezone)
    tx.execute(update(campaigns).where(campaigns.c.id == same.id).values(**_values(kept), announcement_id=told))
    return kept, was_cancelled


def cancel_campaign(tx: Transaction, campaign: Campaign, timezone: str, *, by: str, now: datetime) -> Campaign:
    """Takes back a campaign that has brought nothing and returns it; sales is told where it had been told of it.

    It stays listed as cancelled, counts nowhere any more, and may be planned anew.

    Raises: CampaignStandsError when it cannot be taken back any more; the message says what can be done instead.
    """
    hold(tx, LOCK)
    campaign = known_campaign(tx, campaign.id)
    _check_nothing_came(tx, campaign, timezone, now)
    cancelled = replace(campaign, author=by, cancelled_at=now)
    unannounce(tx, cancelled, now)
    values = {"author": by, "cancelled_at": now, "announcement_id": None}
    tx.execute(update(campaigns).where(campaigns.c.id == campaign.id).values(**values))
    return cancelled


def find_campaign(tx: Transaction, name: str) -> Campaign:
    """Returns the campaign of a name, in any case. Raises: UnknownCampaignError."""
    found = next((one for one in list_campaigns(tx) if folded(one.name) == folded(name)), None)
    if found is None:
        raise UnknownCampaignError(f"no campaign is called {name[:200]!r}; `leadline campaigns list` names them")
    return found


def known_campaign(tx: Transaction, campaign_id: str) -> Campaign:
    """Returns the campaign of an id. Raises: UnknownCampaignError."""
    row = tx.execute(select(campaigns).where(campaigns.c.id == campaign_id)).one_or_none()
    if row is None:
        raise UnknownCampaignError(f"campaign {campaign_id[:40]!r} is not kept")
    return _campaign(row)


def list_campaigns(tx: Transaction) -> tuple[Campaign, ...]:
    """Returns every campaign, the one that starts last first."""
    return tuple(map(_campaign, tx.execute(LISTED)))


def standing_campaigns(tx: Transaction) -> tuple[Campaign, ...]:
    """Returns every campaign that was not cancelled, the one that starts last first."""
    return tuple(one for one in list_campaigns(tx) if one.cancelled_at is None)


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


def _check_nothing_came(tx: Transaction, campaign: Campaign, timezone: str, now: datetime) -> None:
    """Raises: CampaignStandsError when a campaign is over, was cancelled, or leads came by it."""
    state = campaign.state(day_in(now, timezone))
    if state == "cancelled":
        raise CampaignStandsError(f"{campaign.name} is cancelled already; post it again to plan it anew")
    if state == "ended":
        raise CampaignStandsError(f"{campaign.name} ended on {campaign.ends_on} and stays in the reports")
    leads = _brought(tx, campaign, timezone, now)
    if leads:
        raise CampaignStandsError(
            f"{campaign.name} has brought {leads:,} lead{'' if leads == 1 else 's'} and stays in the reports; "
            f"possible are other days and an earlier end: post it again, or `leadline campaigns end`"
        )


def _brought(tx: Transaction, campaign: Campaign, timezone: str, now: datetime) -> int:
    """Returns how many leads a campaign has brought since it was first planned, and since its first day."""
    since = min(made_at(campaign.id), midnight(campaign.starts_on, timezone))
    came = came_in(tx, names_of(standing_campaigns(tx)), since - SKEW, now + SKEW, timezone)
    return len({one.lead_id for one in came if one.campaign == campaign.name})


def _values(campaign: Campaign) -> dict[str, Any]:
    """Returns a campaign's columns but its id."""
    return {name: getattr(campaign, name) for name in (*FIELDS, *INSTANTS)}


def _campaign(row: Row[Any]) -> Campaign:
    """Returns the campaign in a row."""
    return Campaign(id=row.id, **{name: getattr(row, name) for name in (*FIELDS, *INSTANTS)})
