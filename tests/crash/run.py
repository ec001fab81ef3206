"""The crashes: a server with a worker inside and two more workers are killed again and again; then all must rest."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event

from sqlalchemy import Table, func, select

from store.database import Database
from store.keys import create_key
from store.models import add_version, promote
from store.playbooks import publish
from store.sweep import database_time
from store.tables import assignments, clocks, decisions, deliveries, due_work, events, leads, moves, shares, submissions
from store.webhooks import add_webhook
from tests.crash.clients import Client
from tests.crash.laws import Rows, broken_on_the_floor
from tests.crash.playbook import TEXT
from tests.crash.processes import EVERYTHING, OF_A_SERVER, OF_A_WORKER, Victim, free_port
from tests.crash.receiver import Moody, listening
from tests.crash.telling import WANTED, broken_in_telling, taken_over
from tests.models.builders import version
from tests.skew import off_by, skew

CLIENTS = 3
ENOUGH = 30
SECONDS_TO_REST = 120
# How many seconds the clocks of the server and of the workers are off where the database has a clock of its own.
OFF_BY = (200, 420, -300)
TABLES: tuple[Table, ...] = (
    *(leads, submissions, decisions, moves, assignments, shares, clocks, events, deliveries, due_work),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to: what is `broken`, what was `killed` how often, and how much there was of what.

    `lost` answers never came and were asked for again, deliveries were `repeated`, and `taken_over` from a worker that
    died while it made them, once their lease had run out.
    """

    killed: Mapping[str, int]
    keys: int
    lost: int
    told: int
    mailed: int
    repeated: int
    taken_over: int
    skewed: bool
    broken: tuple[str, ...]


def crash(database: Database, folder: Path, *, kills: int, seed: int) -> Outcome:
    """Runs it all on an empty database, with a folder to live in."""
    key = _furnish(database)
    victims, skewed = _victims(database, folder)
    with ExitStack() as stack:
        receiver = stack.enter_context(listening(Random(f"{seed} receiver")))
        for victim in victims:
            stack.callback(victim.end)
        with database.begin() as tx:
            add_webhook(tx, receiver.url, WANTED, "standard", datetime.now(UTC))
        clients = [
            Client(name=f"c{who}", port=victims[0].port, crm_key=key, chance=Random(f"{seed} {who}"))
            for who in range(CLIENTS)
        ]
        _chaos(victims, clients, receiver, kills, seed)
        _rest(database, receiver)
        wrong = [*_left_behind(victims, folder)]
        kept, now = _kept(database)
    answers = [answer for client in clients for answer in client.answers]
    wrong += broken_on_the_floor(kept, answers)
    wrong += broken_in_telling(kept, receiver.heard, folder / "mail", now)
    return Outcome(
        killed=dict(sum((victim.killed for victim in victims), Counter[str]())),
        keys=len({answer.key for answer in answers}),
        lost=sum(client.lost for client in clients),
        told=len(kept["events"]),
        mailed=sum(row.channel == "email" for row in kept["deliveries"]),
        repeated=sum(each.taken for each in receiver.heard) - len({each.webhook_id for each in receiver.heard}),
        taken_over=taken_over(receiver.heard),
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
    """The server and two workers, and whether their clocks are off: on SQLite all share the machine's."""
    environ = {
        "LEADLINE_HOME": str(folder),
        "LEADLINE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "LEADLINE_LOG_LEVEL": "error",
    }
    library = None if database.engine.dialect.name == "sqlite" else skew(folder)
    asked = (("serve", "--port"), OF_A_SERVER), *[(("worker", "--metrics-port"), OF_A_WORKER)] * 2
    victims = []
    for (words, ways), seconds in zip(asked, OFF_BY, strict=True):
        clock, port = {} if library is None else off_by(library, seconds), free_port()
        victims.append(Victim(words=(*words, str(port)), port=port, environ={**environ, **clock}, ways=ways))
    return victims, library is not None


def _chaos(victims: list[Victim], clients: list[Client], receiver: Moody, kills: int, seed: int) -> None:
    """Lets the clients work while each process lives and dies; ends with all processes up and every client answered."""
    shares = [len(range(place, kills - len(victims), len(victims))) for place in range(len(victims))]
    stopping = Event()
    with ThreadPoolExecutor(len(victims)) as dying, ThreadPoolExecutor(len(clients)) as working:
        lives = [
            dying.submit(victim.live_and_die, share, Random(f"{seed} {' '.join(victim.words[:1])} {place}"))
            for place, (victim, share) in enumerate(zip(victims, shares, strict=True))
        ]
        works = [working.submit(client.work, stopping) for client in clients]
        try:
            for life in lives:
                life.result()
            _cut_power(victims, receiver)
            _until(lambda: sum(len(client.answers) for client in clients) > ENOUGH, "the clients are not answered")
        finally:
            stopping.set()
        for work in works:
            work.result(SECONDS_TO_REST)


def _cut_power(victims: list[Victim], receiver: Moody) -> None:
    """Kills everything while deliveries are on their way, and starts it again."""
    receiver.holding = True
    _until(lambda: bool(receiver.waiting), "nothing is delivered")
    for victim in victims:
        victim.end()
        victim.killed[EVERYTHING] += 1
    receiver.holding = False
    with ThreadPoolExecutor(len(victims)) as starting:
        list(starting.map(Victim.start, victims))


def _until(said: Callable[[], bool], otherwise: str) -> None:
    """Waits for something to become true. Raises: AssertionError when it does not."""
    deadline = time.monotonic() + SECONDS_TO_REST
    while not said():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        time.sleep(0.05)


def _rest(database: Database, receiver: Moody) -> None:
    """Waits until nothing is due, now or soon; what dead workers were delivering is when its lease has run out."""
    receiver.calm = True
    _until(lambda: not _is_at_work(database), "there is no rest")


def _left_behind(victims: list[Victim], folder: Path) -> Iterator[str]:
    """What is left of dead processes, in words: others that go on, and folders beside that of the living server."""
    yield from (f"{left.words} outlived its parent" for victim in victims for left in victim.has_left())
    if len(folders := list((folder / "scratch").iterdir())) > 1:
        yield f"{len(folders)} folders are left of what processes put down"


def _is_at_work(database: Database) -> bool:
    """Whether anything is to be done: what waits for an hour or a day is not."""
    soon = due_work.c.kind.not_in(["hand_out"])
    with database.read() as tx:
        left = (
            select(func.count()).select_from(due_work).where(soon),
            select(func.count()).select_from(events).where(events.c.due_at.is_not(None)),
            select(func.count()).select_from(deliveries).where(deliveries.c.due_at.is_not(None)),
        )
        return any(tx.execute(query).scalar_one() for query in left)


def _kept(database: Database) -> tuple[Mapping[str, Rows], datetime]:
    """Everything that is kept, by table, and what time it is there."""
    with database.read() as tx:
        return {table.name: tx.execute(select(table)).all() for table in TABLES}, database_time(tx)
