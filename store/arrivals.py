"""What came in, read for reports: each submission with the campaign that brought it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from routing.campaigns import Campaign, attributed
from routing.periods import day_in
from rules.playbook import Playbook
from scoring.facts import Facts, facts_of
from scoring.lookup import folded
from store.database import Transaction
from store.ids import earliest_id
from store.lead_json import lead_from_json
from store.tables import leads, submissions


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """A submission of a lead: whose, when, what the lead is, and by which campaign it came (None: by none).

    What the lead is, and whether it is qualified, is as known now.
    """

    lead_id: str
    at: datetime
    facts: Facts
    campaign: str | None
    qualified: bool


def came_in(
    tx: Transaction, playbook: Playbook, planned: Sequence[Campaign], since: datetime, until: datetime
) -> list[Came]:
    """Returns what came in; ids sort by the time of their making."""
    rows = tx.execute(
        select(
            *(submissions.c[name] for name in ("lead_id", "received_at", "body")), leads.c.document, leads.c.qualified
        )
        .join(leads, leads.c.id == submissions.c.lead_id)
        .where(submissions.c.id >= earliest_id(since), submissions.c.id < earliest_id(until))
        .order_by(submissions.c.id)
    )
    found: list[Came] = []
    for row in rows:
        day = day_in(row.received_at, playbook.agreement.timezone)
        found.append(
            Came(
                lead_id=row.lead_id,
                at=row.received_at,
                facts=facts_of(lead_from_json(row.document), playbook.attributes),
                campaign=attributed(row.body.get("campaign"), row.body.get("utm_campaign"), day, planned),
                qualified=bool(row.qualified),
            )
        )
    return found


def once(came: Sequence[Came]) -> list[Came]:
    """Returns each person once for each campaign they came by, and without one who came by none."""
    first: dict[tuple[str, str | None], Came] = {}
    for one in came:
        first.setdefault((one.lead_id, None if one.campaign is None else folded(one.campaign)), one)
    led = {lead_id for lead_id, campaign in first if campaign is not None}
    return [one for (lead_id, campaign), one in first.items() if campaign is not None or lead_id not in led]


def named(facts: Facts, at: datetime, planned: Sequence[Campaign], timezone: str) -> str | None:
    """Returns the campaign that a lead named by then; None when it named none."""
    campaign, utm = (facts.values.get(name) for name in ("campaign", "utm_campaign"))
    return attributed(campaign, utm, day_in(at, timezone), planned)
