"""The examples by which templates are seen have the names of real events: every kind, made to happen."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import get_args

from sqlalchemy import select

from api.serving import read_served
from api.worker.agreeing import measure_once
from api.worker.examples import PAYLOADS
from api.worker.sweeping import recycle
from store.deliveries import Addressed, add_deliveries, claim_deliveries, mark_failed
from store.digests import add_digests
from store.events import EventKind
from store.hand_on import hand_on
from store.sweep import sweep
from store.tables import events
from store.webhooks import add_webhook, disable_webhook
from tests.api.builders import HOT, NOW, House
from tests.api.test_campaigns import WINTER, cancel
from tests.api.test_moves import move

HOUR = timedelta(hours=1)


def shape(value: object) -> object:
    """The names in a document, also those of what it holds, but not of what rules did."""
    match value:
        case Mapping():
            return {name: None if name == "effects" else shape(inner) for name, inner in value.items()}
        case [Mapping() as first, *_]:
            return [shape(first)]
        case _:
            return None


def work(house: House, until: timedelta) -> None:
    """Does what falls due in a time."""
    with house.database.read() as tx:
        served = read_served(tx)
    house.clock.now = NOW + until
    while sweep(house.database, served.playbook, lambda tx, lead, at: recycle(tx, lead, served, at), NOW + until):
        pass


def sell(house: House) -> None:
    """One lead seems to be answered late, until a call is told of, and is won; another rests and comes back."""
    lead_id = house.post("/v1/leads", HOT).json["lead_id"]
    other = house.post("/v1/leads", {**HOT, "email": "bob@other.example"}).json["lead_id"]
    move(house, other, "reject", {"reason": "bad timing"})
    for minutes in range(0, 180, 5):
        work(house, timedelta(minutes=minutes))
    move(house, lead_id, "contact", {"how": "call", "at": (NOW + timedelta(minutes=5)).isoformat()})
    move(house, lead_id, "outcome", {"outcome": "won", "amount": 12_000})
    work(house, timedelta(days=90))


def run_the_house(house: House) -> None:
    """What happens beside selling: a campaign, the agreement, a digest, a webhook and an address that are gone."""
    campaign = house.post("/v1/campaigns", {**WINTER, "starts_on": "2026-11-25"}).json["id"]
    hand_on(house.database, lambda *_: (), NOW, failed=lambda event, error: None)
    assert cancel(house, campaign).status_code == 200
    measure_once(house.database, NOW + HOUR)
    with house.database.begin() as tx:
        add_digests(tx, read_served(tx).playbook.playbook, NOW)
        disable_webhook(tx, add_webhook(tx, "https://x.example", ["lead.scored"], "standard", NOW).id, "by hand", NOW)
        event_id = tx.execute(select(events.c.id).limit(1)).scalar_one()
        add_deliveries(tx, [(event_id, Addressed(channel="email", target="ana@x.example", due_at=NOW))], NOW)
        for delivery in claim_deliveries(tx, "email", NOW, 1):
            mark_failed(tx, delivery, NOW, error="nobody here", final=True, chance=Random(1))


def test_examples_have_the_names_of_real_events(house: House) -> None:
    run_the_house(house)
    sell(house)

    with house.database.read() as tx:
        happened = tx.execute(select(events.c.kind, events.c.payload).order_by(events.c.id.desc())).all()
    found = {row.kind: shape(row.payload) for row in happened}

    assert found == {kind: shape(PAYLOADS[kind][0]) for kind in get_args(EventKind)}
