"""A receiver of webhooks that fails at times: it answers 500, or hangs up, before or after it has taken the event."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread

MOODS = ("takes", "answers 500", "hangs up", "takes and hangs up")


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One request that was taken: its webhook-id, its body, and how many seconds its timestamp was off."""

    webhook_id: str
    body: bytes
    off_by: float


@dataclass(kw_only=True, slots=True)
class Moody:
    """Where webhooks arrive, in moods by chance until it is `calm`."""

    url: str
    chance: Random
    calm: bool = False
    heard: list[Heard] = field(default_factory=list)


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
                self.close_connection = True
                return
            if mood.startswith("takes"):
                off_by = abs(time.time() - int(self.headers["webhook-timestamp"]))
                moody.heard.append(Heard(webhook_id=self.headers["webhook-id"], body=body, off_by=off_by))
            if mood.endswith("hangs up"):
                self.close_connection = True
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
