"""Mail to people: sent by SMTP where a server is set, else written as files into LEADLINE_HOME/mail."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache, partial
from pathlib import Path
from random import Random

from structlog import get_logger

from api.errors import FileError
from api.files import make_folder, whole_file
from api.scratch import scratch
from api.settings import Settings
from api.worker.figures import WorkFigures
from api.worker.smtp import Tried, mail_server, send_all, told
from api.worker.words import Message
from store.database import Database
from store.deliveries import (
    Delivery,
    claim_deliveries,
    has_due,
    mark_delivered,
    mark_dropped,
    mark_failed,
    release,
)
from store.events import Event
from store.notices import no_longer_true
from store.sweep import database_time

CLAIMED_AT_ONCE = 20
ID = "Message-ID"


class Headers(HeaderRegistry):
    """Makes the class of each header once: email's own makes it anew each time, a third of what a mail costs."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """The class of a header."""
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


class Folding(EmailPolicy):
    """Folds subjects so that they read as written: email's own folding leaves two blanks where one was."""

    def fold(self, name: str, value: str) -> str:
        """A header as lines of text."""
        folded: str = super().fold(name, value)
        if name == "Subject":
            folded = f"{name}: {Header(str(value), header_name=name).encode(linesep=self.linesep)}{self.linesep}"
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as lines of bytes."""
        return super().fold_binary(name, value) if name != "Subject" else self.fold(name, value).encode("ascii")


# Sends mails in turn and yields what came of each; those that it ends before are not sent.
Send = Callable[[Sequence[EmailMessage]], Generator[Tried, None, None]]
# What someone is told of an event, by the clocks of a time zone.
Words = Callable[[Event, str], Message]


def sender(settings: Settings) -> Send:
    """The way in which mail goes out."""
    if settings.smtp_url:
        return partial(send_all, mail_server(settings.smtp_url))
    return partial(write_all, settings.home / "mail", settings.scratch)


def write_all(folder: Path, place: Path, messages: Sequence[EmailMessage]) -> Generator[Tried, None, None]:
    """Writes each mail once, as a file that mail programs open, and yields what came of it; drafts stand in a place."""
    for message in messages:
        name = message[ID].strip("<>").partition("@")[0]
        try:
            make_folder(folder)
            with scratch(place) as drafts, whole_file(folder / f"{name}.eml", drafts=drafts) as file:
                file.write(message.as_string())
        except (FileError, OSError) as error:
            yield Tried(error=told(error))
        else:
            yield Tried()


def mail_once(database: Database, send: Send, words: Words, from_: str, figures: WorkFigures, chance: Random) -> bool:
    """Sends some of the mail that is due; says whether there may be more.

    What there was no time for is due again at once, and has not been tried.
    """
    with database.read() as tx:
        if not has_due(tx, "email", database_time(tx)):
            return False
    claimed, left = _claim(database)
    with closing(send([_message(each, words, from_) for each in left])) as sent:
        for tried in sent:
            _keep(database, left.pop(0), tried, figures, chance)
    if left:
        with database.begin() as tx:
            release(tx, left, database_time(tx))
    return claimed == CLAIMED_AT_ONCE


def _claim(database: Database) -> tuple[int, list[Delivery]]:
    """How much mail is claimed, and what of it is to be sent: what is no longer true is dropped."""
    with database.begin() as tx:
        claimed = claim_deliveries(tx, "email", database_time(tx), CLAIMED_AT_ONCE)
        why = {each.id: no_longer_true(tx, each.event) for each in claimed}
        for each in claimed:
            if (told := why[each.id]) is not None:
                mark_dropped(tx, each, told)
    return len(claimed), [each for each in claimed if why[each.id] is None]


@cache
def _policy() -> Folding:
    """How mails are written."""
    return Folding(header_factory=Headers())


def _message(delivery: Delivery, words: Words, from_: str) -> EmailMessage:
    """The mail that tells of an event; its Message-ID is the delivery's, so that a repetition can be known."""
    said = words(delivery.event, delivery.details["timezone"])
    message = EmailMessage(policy=_policy())
    message["From"], message["To"], message["Subject"] = from_, delivery.target, said.subject
    message["Date"] = format_datetime(delivery.event.at)
    message[ID] = f"<{delivery.id}@{from_.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(said.text)
    return message


def _keep(database: Database, delivery: Delivery, tried: Tried, figures: WorkFigures, chance: Random) -> None:
    """Keeps what came of a mail."""
    if tried.error is not None:
        get_logger().error("mail failed", delivery=delivery.id, final=tried.final)
    with database.begin() as tx:
        now = database_time(tx)
        if tried.error is None:
            mark_delivered(tx, delivery, now)
        else:
            mark_failed(tx, delivery, now, error=tried.error, final=tried.final, chance=chance)
    figures.delivered("email", tried.error is None, (now - delivery.created_at).total_seconds())
