"""A receiver of webhooks that fails and dawdles at times: it answers 500, or hangs up, or takes its time."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread

MOODS = ("takes", "answers 500", "hangs up", "takes and hangs up")
# How often it dawdles, and how long: less than whoever posts waits for an answer.
DAWDLES, SECONDS_AT_MOST = 0.25, 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One request that came in whole.

    Its webhook-id, its body, how many seconds its timestamp was off, whether it was taken, and whether who sent it was
    still there to hear so: who was not has died meanwhile, or on a busy machine waited too long.
    """

    webhook_id: str
    body: bytes
    off_by: float
    taken: bool
    cut_off: bool


@dataclass(kw_only=True, slots=True)
class Moody:
    """Where webhooks arrive, in moods by chance until it is `calm`; while it is `holding`, all wait for an answer."""

    url: str
    chance: Random
    calm: bool = False
    holding: bool = False
    waiting: set[object] = field(default_factory=set)
    heard: list[Heard] = field(default_factory=list)

    def dawdle(self) -> None:
        """Lets a request wait, for as long as the mood says."""
        who = object()
        self.waiting.add(who)
        if not self.calm and self.chance.random() < DAWDLES:
            time.sleep(self.chance.uniform(0, SECONDS_AT_MOST))
        while self.holding:
            time.sleep(0.05)
        self.waiting.remove(who)


@contextmanager
def listening(chance: Random) -> Iterator[Moody]:
    """A receiver that listens for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        """Takes what is posted, or not, by the mood."""

        def do_POST(self) -> None:
            """Takes a request."""
            mood = "takes" if moody.calm else moody.chance.choices(MOODS, (12, 1, 1, 1))[0]
            promised = int(self.headers["Content-Length"])
            body = self.rfile.read(promised)
            if len(body) < promised:  # who sends it has been killed
                return
            off_by = abs(time.time() - int(self.headers["webhook-timestamp"]))
            moody.dawdle()
            cut_off = _is_gone(self.connection)
            webhook_id, taken = self.headers["webhook-id"], mood.startswith("takes")
            moody.heard.append(Heard(webhook_id=webhook_id, body=body, off_by=off_by, taken=taken, cut_off=cut_off))
            if cut_off or mood.endswith("hangs up"):
                return
            self.send_response(204 if mood == "takes" else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        """Bears it that who posts is killed."""

        def handle_error(self, request: object, client_address: object) -> None:
            """Says nothing."""

    with Server(("127.0.0.1", 0), Handler) as server:
        moody = Moody(url=f"http://localhost:{server.server_address[1]}/hook", chance=chance)
        Thread(target=server.serve_forever, daemon=True).start()
        yield moody
        server.shutdown()


def _is_gone(connection: socket.socket) -> bool:
    """Whether who waits for the answer has closed the connection, as the system does for the dead."""
    readable, _, _ = select.select([connection], [], [], 0)
    try:
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    except ConnectionError:
        return True
