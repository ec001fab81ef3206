"""A campaign as it is posted, read with every field error at once."""

from datetime import datetime, timedelta

from api.parse import load, refuse
from api.schemas import CampaignSchema
from routing.campaigns import Campaign
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
