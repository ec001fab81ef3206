"""Mail to people: as files, and through a real SMTP conversation."""

from collections.abc import Generator, Sequence
from datetime import timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from api.metrics import Metrics
from api.serving import Serving
from api.worker.figures import WorkFigures
from api.worker.mailing import Send, mail_once, write_all
from api.worker.smtp import Tried, mail_server, send_all
from api.worker.telling import Teller
from api.worker.words import TEMPLATES, words_of
from rules.compile import compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.lead import Lead
from store.deliveries import Addressed, add_deliveries, has_due
from store.events import Event, EventKind
from store.hand_on import hand_on
from store.notices import notices
from store.sweep import database_time
from store.tables import deliveries
from tests.api.builders import HOT, NOW, House
from tests.api.mail_server import mail_arrives

FROM = "leads@leadline.example"
PLAYBOOK = compile_playbook(read_playbook(sample_playbook(), number=1)).playbook


def assign(house: House) -> None:
    """Has a lead assigned in working hours and its notice handed on."""
    assert house.post("/v1/leads", {**HOT, "last_name": "Ångström\nBcc: all@x.example"}).status_code == 201
    hand_on(
        house.database,
        lambda tx, event, now: notices(tx, event, PLAYBOOK, now, admin=None),
        NOW + timedelta(seconds=1),
        failed=lambda event, error: pytest.fail(event.kind),
    )


def mail(house: House, send: Send) -> None:
    """Sends what is due."""
    words = Teller(database=house.database, serving=Serving(house.database, Metrics())).to_one
    mail_once(house.database, send, words, FROM, WorkFigures(CollectorRegistry()), Random(1))


def states(house: House) -> list[tuple[str, str | None]]:
    """What became of each mail."""
    with house.database.read() as tx:
        return [(row.state, row.error) for row in tx.execute(select(deliveries.c.state, deliveries.c.error))]


def read(text: str) -> EmailMessage:
    """The mail in a text."""
    found: EmailMessage = message_from_string(text, policy=policy.default)
    return found


def test_a_rep_is_told_of_a_lead_by_a_file(house: House, tmp_path: Path) -> None:
    assign(house)

    mail(house, partial(write_all, tmp_path / "mail"))
    mail(house, partial(write_all, tmp_path / "mail"))

    (file,) = (tmp_path / "mail").glob("*.eml")
    message = read(file.read_text(encoding="utf-8"))
    assert message["To"] == "ana@leadline.example"
    assert message["Message-ID"] == f"<{file.stem}@leadline.example>"
    # 10:15 UTC, by the clocks of the team.
    assert "Respond by Tue 24 Nov 11:15 CET (SLA hot)." in message.get_content()
    assert ", decision-maker\n  +" in message.get_content()
    assert states(house) == [("delivered", None)]


def test_what_a_lead_is_called_makes_no_header_of_its_own(house: House, tmp_path: Path) -> None:
    assign(house)

    mail(house, partial(write_all, tmp_path))

    (file,) = tmp_path.glob("*.eml")
    message = read(file.read_text(encoding="utf-8"))
    assert message["Bcc"] is None
    assert message["Subject"].startswith("New lead for Ana: Ångström Bcc: all@x.example (")


def test_mail_goes_out_by_smtp(house: House) -> None:
    assign(house)

    with mail_arrives() as mailbox:
        mail(house, partial(send_all, mail_server(mailbox.url())))

    (message,) = mailbox.received
    assert (message["From"], message["To"]) == (FROM, "ana@leadline.example")
    assert states(house) == [("delivered", None)]


def test_mail_that_cannot_be_sent_is_sent_later(house: House) -> None:
    with mail_arrives() as gone:
        pass
    assign(house)

    mail(house, partial(send_all, mail_server(gone.url())))

    ((state, error),) = states(house)
    assert (state, str(error).startswith("ConnectionRefusedError")) == ("pending", True)


