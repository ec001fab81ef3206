"""The real server, started and stopped as a person does, and a real browser at its form."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import update

from store.database import connect
from store.tables import playbook_versions
from tests.api.builders import HOT
from tests.api.waiting import until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SECONDS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running `leadline serve`."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, json.loads(answer)

    def stop(self, how: signal.Signals) -> tuple[int, str]:
        """Sends a signal; the exit code and what was said on standard error."""
        # A terminal's Ctrl-C reaches the whole group, a supervisor's signal the one process.
        os.killpg(self.process.pid, how) if how is signal.SIGINT else self.process.send_signal(how)
        _, said = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def leadline(home: Path, *words: object) -> subprocess.Popen[str]:
    """`leadline` at home in a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)],
        env={**os.environ, "LEADLINE_HOME": str(home), "LEADLINE_LOG_LEVEL": "warning"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def home(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    """A home with a furnished database."""
    shutil.copyfile(furnished[0], tmp_path / "leadline.db")
    return tmp_path


@contextmanager
def serving(home: Path, port: int | None = None) -> Iterator[Server]:
    """A server that answers, for as long as the block lasts."""
    port = port or free_port()
    with leadline(home, "serve", "--port", port) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"Leadline serves on http://127.0.0.1:{port} ")
        yield Server(process=process, port=port)
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def server(furnished: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests here share."""
    home = tmp_path_factory.mktemp("server")
    shutil.copyfile(furnished[0], home / "leadline.db")
    with serving(home) as found:
        yield found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_serves_until_a_signal_and_stops_cleanly(
    home: Path, furnished: tuple[Path, dict[str, str]], how: signal.Signals
) -> None:
    with serving(home) as server:
        ready, _ = server.ask("GET", "/readyz")
        status, decision = server.ask("POST", "/v1/leads", HOT, Authorization=f"Bearer {furnished[1]['crm']}")
        stopped = server.stop(how)

    assert (ready, status, decision["qualified"]) == (200, 201, True)
    assert stopped == (0, "Leadline has stopped.\n")


def children(process_id: int) -> dict[str, str]:
    """The processes that a process has started: what each was called with, by its id."""
    found = subprocess.run(["ps", "-A", "-o", "ppid=,pid=,args="], capture_output=True, text=True, check=True)
    lines = (line.split(maxsplit=2) for line in found.stdout.splitlines())
    return {words[1]: words[2] for words in lines if words[0] == str(process_id)}


def alive(process_ids: Iterable[str]) -> bool:
    """Whether any of these processes still does anything; what is dead and not yet missed does not."""
    words = ["ps", "-o", "stat=", "-p", ",".join(process_ids)]
    found = subprocess.run(words, capture_output=True, text=True, check=False)  # 1 when none of them is left
    return any(not state.startswith("Z") for state in found.stdout.split())


def test_a_server_that_is_killed_leaves_nothing_behind_and_starts_again_on_its_port(home: Path) -> None:
    """Only the process that was started is killed, as `kill -9` or the kernel does it."""
    with serving(home) as server:
        until(lambda: any("worker --tied" in words for words in children(server.process.pid).values()))
        started = children(server.process.pid)
        server.process.kill()
        server.process.communicate(timeout=SECONDS)
        until(lambda: not alive(started))

    left = list((home / "scratch").iterdir())
    with serving(home, server.port) as again:
        ready, _ = again.ask("GET", "/readyz")
        found = list((home / "scratch").iterdir())

    assert ready == 200
    assert len(started) > 1
    assert (len(left), len(found), left == found) == (1, 1, False)


def test_a_body_that_comes_in_chunks_is_limited_too(server: Server, furnished: tuple[Path, dict[str, str]]) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    text = json.dumps({**HOT, "message": "x" * 2_000_000}).encode()
    chunks = (text[start : start + 65_536] for start in range(0, len(text), 65_536))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {furnished[1]['crm']}"}

    connection.request("POST", "/v1/leads", chunks, headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()

    assert status == 413


def test_a_port_in_use_is_a_clear_error(server: Server, home: Path) -> None:
    with leadline(home, "serve", "--port", server.port) as second:
        _, said = second.communicate(timeout=SECONDS)

    assert (second.returncode, said) == (
        1,
        f"Error: cannot listen on 127.0.0.1:{server.port}: Address already in use; choose another with --port\n",
    )


def test_a_broken_playbook_at_start_is_refused_with_its_lines(home: Path) -> None:
    database = connect(f"sqlite:///{home / 'leadline.db'}")
    with database.begin() as tx:
        tx.execute(update(playbook_versions).values(text="version: 1\nruels: []\n"))
    database.close()

    with leadline(home, "serve", "--port", free_port()) as process:
        _, said = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert said.startswith("Error: playbook 1, which is in force, is broken: ")
    assert "playbook 1:2:1: 'ruels' is not a playbook key; did you mean 'rules'? [unknown-key]\n    ruels: []\n" in said


@pytest.fixture
def page(server: Server, tmp_path: Path) -> Iterator[Page]:
    """A page of a real browser without JavaScript."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not there; apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(java_script_enabled=False).new_page()
        browser.close()


def test_a_visitor_corrects_the_form_and_is_thanked(
    server: Server, page: Page, furnished: tuple[Path, dict[str, str]]
) -> None:
    page.goto(f"{server.url}/demo?utm_source=news")
    page.get_by_label("Work e-mail").fill("ann@big.example")
    page.get_by_label("Job title").fill("VP Engineering")
    page.get_by_label("Employees").fill("4000")
    page.get_by_label("Country").fill("Germany")
    page.get_by_label("Phone").fill("12")
    page.get_by_label("What would you like to see?").fill("<b>Everything</b>")
    page.get_by_label("Send me news").check()
    page.get_by_role("button", name="Book my demo").click()
    asked = page.get_by_role("alert").inner_text()
    page.get_by_label("Phone").fill("+49 30 123456")
    page.get_by_role("button", name="Send").click()

    _, listed = server.ask("GET", "/v1/leads", Authorization=f"Bearer {furnished[1]['crm']}")
    lead = listed["leads"][0]

    assert "Phone: not a phone number" in asked
    assert page.url == f"{server.url}/demo/thanks"
    assert (lead["email"], lead["phone"], lead["message"]) == ("ann@big.example", "+4930123456", "<b>Everything</b>")
    assert (lead["source"], lead["utm_source"], lead["consent"]["marketing"]) == ("demo_request", "news", True)
    assert (lead["attributes"], lead["team"]) == ({"employees": "4000"}, "emea-enterprise")
