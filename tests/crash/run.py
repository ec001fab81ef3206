"""The crashes: a server and two workers are killed again and again while leads come, then all must come to rest."""

import shutil
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread

from sqlalchemy import func, select, update

from store.database import Database
from store.keys import create_key
from store.models import add_version, promote
from store.playbooks import publish
from store.sweep import database_time
from store.tables import deliveries, due_work, events
from store.webhooks import add_webhook
from tests.crash.clients import Client
from tests.crash.laws import WANTED, broken
from tests.crash.playbook import TEXT
from tests.crash.processes import Victim, free_port
from tests.crash.receiver import Moody, listening
from tests.models.builders import version

CLIENTS = 3
SECONDS_TO_REST = 120
# How many seconds the workers' clocks are off where the database has a clock of its own.
OFF_BY = ("420", "-300")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to: what is `broken`, how many answers were `lost` on the way and deliveries `repeated`."""

    kills: int
    keys: int
    lost: int
    told: int
    repeated: int
    skewed: bool
    broken: tuple[str, ...]


def crash(database: Database, folder: Path, *, kills: int, seed: int) -> Outcome:
    """Runs it all on an empty database, with a folder to live in."""
    key = _furnish(database)
    victims, skewed = _victims(database, folder)
    with ExitStack() as stack:
        receiver = stack.enter_context(listening(Random(f"{seed} receiver")))
        for victim in victims:
            stack.callback(victim.kill)
        with database.begin() as tx:
            add_webhook(tx, receiver.url, WANTED, "standard", datetime.now(UTC))
        clients = [
            Client(name=f"c{who}", port=victims[0].port, crm_key=key, chance=Random(f"{seed} {who}"))
            for who in range(CLIENTS)
        ]
        _chaos(victims, clients, kills, seed)
        _rest(database, victims[1:], receiver)
        with database.read() as tx:
            answers = [answer for client in clients for answer in client.answers]
            wrong = broken(tx, answers, receiver.heard)
            told = tx.execute(select(func.count()).select_from(events)).scalar_one()
    return Outcome(
        kills=sum(victim.kills for victim in victims),
        keys=len({answer.key for answer in answers}),
        lost=sum(client.lost for client in clients),
        told=told,
        repeated=len(receiver.heard) - len({each.webhook_id for each in receiver.heard}),
        skewed=skewed,
        broken=tuple(wrong),
    )


def _furnish(database: Database) -> str:
    """Puts a model and the playbook into force; the CRM's key."""
    now = datetime.now(UTC)
    made = version("2026-03-01.1", created_at=now)
    with database.begin() as tx:
        add_version(tx, made)
        promote(tx, made.name, by="test", because="test", now=now)
        publish(tx, TEXT, by="test", because="test", now=now)
        return create_key(tx, "crm", "test", now)


def _victims(database: Database, folder: Path) -> tuple[list[Victim], bool]:
    """The server and two workers, and whether the workers' clocks are off: on SQLite all share the machine's."""
    environ = {
        "LEADLINE_HOME": str(folder),
        "LEADLINE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "LEADLINE_LOG_LEVEL": "error",
    }
    library = None if database.engine.dialect.name == "sqlite" else _skew(folder)
    ports = [free_port() for _ in range(3)]
    victims = [Victim(words=("serve", "--no-worker", "--port", str(ports[0])), port=ports[0], environ=environ)]
    for port, off_by in zip(ports[1:], OFF_BY, strict=True):
        clock: Mapping[str, str] = {} if library is None else {"LD_PRELOAD": str(library), "CLOCK_OFF_BY": off_by}
        words = ("worker", "--metrics-port", str(port))
        victims.append(Victim(words=words, port=port, environ={**environ, **clock}))
    return victims, library is not None


def _skew(folder: Path) -> Path | None:
    """A library that puts a process's clock off; None without a C compiler."""
    compiler, library = shutil.which("cc"), folder / "skew.so"
    if compiler is None:
        return None
    source = Path(__file__).with_name("skew.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _chaos(victims: list[Victim], clients: list[Client], kills: int, seed: int) -> None:
    """Lets the clients work while each process lives and dies; ends with all processes up and every client answered."""
    shares = [len(range(place, kills, len(victims))) for place in range(len(victims))]
    stopping = Event()
    working = [Thread(target=client.work, args=(stopping,), daemon=True) for client in clients]
    with ThreadPoolExecutor(len(victims)) as pool:
        lives = [
            pool.submit(victim.live_and_die, share, Random(f"{seed} {' '.join(victim.words[:1])} {place}"))
            for place, (victim, share) in enumerate(zip(victims, shares, strict=True))
        ]
        for thread in working:
            thread.start()
        try:
            for life in lives:
                life.result()
        finally:
            stopping.set()
    for thread in working:
        thread.join(SECONDS_TO_REST)
    if any(thread.is_alive() for thread in working):
        raise AssertionError("a client is not answered any more")


def _rest(database: Database, workers: list[Victim], receiver: Moody) -> None:
    """Waits until nothing is due, now or soon.

    Once no worker lives, no lease is anybody's, and a receiver that is calm need not be spared: deliveries are due.
    """
    receiver.calm = True
    for worker in workers:
        worker.kill()
    with database.begin() as tx:
        tx.execute(update(deliveries).where(deliveries.c.due_at.is_not(None)).values(due_at=database_time(tx)))
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + SECONDS_TO_REST
    while _is_at_work(database) and time.monotonic() < deadline:
        time.sleep(0.2)


def _is_at_work(database: Database) -> bool:
    """Whether anything is to be done: what waits for an hour or a day is not."""
    soon = due_work.c.kind.not_in(["hand_out"])
    with database.read() as tx:
        left = (
            select(func.count()).select_from(due_work).where(soon),
            select(func.count()).select_from(events).where(events.c.due_at.is_not(None)),
            select(func.count()).where(deliveries.c.due_at.is_not(None), deliveries.c.channel == "webhook"),
        )
        return any(tx.execute(query).scalar_one() for query in left)
