"""Deliveries to webhooks: many at once, each with a time limit, so that no slow receiver keeps another's waiting."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from threading import Event

import httpx
from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api.worker.figures import WorkFigures
from api.worker.loop import SECONDS_BETWEEN_LOOKS, give_way
from api.worker.reach import Private, UnreachableError, address_of
from api.worker.shapes import Words, body_of, headers_of
from store.database import Database
from store.deliveries import Delivery, claim_deliveries, give_up, has_due, mark_delivered, mark_failed
from store.sweep import database_time
from store.webhooks import Webhook, list_webhooks

# Together well within the lease of a delivery.
SECONDS_TO_ANSWER = 15.0
SECONDS_TO_STOP = 5.0
AT_ONCE = 32
CLAIMED_AT_ONCE = 8
MOST_TO_ONE = 8
PORTS = {"http": 80, "https": 443}

Claimed = Sequence[tuple[Delivery, Webhook]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came of a try: the receiver's status where it answered, what went wrong where it did not take it."""

    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Postman:
    """Delivers to webhooks, which may reach `private` addresses; `words` says events to people.

    It gives way to clocks that are due until the event `idle` says that none is.
    """

    database: Database
    private: Private
    words: Words
    figures: WorkFigures
    chance: Random
    idle: Event

    def work(self, stopping: Event) -> None:
        """Delivers until the event is set; what is on its way then has some seconds, and is tried again if it fails."""
        asyncio.run(self._work(stopping))

    async def _work(self, stopping: Event) -> None:
        on_its_way: dict[asyncio.Task[None], str] = {}
        async with _client() as client:
            while not stopping.is_set():
                counted = Counter(on_its_way.values())
                busy = [target for target, count in counted.items() if count >= MOST_TO_ONE]
                claimed = () if len(on_its_way) >= AT_ONCE else await asyncio.to_thread(self._claim, busy)
                for delivery, webhook in claimed:
                    task = asyncio.create_task(self._deliver(client, delivery, webhook))
                    on_its_way[task] = delivery.target
                    task.add_done_callback(on_its_way.pop)
                if not claimed:
                    await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if on_its_way:
                await asyncio.wait(on_its_way, timeout=SECONDS_TO_STOP)

    def _claim(self, busy: Sequence[str]) -> Claimed:
        """What is due now and nobody else's; nothing while the database is away."""
        give_way(self.idle)
        try:
            with self.database.read() as tx:
                if not has_due(tx, "webhook", database_time(tx)):
                    return ()
            with self.database.begin() as tx:
                claimed = claim_deliveries(tx, "webhook", database_time(tx), CLAIMED_AT_ONCE, busy)
                webhooks = {webhook.id: webhook for webhook in list_webhooks(tx)}
        except OperationalError as error:
            get_logger().error("database", what=str(error.orig))
            return ()
        return [(delivery, webhooks[delivery.target]) for delivery in claimed]

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery, webhook: Webhook) -> None:
        try:
            answered = await self._try(client, delivery, webhook)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one delivery must not end all of them
            get_logger().error("delivery failed", delivery=delivery.id, exc_info=error)
            answered = Answered(error=f"a fault of Leadline's: {type(error).__name__}; its log has more")
        await asyncio.to_thread(self._keep, delivery, answered)

    async def _try(self, client: httpx.AsyncClient, delivery: Delivery, webhook: Webhook) -> Answered:
        body = await asyncio.to_thread(body_of, webhook, delivery.event, self.words)  # words may wait for the database
        with self.database.read() as tx:
            headers = headers_of(webhook, delivery.event, body, database_time(tx))
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                return await _post(client, webhook.url, headers, body, self.private)
        except TimeoutError:
            return Answered(error=f"no answer within {SECONDS_TO_ANSWER:.0f} seconds")
        except UnreachableError as error:
            return Answered(error=str(error))
        except httpx.HTTPError as error:
            return Answered(error=f"{type(error).__name__}: {error}"[:500])

    def _keep(self, delivery: Delivery, answered: Answered) -> None:
        """Keeps what came of a try; without a database it is tried again once the lease is over."""
        try:
            with self.database.begin() as tx:
                now = database_time(tx)
                if answered.error is None:
                    mark_delivered(tx, delivery, now, answered.status)
                else:
                    error, status = answered.error, answered.status
                    mark_failed(tx, delivery, now, error=error, status=status, chance=self.chance)
                if answered.status == HTTPStatus.GONE:
                    give_up(tx, delivery.target, "the receiver answered 410 Gone", now)
        except OperationalError as error:
            get_logger().error("database", what=str(error.orig))
            return
        self.figures.delivered("webhook", answered.error is None, (now - delivery.created_at).total_seconds())


def _client() -> httpx.AsyncClient:
    """A client that trusts what the system trusts and uses no proxy: one would resolve names that are checked here."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    context = ssl.create_default_context()
    return httpx.AsyncClient(verify=context, timeout=SECONDS_TO_ANSWER, limits=limits, trust_env=False)


async def _post(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: bytes, private: Private
) -> Answered:
    """What a receiver answers; its body is not read, and it is not followed elsewhere."""
    target = httpx.URL(url)
    address = await address_of(target.host, target.port or PORTS[target.scheme], private)
    request = client.build_request(
        "POST",
        target.copy_with(host=address),
        headers={**headers, "Host": target.netloc.decode()},
        content=body,
        extensions={"sni_hostname": target.host},
    )
    response = await client.send(request, stream=True)
    await response.aclose()
    if response.is_success:
        return Answered(status=response.status_code)
    return Answered(status=response.status_code, error=f"answered {response.status_code} {response.reason_phrase}")
