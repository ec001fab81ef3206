"""Mail to people: sent by SMTP where a server is set, else written as files into LEADLINE_HOME/mail."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

from structlog import get_logger

from api.files import make_folder, whole_file
from api.settings import Settings
from api.worker.figures import WorkFigures
from api.worker.words import Message
from store.database import Database
from store.deliveries import Delivery, claim_deliveries, has_due, mark_delivered, mark_failed
from store.events import Event
from store.sweep import database_time

# So many at once, each within so many seconds, are sent well within the lease of a delivery.
CLAIMED_AT_ONCE = 5
SECONDS_TO_SEND = 8.0

# Sends a message that has an id of its own, the same each time. Raises: OSError, SMTPException.
Send = Callable[[EmailMessage, str], None]
# What someone is told of an event, by the clocks of a time zone.
Words = Callable[[Event, str], Message]


def sender(settings: Settings) -> Send:
    """The way in which mail goes out."""
    return by_smtp(settings.smtp_url) if settings.smtp_url else into_folder(settings.home / "mail")


def into_folder(folder: Path) -> Send:
    """Writes each message once, as a file that mail programs open."""

    def send(message: EmailMessage, name: str) -> None:
        make_folder(folder)
        with whole_file(folder / f"{name}.eml") as file:
            file.write(message.as_string())

    return send


def by_smtp(url: str) -> Send:
    """Sends by the server of an smtp:// or smtps:// URL; over smtp:// it is encrypted where the server can."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"

    def send(message: EmailMessage, name: str) -> None:
        context = ssl.create_default_context()
        port = parts.port or (465 if secure else 25)
        host = parts.hostname or ""
        with (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_SEND, context=context)
            if secure
            else smtplib.SMTP(host, port, timeout=SECONDS_TO_SEND)
        ) as server:
            if not secure and server.ehlo() and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return send


def mail_once(database: Database, send: Send, words: Words, from_: str, figures: WorkFigures, chance: Random) -> bool:
    """Sends some of the mail that is due; says whether there may be more."""
    with database.read() as tx:
        if not has_due(tx, "email", database_time(tx)):
            return False
    with database.begin() as tx:
        claimed = claim_deliveries(tx, "email", database_time(tx), CLAIMED_AT_ONCE)
    for delivery in claimed:
        try:
            send(_message(delivery, words, from_), delivery.id)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others go out
            get_logger().error("mail failed", delivery=delivery.id, what=type(error).__name__)
            _keep(database, delivery, figures, chance, f"{type(error).__name__}: {error}"[:500])
        else:
            _keep(database, delivery, figures, chance, None)
    return len(claimed) == CLAIMED_AT_ONCE


def _message(delivery: Delivery, words: Words, from_: str) -> EmailMessage:
    """The mail that tells of an event; its Message-ID is the delivery's, so that a repetition can be known."""
    said = words(delivery.event, delivery.details["timezone"])
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = from_, delivery.target, said.subject
    message["Date"] = format_datetime(delivery.event.at)
    message["Message-ID"] = f"<{delivery.id}@{from_.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(said.text)
    return message


def _keep(database: Database, delivery: Delivery, figures: WorkFigures, chance: Random, error: str | None) -> None:
    with database.begin() as tx:
        now = database_time(tx)
        if error is None:
            mark_delivered(tx, delivery, now)
        else:
            mark_failed(tx, delivery, now, error=error, chance=chance)
    figures.delivered("email", error is None, (now - delivery.created_at).total_seconds())