def test_mail_to_an_address_that_there_is_not_is_sent_no_more(house: House) -> None:
    assign(house)

    with mail_arrives() as mailbox:
        mailbox.says = {"ana@leadline.example": ["550 5.1.1 <ana@leadline.example>: unknown"]}
        mail(house, partial(send_all, mail_server(mailbox.url())))

    assert states(house) == [("failed", "the mail server answered 550 5.1.1 <ana@leadline.example>: unknown")]


def test_mail_that_there_was_no_time_for_has_not_been_tried(each_house: House) -> None:
    def send_one(messages: Sequence[EmailMessage]) -> Generator[Tried, None, None]:
        yield Tried()

    assign(each_house)
    again = Addressed(channel="email", target="ben@leadline.example", due_at=NOW, details={"timezone": "UTC"})
    with each_house.database.begin() as tx:
        add_deliveries(tx, [(tx.execute(select(deliveries.c.event_id)).scalar_one(), again)], NOW)

    mail(each_house, send_one)

    kept = select(deliveries.c.state, deliveries.c.attempts).order_by(deliveries.c.id)
    with each_house.database.read() as tx:
        assert [tuple(row) for row in tx.execute(kept)] == [("delivered", 1), ("pending", 0)]
        assert has_due(tx, "email", database_time(tx))


PROMISE = {
    "done_at": NOW.isoformat(),
    "breached_at": NOW.isoformat(),
    "clock": "first_response",
    "sla": "hot",
    "due_at": NOW.isoformat(),
    "started_at": NOW.isoformat(),
}
PAYLOAD = {
    **PROMISE,
    "breached_at": NOW.isoformat(),
    "done_at": NOW.isoformat(),
    "team": "inbound",
    "rep": None,
    "why": "it is overdue",
    "outcome": "won",
    "reason": None,
    "rested_since": NOW.isoformat(),
    "amount": 12.0,
    "playbook": 7,
    "by": "Oda",
    "because": "spring",
    "version": "2026-11-24.1",
    "webhook": "w",
    "url": "https://x",
    "day": "2026-11-24",
    "overdue": 1,
    "queued": 2,
    "assigned": 3,
    "in_time": 4,
    "broken": 5,
    "score": 81.0,
    "grade": "A",
    "qualified": True,
    "tags": ["hot"],
    "name": "Fair",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-09",
    "expected_leads": 90,
    "deadline": True,
    "about": None,
    "side": "sales",
    "state": "missed",
    "period": "2026-11",
    "promise": "respond",
    "promised": 0.95,
    "per": "month",
    "of": "SLA hot",
    "so_far": 0.5,
    "expected": 0.6,
    "low": 0.55,
    "high": 0.7,
    "drivers": ["team inbound"],
    "reasons": [{"kind": "rule", "points": 8.0, "text": "enterprise"}],
    "route": {"team": "inbound", "rep": "Ana", "why": "her turn"},
}


@pytest.mark.parametrize("kind", get_args(EventKind))
@pytest.mark.parametrize("lead", [None, Lead(created_at=NOW, email="ann@big.example", attributes={})])
def test_every_kind_of_event_has_its_words(kind: EventKind, lead: Lead | None) -> None:
    payload = PAYLOAD | ({"sla": {"name": "hot", "respond_by": NOW.isoformat()}} if kind == "lead.assigned" else {})
    event = Event(id="e", kind=kind, lead_id="l", at=NOW, due_at=None, payload=payload)

    words = words_of(event, lead)

    assert words.subject
    assert words.text.strip()
    assert "{" not in words.subject + words.text


def test_every_template_is_of_a_kind_of_event() -> None:
    assert {file.stem for file in TEMPLATES.glob("*.txt")} == set(get_args(EventKind))


def test_the_manager_reads_whose_it_was_and_who_has_the_lead_now() -> None:
    why = "first response under SLA hot is overdue; Ben has the lead now"
    event = Event(
        id="e", kind="manager.notified", lead_id="l", at=NOW, due_at=None, payload=PAYLOAD | {"rep": "Ana", "why": why}
    )

    assert words_of(event, Lead(created_at=NOW, country="DE")).text == (
        "First response under SLA hot is overdue; Ben has the lead now.\n"
        "It was up to Ana; the lead comes from DE.\n\nLead l\n"
    )
