"""A mail server that really listens, keeps what it takes, and refuses, breaks off or falls silent as it is told."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from trustme import CA

# What a server does at some point instead of answering: it hangs up, or says nothing.
HANG_UP, SILENCE = "hang up", "silence"
TAKEN = "250 OK"


@dataclass(kw_only=True, slots=True)
class Mailbox:
    """Where mail arrives. `says` are the next answers to a recipient, or to DATA or CONNECT, taken once they are due.

    `logins` are the user and password of each login, `sealed` whether each mail came encrypted.
    """

    port: int = 0
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    received: list[EmailMessage] = field(default_factory=list)
    says: dict[str, list[str]] = field(default_factory=dict)
    logins: list[tuple[str, str]] = field(default_factory=list)
    sealed: list[bool] = field(default_factory=list)
    connections: int = 0
    silent: Callable[[], object] = bool

    def url(self, scheme: str = "smtp", login: str = "") -> str:
        """Where to send to."""
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    def next_answer(self, point: str) -> str:
        """What is said next."""
        waiting = self.says.get(point, [])
        return waiting.pop(0) if waiting else TAKEN


class Server(SMTP):  # type: ignore[misc]  # mypy does not look into aiosmtpd
    """The server's side of a conversation."""

    def __init__(self, mailbox: Mailbox, **how: Any) -> None:
        super().__init__(self, enable_SMTPUTF8=True, **how)
        self._mailbox = mailbox

    async def answer(self, point: str) -> str:
        """The answer at a point of the conversation, unless it is none."""
        said = self._mailbox.next_answer(point)
        if said == SILENCE:
            self._mailbox.silent()
            await asyncio.Event().wait()
        if said == HANG_UP:
            self.hang_up()
        return said

    def hang_up(self) -> None:
        """Ends the connection without a word."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def _handle_client(self) -> None:
        self._mailbox.connections += 1
        if await self.answer("CONNECT") != HANG_UP:
            await super()._handle_client()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        """Takes a recipient."""
        said = await self.answer(to)
        if said == TAKEN:
            envelope.rcpt_tos.append(to)
        return said

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds it by this name
        """Takes a mail, unless it is told to refuse that beforehand."""
        said = await self.answer("DATA")
        if said == TAKEN:
            await super().smtp_DATA(arg)
        else:
            await self.push(said)

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keeps a mail."""
        assert isinstance(envelope.content, bytes)
        found: EmailMessage = message_from_bytes(envelope.content, policy=policy.default)
        self._mailbox.received.append(found)
        assert self.transport is not None
        self._mailbox.sealed.append(self.transport.get_extra_info("sslcontext") is not None)
        return TAKEN


@contextmanager
def mail_arrives(*, tls: bool = False, starttls: bool = False, login: bool = False) -> Iterator[Mailbox]:
    """A mailbox whose server listens for as long as the block lasts: encrypted from the start, on demand, or never."""
    mailbox, context = Mailbox(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority = CA()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(mailbox.trust)

    def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword) -> AuthResult:
        mailbox.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"s3cret&more", handled=False)

    def made() -> Server:
        # It looks for encryption by STARTTLS alone.
        how = {"authenticator": let_in, "auth_required": not tls, "auth_require_tls": not tls} if login else {}
        servers.append(Server(mailbox, tls_context=context if starttls else None, **how))
        return servers[-1]

    servers = list[Server]()
    with _running(made, context if tls else None) as (port, loop):
        mailbox.port = port
        yield mailbox
        for server in servers:
            loop.call_soon_threadsafe(server.hang_up)


@contextmanager
def _running(
    made: Callable[[], Server], context: ssl.SSLContext | None
) -> Iterator[tuple[int, asyncio.AbstractEventLoop]]:
    """The port and the loop of a server that runs in a thread."""
    loop, up, end = asyncio.new_event_loop(), Event(), asyncio.Event()

    async def serve() -> None:
        async with await loop.create_server(made, "127.0.0.1", 0, ssl=context) as server:
            ports.append(server.sockets[0].getsockname()[1])
            up.set()
            await end.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    ports = list[int]()
    thread = Thread(target=run, daemon=True)
    thread.start()
    assert up.wait(10)
    yield ports[0], loop
    loop.call_soon_threadsafe(end.set)
    thread.join(10)
