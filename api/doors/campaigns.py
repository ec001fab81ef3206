"""Marketing's doors: campaigns planned and listed, and the report on what they brought."""

from flask import Blueprint, Response, request

from api.answers import json_answer, page_of
from api.bodies import json_body
from api.campaign_documents import (
    CAMPAIGN_LIST,
    CAMPAIGNS_REPORT,
    KEPT_CAMPAIGN,
    campaign_document,
)
from api.desk import desk
from api.doors.reports import PERIOD, period_asked, report_answer
from api.keys import asking
from api.operation import Answer, operation
from api.parse import parse_fields
from api.parse_campaign import CAMPAIGN, keep_campaign, parse_campaign
from api.schemas import PageSchema
from routing.periods import day_in
from store.campaigns import campaigns_behind, cancel_campaign, known_campaign
from store.reports.campaigns import campaigns_report

PAGE = PageSchema()

campaigns = Blueprint("campaigns", __name__)


@campaigns.get("/v1/campaigns")
@operation(
    "Lists the campaigns, the one that starts last first",
    who=("crm", "ops"),
    gives={200: Answer(about="A page of campaigns", schema=CAMPAIGN_LIST)},
    query=PAGE,
)
def get_campaigns() -> Response:
    """A page of campaigns, with whether each is planned, running, ended or cancelled."""
    now, timezone = desk().clock(), desk().serving.current().playbook.playbook.agreement.timezone
    today = day_in(now, timezone)
    asked = parse_fields(PAGE, request.args)
    limit = asked["limit"]
    with desk().database.read() as tx:
        found = campaigns_behind(tx, asked.get("cursor"), limit=limit + 1)
    page, cursor = page_of(found, limit, lambda campaign: campaign.id)
    return json_answer({"campaigns": [campaign_document(each, today) for each in page], "cursor": cursor})


@campaigns.post("/v1/campaigns")
@operation(
    "Plans a campaign, or changes the one of its name; sales is told two days before it starts",
    who=("crm", "ops"),
    takes=CAMPAIGN,
    gives={
        201: Answer(about="The campaign", schema=KEPT_CAMPAIGN),
        200: Answer(about="The campaign of this name, changed", schema=KEPT_CAMPAIGN),
    },
)
def post_campaign() -> Response:
    """The campaign in the body, kept."""
    now, timezone = desk().clock(), desk().serving.current().playbook.playbook.agreement.timezone
    campaign = parse_campaign(json_body(), by=asking().name, now=now)
    with desk().database.begin() as tx:
        kept, new = keep_campaign(tx, campaign, timezone)
    today = day_in(now, timezone)
    return json_answer(campaign_document(kept, today), 201 if new else 200)


@campaigns.post("/v1/campaigns/<campaign_id>/cancel")
@operation(
    "Cancels a campaign that has brought no lead; sales hears of it where it was told before",
    who=("crm", "ops"),
    gives={
        200: Answer(about="The campaign, cancelled; posted again it is planned anew", schema=KEPT_CAMPAIGN),
        404: Answer(about="No such campaign"),
        409: Answer(about="Leads came by it, or it is over or cancelled already"),
    },
)
def post_cancel(campaign_id: str) -> Response:
    """The campaign, cancelled."""
    now, timezone = desk().clock(), desk().serving.current().playbook.playbook.agreement.timezone
    with desk().database.begin() as tx:
        found = cancel_campaign(tx, known_campaign(tx, campaign_id), timezone, by=asking().name, now=now)
    return json_answer(campaign_document(found, day_in(now, timezone)))


@campaigns.get("/v1/reports/campaigns")
@operation(
    "Tells what campaigns brought and what sales made of it, what is ahead, and whom to aim at next",
    who=("crm", "ops"),
    gives={200: Answer(about="The report; with format=csv the campaigns alone, a row each", schema=CAMPAIGNS_REPORT)},
    query=PERIOD,
)
def get_campaigns_report() -> Response:
    """What campaigns brought in a period."""
    served, now = desk().serving.current(), desk().clock()
    asked = parse_fields(PERIOD, request.args)
    period = period_asked(served.playbook.playbook, now, asked.get("period"))
    with desk().database.read() as tx:
        report = campaigns_report(tx, served.playbook.playbook, served.scorecard, period, now)
    return report_answer("campaigns", report, asked.get("format"))
