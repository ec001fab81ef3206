"""A campaign as it is posted: read with every field error at once, and kept."""

from datetime import datetime, timedelta

from api.parse import FieldError, InputError, load, refuse
from api.schemas import CampaignSchema
from routing.campaigns import Campaign
from store.campaigns import plan_campaign
from store.database import Transaction
from store.errors import CampaignClashError
from store.ids import new_id

CAMPAIGN = CampaignSchema()
LONGEST = timedelta(days=366)


def parse_campaign(data: object, *, by: str, now: datetime) -> Campaign:
    """The campaign that a JSON object describes. Raises: InputError with every field error."""
    loaded, errors = load(CAMPAIGN, data)
    starts_on, ends_on = loaded.get("starts_on"), loaded.get("ends_on")
    if starts_on is not None and ends_on is not None:
        if ends_on < starts_on:
            errors.setdefault("ends_on", "before starts_on")
        elif ends_on - starts_on > LONGEST:
            errors.setdefault("ends_on", "more than a year after starts_on; plan several campaigns")
    refuse(errors)
    return Campaign(id=new_id(now), author=by, planned_at=now, **loaded)


def keep_campaign(tx: Transaction, campaign: Campaign, timezone: str) -> tuple[Campaign, bool]:
    """The campaign as it is kept, and whether it is new. Raises: InputError when another is named alike."""
    try:
        return plan_campaign(tx, campaign, timezone)
    except CampaignClashError as error:
        raise InputError([FieldError(field="utm_campaign", message=str(error))]) from None
