"""What the doors say of campaigns and of the report on them."""

from dataclasses import fields
from datetime import date

from marshmallow import Schema
from marshmallow import fields as schema_fields

from api.answer_fields import instant, integer, listed, nested, number, text, texts
from api.report_documents import DelaySchema
from routing.campaigns import Campaign


def campaign_document(campaign: Campaign, today: date) -> dict[str, object]:
    """A campaign as callers see it."""
    told = {field.name: getattr(campaign, field.name) for field in fields(Campaign)}
    return {**told, "state": campaign.state(today)}


def _day(about: str) -> schema_fields.Date:
    return schema_fields.Date(required=True, metadata={"description": about})


class KeptCampaignSchema(Schema):
    """A campaign that is kept."""

    id = text("Its id")
    name = text("Its name")
    state = text("planned, running, ended or cancelled")
    starts_on = _day("Its first day")
    ends_on = _day("Its last day")
    expected_leads = integer("How many leads it is to bring in all")
    deadline = schema_fields.Boolean(required=True, metadata={"description": "Whether people come late"})
    utm_campaign = text("Its utm_campaign, where that is not its name", none=True)
    about = text("What sales is to know of it", none=True)
    author = text("Who planned it, or cancelled it")
    planned_at = instant("When it was last planned")
    cancelled_at = instant("When it was cancelled, or null", none=True)


class CampaignListSchema(Schema):
    """A page of campaigns."""

    campaigns = listed(KeptCampaignSchema, "The campaigns, the one that starts last first")
    cursor = text("Where the next page begins; null at the end", none=True)


class CampaignResultSchema(Schema):
    """What a campaign brought in the period, and what sales made of it."""

    name = text("The campaign; null: all that came without one", none=True)
    state = text("planned, running or ended; null for one that nobody planned", none=True)
    planned = number("Leads it was planned to bring in the period; null as above", none=True)
    expected = number("Leads it was planned to bring in the period until now; null as above", none=True)
    leads = integer("People who came by it, first or again")
    qualified = integer("of them qualified now")
    handed = integer("Leads handed to sales")
    in_time = integer("answered in time")
    late = integer("not answered in time")
    response = nested(DelaySchema, "Working time to the first contact", none=True)
    won = integer("Leads won")
    lost = integer("Leads lost")
    rejected = integer("Leads rejected")
    amount = number("What the won ones were worth")
    reject_reasons = schema_fields.Dict(required=True, metadata={"description": "How often each was given"})
    lost_reasons = schema_fields.Dict(required=True, metadata={"description": "How often each was given"})


class DayAheadSchema(Schema):
    """What a campaign is still to bring on a day."""

    campaign = text("Which campaign")
    day = _day("Which day")
    expected = number("How many leads")


class SurgeSchema(Schema):
    """A day on which a team gets more than its reps can take."""

    team = text("The team")
    day = _day("The day")
    expected = number("Leads that come or have waited")
    takes = number("Leads that its reps can take: their limits, or what they have shown")
    behind = number("Leads that wait, and whose SLA will break")
    campaigns = schema_fields.List(
        schema_fields.String(), required=True, metadata={"description": "Campaigns that bring some of them"}
    )
    unlimited = texts("Reps without a limit: each takes what they answered in time on their best day of eight weeks")


class ContrastSchema(Schema):
    """A value more or less usual among won leads than among lost and rejected ones."""

    attribute = text("The attribute")
    value = text("Its value; numbers by quarters")
    won = number("Its share of the won leads, 0 to 1")
    lost = number("Its share of the lost and rejected ones, 0 to 1")
    lift = number("won over lost")
    chance = number("How often chance alone would do it, 0 to 1")


class AimSchema(Schema):
    """A kind of lead that the model rates highly."""

    attribute = text("The attribute")
    value = text("Its value")
    odds = number("By how much it multiplies the odds of converting")
    leads = integer("How many such leads came in the last eight weeks")
    reach = number("Their share of all, 0 to 1")


class CampaignsReportSchema(Schema):
    """What campaigns brought, what is ahead, and whom to aim at."""

    period = text("The period")
    campaigns = listed(CampaignResultSchema, "A result for each campaign, most leads first")
    ahead = listed(DayAheadSchema, "What campaigns are to bring in the next four weeks")
    surges = listed(SurgeSchema, "Days on which that is more than a team can take")
    untold = texts("Teams of which nobody knows what they can take: no limit, and hardly a lead was due lately")
    contrasts = listed(ContrastSchema, "How won leads differ from lost and rejected ones")
    audience = listed(AimSchema, "Whom to aim at next, by the model")


KEPT_CAMPAIGN = KeptCampaignSchema()
CAMPAIGN_LIST = CampaignListSchema()
CAMPAIGNS_REPORT = CampaignsReportSchema()
