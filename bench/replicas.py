"""How soon every server follows a published playbook: two `leadline serve` on one PostgreSQL, both under load.

Each server is asked for scores without a pause by several clients, whose answers name the playbook that decided. The
delay of a publication at a server runs from the answer to its PUT, when it is in force in the database, to the start
of the last request that an older playbook still decided there. Then a version that no server can read is slipped into
the database, and both must go on with the last good one.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import update

from api.cli.init import set_up_sample
from api.sample import read_keys
from api.settings import Settings
from bench.databases import database_url
from rules.sample import sample_playbook
from store.database import connect
from store.playbooks import publish
from store.tables import playbook_versions

PUBLICATIONS, CLIENTS, PAUSE = 8, 3, 2.7
LEAD = json.dumps({"email": "ann@big.example", "country": "DE", "source": "demo_request"})
ALLOWED = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One score: when it was asked for, which playbook decided, and the status."""

    asked: float
    playbook: int
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server, its port, and every answer it gave."""

    port: int
    answers: list[Answer] = field(default_factory=list)


def main(publications: int = PUBLICATIONS) -> None:
    """Publish again and again, and print how long each server took to follow."""
    with tempfile.TemporaryDirectory() as folder, database_url("PostgreSQL", Path(folder)) as url:
        settings = Settings(home=Path(folder), database_url=url)
        set_up_sample(settings)
        keys = read_keys(settings.home)
        with _serving(settings, keys, 2) as servers:
            delays = [_delays(servers, keys["ops"], number) for number in range(2, 2 + publications)]
            _show(servers, delays)
            _break(url, servers, last_good=1 + publications)


def _delays(servers: Sequence[Server], key: str, number: int) -> list[float]:
    """Publish by the first server, or by the second in turn, and return each server's delay in seconds."""
    text = f"# edit {number}\n{sample_playbook()}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/yaml", "If-Match": f'"{number - 1}"'}
    connection = HTTPConnection("127.0.0.1", servers[number % len(servers)].port, timeout=30)
    connection.request("PUT", "/v1/playbook?because=bench", text.encode(), headers)
    response = connection.getresponse()
    said = json.loads(response.read())
    published = time.perf_counter()
    if (response.status, said.get("number")) != (200, number):
        raise RuntimeError(f"PUT answered {response.status}: {said}")
    time.sleep(PAUSE)
    return [_delay(server.answers, published, number) for server in servers]


def _delay(answers: Sequence[Answer], published: float, number: int) -> float:
    if not any(each.playbook == number for each in answers):
        return float("inf")
    return max((each.asked - published for each in answers if each.playbook < number), default=0.0)


def _show(servers: Sequence[Server], delays: Sequence[Sequence[float]]) -> None:
    every = [max(delay, 0.0) for each in delays for delay in each]
    answers = [answer for server in servers for answer in server.answers]
    bad = sum(answer.status != 200 for answer in answers)
    _say(
        f"{len(delays)} publications, {len(servers)} servers, {len(answers):,} scores meanwhile, {bad} not answered 200"
    )
    _say(f"  delay: median {statistics.median(every):.2f} s, longest {max(every):.2f} s (allowed: {ALLOWED:.0f} s)")


def _break(url: str, servers: Sequence[Server], *, last_good: int) -> None:
    """Put something into force that is no playbook, as no door would, and see who goes on."""
    database = connect(url)
    with database.begin() as tx:
        number = publish(tx, "version: 1", by="bench", because="broken", now=datetime.now(UTC))
        tx.execute(update(playbook_versions).where(playbook_versions.c.number == number).values(text="versoin: 1"))
    database.close()
    for server in servers:
        server.answers.clear()
    time.sleep(2 * PAUSE)
    answers = [answer for server in servers for answer in server.answers]
    good = sum((answer.status, answer.playbook) == (200, last_good) for answer in answers)
    _say(f"  a broken version in force: {good:,} of {len(answers):,} scores by the last good one")


@contextmanager
def _serving(settings: Settings, keys: Mapping[str, str], count: int) -> Iterator[tuple[Server, ...]]:
    """Servers under load."""
    servers = tuple(Server(port=_free_port()) for _ in range(count))
    processes = [_leadline(settings, server.port) for server in servers]
    stop = Event()
    clients = [Thread(target=_ask, args=(server, keys["crm"], stop)) for server in servers for _ in range(CLIENTS)]
    try:
        for client in clients:
            client.start()
        _wait_for(servers)
        yield servers
    finally:
        stop.set()
        for client in clients:
            client.join()
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _leadline(settings: Settings, port: int) -> "subprocess.Popen[bytes]":
    environ = {
        **os.environ,
        "LEADLINE_HOME": str(settings.home),
        "LEADLINE_DATABASE_URL": settings.database_url,
        "LEADLINE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--no-worker", "--port", str(port)]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _ask(server: Server, key: str, stop: Event) -> None:
    """Ask for scores without a pause until told to stop."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    while not stop.is_set():
        asked = time.perf_counter()
        try:
            connection.request("POST", "/v1/score", LEAD, headers)
            response = connection.getresponse()
            said = json.loads(response.read())
        except OSError:
            connection.close()
            stop.wait(0.1)  # the server is still coming up
            continue
        server.answers.append(Answer(asked=asked, playbook=said.get("playbook", 0), status=response.status))


def _wait_for(servers: Sequence[Server]) -> None:
    deadline = time.monotonic() + 60
    while not all(server.answers for server in servers):
        if time.monotonic() > deadline:
            raise RuntimeError("a server did not come up within a minute")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PUBLICATIONS)
