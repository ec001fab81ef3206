"""A receiver of webhooks that really listens, and answers as it is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One request: its headers in lower case, and its body."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(kw_only=True, slots=True)
class Receiver:
    """Where webhooks arrive; `answers` are the next statuses to answer with, 204 once they are used up."""

    port: int
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://localhost:{self.port}/hook?tenant=1"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        """Keeps what is posted."""

        def do_POST(self) -> None:
            """Takes a request."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(
                Received(headers={name.lower(): value for name, value in self.headers.items()}, body=body)
            )
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(port=server.server_address[1])
        Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()
