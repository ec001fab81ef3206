"""Events on their way to webhooks, on both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest

from store.database import Database, Transaction
from store.deliveries import (
    LEASE,
    MOST_ATTEMPTS,
    Addressed,
    Delivery,
    claim_deliveries,
    deliveries_to,
    has_due,
    mark_delivered,
    mark_failed,
    pause_after,
)
from store.events import Event, EventKind, add_events, next_event
from store.hand_on import hand_on
from store.resending import replay
from store.webhooks import Webhook, add_webhook, disable_webhook, enable_webhook, find_webhook
from tests.builders import NOW
from tests.store.builders import arrive, playbook

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
CHANCE = Random(1)


def nobody(tx: Transaction, event: Event, now: datetime) -> Sequence[Addressed]:
    """No people are told."""
    return ()


def handed_on(database: Database, now: datetime = NOW) -> list[str]:
    """Hands on what is to be handed on and returns what it was."""

    def failed(event: Event, error: Exception) -> None:
        raise AssertionError(event.kind) from error

    return [event.kind for event in hand_on(database, nobody, now, failed=failed)]


def listening(database: Database, *kinds: EventKind, at: datetime = NOW - DAY) -> Webhook:
    """A webhook that wants these events."""
    with database.begin() as tx:
        return add_webhook(tx, "https://crm.example/hook", kinds, "standard", at)


def claimed(database: Database, now: datetime = NOW, most: int = 100) -> tuple[Delivery, ...]:
    """What a worker gets to deliver."""
    with database.begin() as tx:
        return claim_deliveries(tx, "webhook", now, most)


def sent(database: Database, webhook: Webhook) -> list[tuple[str, str, int]]:
    """What became of each delivery to a webhook, newest first: kind, state, attempts."""
    with database.read() as tx:
        found = deliveries_to(tx, webhook.id, limit=100)
    return [(each.event.kind, each.state, each.attempts) for each in found]


def fail(database: Database, delivery: Delivery, now: datetime) -> None:
    """Has a delivery fail."""
    with database.begin() as tx:
        mark_failed(tx, delivery, now, error="answered 500", status=500, chance=CHANCE)


def exhaust(database: Database) -> datetime:
    """Tries what is on its way until it is tried no more, and returns when that was."""
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        for delivery in claimed(database, now):
            fail(database, delivery, now)
        now += DAY
    return now - DAY


def test_each_event_goes_once_to_each_webhook_that_wants_it(database: Database) -> None:
    both, one = listening(database, "lead.scored", "lead.assigned"), listening(database, "lead.assigned")
    arrive(database, playbook("Ana"), "ann")

    first, second = handed_on(database), handed_on(database)

    assert (first, second) == (["lead.scored", "lead.assigned"], [])
    assert [kind for kind, _, _ in sent(database, both)] == ["lead.assigned", "lead.scored"]
    assert [kind for kind, _, _ in sent(database, one)] == ["lead.assigned"]


def test_a_webhook_is_not_told_of_what_happened_before_it_or_while_it_was_disabled(database: Database) -> None:
    late = listening(database, "lead.scored", at=NOW + DAY)
    disabled = listening(database, "lead.scored")
    with database.begin() as tx:
        disable_webhook(tx, disabled.id, "by hand", NOW)
    arrive(database, playbook("Ana"), "ann")

    handed_on(database)

    assert (sent(database, late), sent(database, disabled)) == ([], [])


def test_one_event_that_cannot_be_handed_on_keeps_no_other_waiting(database: Database) -> None:
    webhook, failures = listening(database, "lead.scored", "lead.assigned"), list[str]()
    arrive(database, playbook("Ana"), "ann")

    def people(tx: Transaction, event: Event, now: datetime) -> Sequence[Addressed]:
        if event.kind == "lead.scored":
            raise ArithmeticError
        return ()

    hand_on(database, people, NOW, failed=lambda event, error: failures.append(event.kind))

    with database.read() as tx:
        again = next_event(tx)
    assert failures == ["lead.scored"]
    assert [kind for kind, _, _ in sent(database, webhook)] == ["lead.assigned"]
    assert again == NOW + timedelta(minutes=1)


def test_what_a_worker_tries_is_nobody_elses_until_its_lease_is_over(database: Database) -> None:
    listening(database, "lead.scored")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)

    got = [len(claimed(database, at)) for at in (NOW, NOW + LEASE - SECOND, NOW + LEASE)]

    assert got == [1, 0, 1]


def test_what_arrived_is_not_sent_again(database: Database) -> None:
    webhook = listening(database, "lead.scored")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)

    with database.begin() as tx:
        (delivery,) = claim_deliveries(tx, "webhook", NOW, 10)
        mark_delivered(tx, delivery, NOW, 204)

    with database.read() as tx:
        assert not has_due(tx, "webhook", NOW + DAY)
    assert sent(database, webhook) == [("lead.scored", "delivered", 1)]


def test_a_worker_that_comes_back_too_late_with_a_failure_changes_nothing(database: Database) -> None:
    webhook = listening(database, "lead.scored")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)
    (slow,) = claimed(database)
    (quick,) = claimed(database, NOW + LEASE)

    with database.begin() as tx:
        mark_delivered(tx, quick, NOW + LEASE, 200)
    fail(database, slow, NOW + LEASE + SECOND)

    assert sent(database, webhook) == [("lead.scored", "delivered", 2)]


def test_a_webhook_that_never_answers_is_disabled_and_that_is_told(database: Database) -> None:
    """The last failure ends what else is on its way to it, too."""
    webhook = listening(database, "lead.scored", "lead.assigned")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)

    at = exhaust(database)

    with database.read() as tx:
        found = find_webhook(tx, webhook.id)
    assert (found.disabled_at, found.why) == (at, "12 attempts failed, the last with: answered 500")
    assert [state for _, state, _ in sent(database, webhook)] == ["failed", "failed"]
    assert handed_on(database, at) == ["webhook.disabled"]


def test_a_webhook_that_takes_others_is_not_disabled_for_one_it_refuses(database: Database) -> None:
    webhook = listening(database, "lead.scored", "lead.assigned")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)
    with database.begin() as tx:
        (refused, taken) = deliveries_to(tx, webhook.id, limit=2)[::-1]
        mark_delivered(tx, taken, NOW + SECOND, 200)

    exhaust(database)

    with database.read() as tx:
        assert find_webhook(tx, webhook.id).disabled_at is None
    assert sent(database, webhook)[-1] == (refused.event.kind, "failed", MOST_ATTEMPTS)


def test_a_replay_sends_what_failed_or_one_or_all_since_a_time(database: Database) -> None:
    webhook = listening(database, "lead.scored", "lead.assigned")
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)
    at = exhaust(database)
    with database.begin() as tx:
        enable_webhook(tx, webhook.id)
        one = deliveries_to(tx, webhook.id, limit=1)[0]

        counts = [
            replay(tx, webhook, at),
            replay(tx, webhook, at),
            replay(tx, webhook, at, delivery_id=one.id),
            replay(tx, webhook, at, since=NOW + DAY),
            replay(tx, webhook, at, since=NOW),
        ]

    assert counts == [2, 0, 1, 0, 2]
    assert sent(database, webhook) == [("lead.assigned", "pending", 0), ("lead.scored", "pending", 0)]


def test_a_replay_sends_what_was_never_on_its_way(database: Database) -> None:
    arrive(database, playbook("Ana"), "ann")
    handed_on(database)
    webhook = listening(database, "lead.scored", at=NOW + DAY)

    with database.begin() as tx:
        count = replay(tx, webhook, NOW + DAY, since=NOW)

    assert count == 1
    assert sent(database, webhook) == [("lead.scored", "pending", 0)]


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 15), (3, 45), (8, 10_935), (9, 21_600), (11, 21_600), (500, 21_600)]
)
def test_pauses_grow_threefold_up_to_six_hours_half_more_or_less(attempts: int, seconds: int) -> None:
    pauses = [pause_after(attempts, Random(seed)).total_seconds() for seed in range(50)]

    assert seconds * 0.5 <= min(pauses) < seconds * 0.75
    assert seconds * 1.25 < max(pauses) <= seconds * 1.5


def test_an_event_of_no_lead_is_handed_on_as_well(database: Database) -> None:
    webhook = listening(database, "playbook.published")
    with database.begin() as tx:
        add_events(tx, None, ["playbook.published"], {"playbook": 2}, NOW)

    handed_on(database)

    assert sent(database, webhook) == [("playbook.published", "pending", 0)]
