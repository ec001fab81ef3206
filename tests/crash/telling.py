"""What must hold of what was told after the crashes: every event once, every delivery and every mail arrived."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

from store.events import EventKind
from tests.crash.laws import Rows
from tests.crash.receiver import Heard

WANTED: tuple[EventKind, ...] = (
    *("lead.scored", "lead.assigned", "sla.warning", "sla.breached", "sla.escalated", "manager.notified"),
)
SECONDS_OFF = 60
# A mail that is no longer true when its turn comes is not sent.
MAILED = (("email", "delivered"), ("email", "dropped"))


def broken_in_telling(kept: Mapping[str, Rows], heard: Sequence[Heard], mail: Path, now: datetime) -> Iterator[str]:
    """What does not hold of what is kept by table, of what webhooks heard and of the mail in a folder, in words."""
    yield from _events(kept, now)
    yield from _webhooks(kept, heard)
    yield from _mail(kept, mail)


def _events(kept: Mapping[str, Rows], now: datetime) -> Iterator[str]:
    """Decisions and assignments are told of once each; all is handed on, nothing lies ahead of time."""
    scored = Counter(row.payload["id"] for row in kept["events"] if row.kind == "lead.scored")
    if scored != Counter(row.id for row in kept["decisions"]):
        yield "lead.scored was not told once for each decision"
    assigned = Counter(row.lead_id for row in kept["events"] if row.kind == "lead.assigned")
    if assigned != Counter(row.lead_id for row in kept["assignments"] if row.rep):
        yield "lead.assigned was not told once for each assignment"
    waiting = sum(row.due_at is not None for row in kept["events"])
    if waiting:
        yield f"{waiting} events were not handed on"
    early = sum(row.at > now + timedelta(seconds=1) for row in kept["events"])
    if early:
        yield f"{early} events lie in the future"
    overdue = Counter(row.kind for row in kept["due_work"] if row.due_at <= now)
    failed = sum("failed" in row.payload for row in kept["due_work"])
    if overdue or failed:
        yield f"due work is left: {dict(overdue)}; {failed} pieces have failed"


def _webhooks(kept: Mapping[str, Rows], heard: Sequence[Heard]) -> Iterator[str]:
    """Every event that is wanted arrived, as itself, under its own id, with a timestamp that a receiver accepts."""
    wanted = {row.id for row in kept["events"] if row.kind in WANTED}
    arrived = {each.webhook_id for each in heard if each.taken and not each.cut_off}
    if wanted != arrived:
        yield f"{len(wanted - arrived)} of {len(wanted)} events never arrived, {len(arrived - wanted)} were not wanted"
    addressed = Counter(row.event_id for row in kept["deliveries"] if row.channel == "webhook")
    if addressed != Counter(wanted):
        yield f"{addressed.total()} deliveries for {len(wanted)} events"
    if len({(each.webhook_id, each.body) for each in heard}) != len(arrived):
        yield "a repetition said something else"
    states = Counter((row.channel, row.state) for row in kept["deliveries"])
    if odd := states.keys() - {("webhook", "delivered"), *MAILED}:
        yield f"deliveries have ended as {odd}"
    late = [each.off_by for each in heard if each.off_by > SECONDS_OFF]
    if late:
        yield f"{len(late)} timestamps were up to {max(late):.0f} s off"


def taken_over(heard: Sequence[Heard]) -> int:
    """How many deliveries arrived after a try that ended with who made it, nearly always by death."""
    cut_off = {each.webhook_id for each in heard if each.cut_off}
    return len(cut_off & {each.webhook_id for each in heard if each.taken and not each.cut_off})


def _mail(kept: Mapping[str, Rows], mail: Path) -> Iterator[str]:
    """Each mail was written once, whole, under the name of its delivery.

    One that was no longer true may have been written, by a worker that died before it could say so.
    """
    known = {f"{row.id}.eml": row for row in kept["deliveries"] if row.channel == "email"}
    wanted = {name for name, row in known.items() if row.state == "delivered"}
    written = {path.name: message_from_bytes(path.read_bytes())["To"] for path in mail.glob("[!.]*")}
    if not wanted <= written.keys() <= known.keys():
        yield f"{len(wanted - written.keys())} mails are missing, {len(written.keys() - known.keys())} are nobody's"
    if drafts := list(mail.glob(".*")):
        yield f"{len(drafts)} drafts of mails are left"
    wrong = [name for name, target in written.items() if name in known and known[name].target != target]
    if wrong:
        yield f"{len(wrong)} mails are to somebody else"
