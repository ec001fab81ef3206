"""Mail by SMTP: many mails through one connection, and an end in time, however slowly the server answers."""

import re
import smtplib
import socket
import ssl
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Timer
from urllib.parse import unquote, urlsplit

# For all mails of a batch together: they end well within the lease of a delivery.
SECONDS_FOR_ALL = 45.0
# Servers take their time with a greeting, and with a mail where they look for spam before they take it.
SECONDS_TO_ANSWER = 20.0
CONNECTIONS = 2
LONGEST = 500
PORT, SECURE_PORT = 25, 465

# There is no such address. What 5.1.7 and 5.1.8 say of the sender's is the house's to mend, as all else is somebody's.
# Source: RFC 3463, 3.2.
NO_SUCH_ADDRESS = re.compile(r"5\.1\.(?![78]\b)\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What came of a mail: it is sent, or what went wrong; `final` where no other try would go better."""

    error: str | None = None
    final: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """A mail server, and how to connect to it."""

    host: str
    port: int
    secure: bool
    user: str | None
    password: str
    context: ssl.SSLContext


@dataclass(kw_only=True, slots=True)
class Line:
    """A connection to a mail server, made when it is first needed and once more when it breaks.

    It is `used` once the server has answered for a mail. When it is `over`, nothing more is sent.
    """

    server: MailServer
    client: smtplib.SMTP | None = None
    calls: int = 0
    used: bool = False
    over: bool = False

    def send(self, message: EmailMessage) -> Tried | None:
        """Sends a mail; None when there is no time or no connection left for it.

        Raises: OSError and SMTPException when no connection can be had.
        """
        while (client := self._ready()) is not None:
            try:
                client.send_message(message)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others go out
                if client.sock is not None:
                    self._start_anew(client)
                    return _refused(error)
                if not self.used and (self.over or self.calls == CONNECTIONS):
                    return Tried(error=told(error))
            else:
                self.used = True
                return Tried()
        return None

    def cut(self) -> None:
        """Ends the connection under whoever waits for the server's next word."""
        self.over = True
        open_socket = None if self.client is None else self.client.sock  # the other thread may close it any moment
        if open_socket is not None:
            with suppress(OSError):
                # That of an encrypted one would wait for the server's goodbye.
                socket.socket.shutdown(open_socket, socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Takes leave of the server."""
        if self.client is not None and self.client.sock is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.client.quit()
            self.client.close()

    def _ready(self) -> smtplib.SMTP | None:
        """The open connection; None when it is over, or broken for the last time."""
        if self.over:
            return None
        if self.client is not None and self.client.sock is not None:
            return self.client
        if self.calls == CONNECTIONS:
            return None
        self.calls, self.used = self.calls + 1, False
        self.client = _client(self.server)
        _call(self.client, self.server)
        if self.over:
            raise TimeoutError("it took too long to connect")
        return self.client

    def _start_anew(self, client: smtplib.SMTP) -> None:
        """Has the server forget a mail that it did not take: smtplib leaves that out after some refusals."""
        self.used = True
        with suppress(OSError, smtplib.SMTPException):
            client.rset()


def mail_server(url: str, context: ssl.SSLContext | None = None) -> MailServer:
    """The server of an smtp:// or smtps:// URL; over smtp:// it is encrypted where the server can."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or (SECURE_PORT if secure else PORT),
        secure=secure,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        context=context or ssl.create_default_context(),
    )


def send_all(
    server: MailServer, messages: Sequence[EmailMessage], *, seconds: float = SECONDS_FOR_ALL
) -> Generator[Tried, None, None]:
    """Sends mails in turn and yields what came of each as soon as that is known.

    It ends before the last of them when there is no time or no connection left. When no connection can be had at all,
    that is what came of all that remain.
    """
    with _line(server, seconds) as line:
        for index, message in enumerate(messages):
            try:
                tried = line.send(message)
            except (OSError, smtplib.SMTPException) as error:
                yield from [Tried(error=told(error))] * (len(messages) - index)
                return
            if tried is None:
                return
            yield tried


def told(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"[:LONGEST]


def _answered(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"the mail server answered {code} {' '.join(text.split())}"[:LONGEST]


@contextmanager
def _line(server: MailServer, seconds: float) -> Iterator[Line]:
    """A line that is cut off after so many seconds."""
    line = Line(server=server)
    watch = Timer(seconds, line.cut)
    watch.daemon = True
    watch.start()
    try:
        yield line
    finally:
        line.hang_up()
        watch.cancel()


def _client(server: MailServer) -> smtplib.SMTP:
    """A client that is not connected yet, so that it can be cut off while it connects."""
    if server.secure:
        client: smtplib.SMTP = smtplib.SMTP_SSL(timeout=SECONDS_TO_ANSWER, context=server.context)
    else:
        client = smtplib.SMTP(timeout=SECONDS_TO_ANSWER)
    # Certificates are checked against it, and connect() does not set it.
    client._host = server.host  # type: ignore[attr-defined]  # typeshed leaves out what is not public
    return client


def _call(client: smtplib.SMTP, server: MailServer) -> None:
    """Connects, encrypts where that can be, and logs in. Raises: OSError, SMTPException."""
    client.connect(server.host, server.port)
    client.ehlo_or_helo_if_needed()
    if not server.secure and client.has_extn("starttls"):
        client.starttls(context=server.context)
    if server.user:
        client.login(server.user, server.password)


def _refused(error: Exception) -> Tried:
    """What came of a mail that the server did not take: final only where there is no such address."""
    final = isinstance(error, smtplib.SMTPRecipientsRefused) and NO_SUCH_ADDRESS.search(told(error)) is not None
    return Tried(error=told(error), final=final)
