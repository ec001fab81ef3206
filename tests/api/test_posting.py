"""Deliveries to real receivers."""

import asyncio
import json
from collections.abc import Iterator
from ipaddress import ip_address
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import update
from standardwebhooks.webhooks import Webhook as Verifier

from api.worker.figures import WorkFigures
from api.worker.posting import Postman
from api.worker.reach import Private, UnreachableError, address_of, may_reach
from api.worker.words import Message
from store.deliveries import Delivery, deliveries_to
from store.events import EventKind, add_events
from store.hand_on import hand_on
from store.tables import deliveries
from store.webhooks import Shape, Webhook, add_webhook, find_webhook
from tests.api.builders import House
from tests.api.receiver import Received, Receiver, receiving
from tests.api.waiting import until

PAYLOAD = {"playbook": 7, "because": "<Berlin> & more"}
KINDS: tuple[EventKind, ...] = ("webhook.disabled",)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens."""
    with receiving() as found:
        yield found


def told(house: House, url: str, shape: Shape = "standard") -> Webhook:
    """A webhook that is to be told of one event, handed on to it."""
    with house.database.begin() as tx:
        webhook = add_webhook(tx, url, KINDS, shape, house.clock())
        add_events(tx, None, KINDS, PAYLOAD, house.clock())
    hand_on(house.database, lambda *_: (), house.clock(), failed=lambda *_: pytest.fail("not handed on"))
    return webhook


def delivered(house: House, webhook: Webhook, state: str, private: Private = "loopback") -> Delivery:
    """The newest delivery to a webhook once it has been tried and is in a state."""
    stopping, idle = Event(), Event()
    idle.set()
    postman = Postman(
        database=house.database,
        private=private,
        words=lambda event: Message(subject=event.kind, text=str(event.payload["because"])),
        figures=WorkFigures(CollectorRegistry()),
        chance=Random(1),
        idle=idle,
    )
    at_work = Thread(target=postman.work, args=(stopping,))
    at_work.start()

    def newest() -> Delivery:
        with house.database.read() as tx:
            return deliveries_to(tx, webhook.id, limit=1)[0]

    until(lambda: newest().state == state and _is_kept(newest()))
    stopping.set()
    at_work.join()
    return newest()


def _is_kept(delivery: Delivery) -> bool:
    return delivery.delivered_at is not None or delivery.error is not None


def body(received: Received) -> Any:
    """The JSON that arrived."""
    return json.loads(received.body)


def test_an_event_arrives_signed_as_standard_webhooks(house: House, receiver: Receiver) -> None:
    webhook = told(house, receiver.url)

    kept = delivered(house, webhook, "delivered")

    (received,) = receiver.received
    assert Verifier(webhook.secret).verify(received.body, dict(received.headers)) == body(received)
    assert received.headers["webhook-id"] == kept.event.id == body(received)["id"]
    assert received.headers["host"] == f"localhost:{receiver.port}"
    assert (body(received)["type"], body(received)["data"]) == ("webhook.disabled", PAYLOAD)
    assert (kept.status, kept.attempts, kept.error) == (204, 1, None)


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_refusal_is_kept_and_tried_again_under_the_same_id(house: House, receiver: Receiver, status: int) -> None:
    """A redirect is a refusal: an address that was checked must not lead to one that was not."""
    webhook = told(house, receiver.url)
    receiver.answers.append(status)

    refused = delivered(house, webhook, "pending")
    with house.database.begin() as tx:
        tx.execute(update(deliveries).where(deliveries.c.id == refused.id).values(due_at=house.clock()))
    arrived = delivered(house, webhook, "delivered")

    assert (refused.status, refused.attempts) == (status, 1)
    assert refused.error is not None
    assert refused.error.startswith(f"answered {status} ")
    assert (arrived.status, arrived.attempts) == (204, 2)
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1


def test_a_receiver_that_is_gone_for_good_is_asked_no_more(house: House, receiver: Receiver) -> None:
    webhook = told(house, receiver.url)
    receiver.answers.append(410)

    kept = delivered(house, webhook, "failed")

    with house.database.read() as tx:
        found = find_webhook(tx, webhook.id)
    assert (kept.status, found.why) == (410, "the receiver answered 410 Gone")
    assert found.disabled_at is not None


def test_nobody_listening_is_a_failure_to_try_again(house: House) -> None:
    with receiving() as gone:
        pass
    webhook = told(house, gone.url)

    kept = delivered(house, webhook, "pending")

    assert (kept.status, kept.attempts) == (None, 1)
    assert str(kept.error).startswith("ConnectError")


def test_slack_gets_a_message_it_shows_as_it_is(house: House, receiver: Receiver) -> None:
    webhook = told(house, receiver.url, "slack")

    delivered(house, webhook, "delivered")

    (block,) = body(receiver.received[0])["blocks"]
    assert [each["text"] for each in block["elements"][0]["elements"]] == ["webhook.disabled", "\n<Berlin> & more"]


def test_teams_gets_an_adaptive_card(house: House, receiver: Receiver) -> None:
    webhook = told(house, receiver.url, "teams")

    delivered(house, webhook, "delivered")

    (attachment,) = body(receiver.received[0])["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    texts = [block["inlines"][0]["text"] for block in attachment["content"]["body"]]
    assert texts == ["webhook.disabled", "<Berlin> & more"]


def test_a_private_address_is_not_reached(house: House, receiver: Receiver) -> None:
    webhook = told(house, receiver.url)

    kept = delivered(house, webhook, "pending", private="none")

    assert receiver.received == []
    assert "which is not public; LEADLINE_WEBHOOK_PRIVATE=all" in str(kept.error)


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("93.184.216.34", {"none", "loopback", "all"}),
        ("2606:2800:220:1::1", {"none", "loopback", "all"}),
        ("127.0.0.1", {"loopback", "all"}),
        ("::1", {"loopback", "all"}),
        ("::ffff:127.0.0.1", {"loopback", "all"}),
        ("10.0.0.1", {"all"}),
        ("::ffff:10.0.0.1", {"all"}),
        ("192.168.1.1", {"all"}),
        ("169.254.169.254", {"all"}),
        ("100.64.0.1", {"all"}),
        ("0.0.0.0", {"all"}),  # noqa: S104 - looked at, not listened on
        ("fe80::1", {"all"}),
        ("fd00::1", {"all"}),
        ("224.0.0.1", {"all"}),
    ],
)
def test_which_addresses_a_webhook_may_reach(address: str, reached: set[Private]) -> None:
    kinds: tuple[Private, ...] = ("none", "loopback", "all")

    assert {private for private in kinds if may_reach(ip_address(address), private)} == reached


def test_a_host_that_cannot_be_found_is_an_error_that_names_it() -> None:
    with pytest.raises(UnreachableError, match=r"^nowhere\.invalid cannot be found"):
        asyncio.run(address_of("nowhere.invalid", 443, "none"))
