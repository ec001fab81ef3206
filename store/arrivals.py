"""What came in, read for reports: each submission with the campaign that brought it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Text, bindparam, select, type_coerce

from routing.campaigns import Names, attributed
from routing.outlook import Came
from routing.periods import day_in
from scoring.attributes import Attribute
from scoring.facts import Facts
from store.database import Transaction
from store.ids import earliest_id
from store.tables import leads, submissions
from store.told import Told

# Ids sort by the time of their making.
WITHIN = (submissions.c.id >= bindparam("first"), submissions.c.id < bindparam("behind"))
# As text: that of most leads, which name no campaign, is never read.
CAME = (
    select(submissions.c.lead_id, submissions.c.received_at, type_coerce(submissions.c.body, Text).label("body"))
    .where(*WITHIN)
    .order_by(submissions.c.id)
)
KNOWN = select(leads.c.id, type_coerce(leads.c.document, Text).label("document"), leads.c.qualified).where(
    leads.c.id.in_(select(submissions.c.lead_id).where(*WITHIN))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownLead:
    """What a lead is, and whether it is qualified, as known now."""

    facts: Facts
    qualified: bool


def came_in(tx: Transaction, names: Names, since: datetime, until: datetime, timezone: str) -> list[Came]:
    """Returns what came in from `since` up to `until`, oldest first."""
    rows = tx.execute(CAME, {"first": earliest_id(since), "behind": earliest_id(until)}).all()
    return [
        Came(lead_id=row.lead_id, at=row.received_at, campaign=_campaign(row.body, row.received_at, names, timezone))
        for row in rows
    ]


def known_leads(
    tx: Transaction, declared: Mapping[str, Attribute], since: datetime, until: datetime
) -> dict[str, KnownLead]:
    """Returns the leads that came in from `since` up to `until`, by id; `declared` are the playbook's attributes."""
    rows = tx.execute(KNOWN, {"first": earliest_id(since), "behind": earliest_id(until)}).all()
    return {
        row.id: KnownLead(facts=Facts(values=Told(row.document, None, declared)), qualified=bool(row.qualified))
        for row in rows
    }


def _campaign(body: str, at: datetime, names: Names, timezone: str) -> str | None:
    """Returns the campaign that a submission names."""
    if 'campaign"' not in body:
        return None
    said = orjson.loads(body)
    return attributed(said.get("campaign"), said.get("utm_campaign"), day_in(at, timezone), names)
