"""Mail to people: as files, and through a real SMTP conversation."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from random import Random

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from api.worker.figures import WorkFigures
from api.worker.mailing import Folding, Send, mail_once, write_all
from api.worker.smtp import Tried, mail_server, send_all
from rules.compile import compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from store.database import connect
from store.deliveries import Addressed, add_deliveries, has_due
from store.hand_on import hand_on
from store.notices import notices
from store.sweep import database_time
from store.tables import deliveries, events, leads
from tests.api.builders import HOT, NOW, House, Run, house_on, printed, teller
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
    mail_once(house.database, send, teller(house.database).to_one, FROM, WorkFigures(CollectorRegistry()), Random(1))


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

    mail(house, partial(write_all, tmp_path / "mail", tmp_path / "scratch"))
    mail(house, partial(write_all, tmp_path / "mail", tmp_path / "scratch"))

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

    mail(house, partial(write_all, tmp_path, tmp_path / "scratch"))

    (file,) = tmp_path.glob("*.eml")
    message = read(file.read_text(encoding="utf-8"))
    assert message["Bcc"] is None
    assert message["Subject"].startswith("New lead for Ana: Ångström Bcc: all@x.example (")


@pytest.mark.parametrize(
    "subject",
    [
        "New lead for Ana: Ann Berg of the fourth floor, Big & Söhne Maschinenbau (A)",
        "Joe, usb, team americas: nobody can take this lead; it waits in the queue of the team",
        "株式会社" * 30,
    ],
)
def test_a_long_subject_reads_as_it_was_written(subject: str) -> None:
    message = EmailMessage(policy=Folding())
    message["Subject"] = subject

    assert message_from_bytes(message.as_bytes(), policy=policy.default)["Subject"] == subject
    assert read(message.as_string())["Subject"] == subject
    assert max(map(len, message.as_string().splitlines())) <= 78


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


def refuse(house: House, *to: str) -> None:
    """Has mail of an assignment go to addresses that there are not."""
    with house.database.begin() as tx:
        event_id = tx.execute(select(events.c.id).where(events.c.kind == "lead.assigned")).scalar_one()
        mails = (Addressed(channel="email", target=each, due_at=NOW, details={"timezone": "UTC"}) for each in to)
        add_deliveries(tx, ((event_id, each) for each in mails), NOW)
    with mail_arrives() as mailbox:
        mailbox.says = {each: ["550 5.1.1 unknown"] for each in to}
        mail(house, partial(send_all, mail_server(mailbox.url())))


def test_an_address_that_gets_no_mail_is_told_of_once_a_day(each_house: House) -> None:
    each_house.post("/v1/leads", HOT)
    refuse(each_house, "bob@x.example", "cem@x.example")
    refuse(each_house, "BOB@x.example")

    with each_house.database.read() as tx:
        told = select(events.c.payload).where(events.c.kind == "mail.failed").order_by(events.c.id)
        payloads = tx.execute(told).scalars().all()
    assert sorted((each["to"], each["about"], each["why"]) for each in payloads) == [
        ("bob@x.example", "lead.assigned", "the mail server answered 550 5.1.1 unknown"),
        ("cem@x.example", "lead.assigned", "the mail server answered 550 5.1.1 unknown"),
    ]


def test_mail_is_listed_and_sent_again(run: Run, home: Path) -> None:
    with closing(connect(f"sqlite:///{home / 'leadline.db'}")) as database:
        house = house_on(database, {"crm": ""}, home)
        with database.begin() as tx:
            event_id = tx.execute(select(events.c.id).where(events.c.kind == "model.promoted")).scalar_one()
            told = Addressed(channel="email", target="ana@x.example", due_at=NOW, details={"timezone": "UTC"})
            add_deliveries(tx, [(event_id, told)], NOW)
        with mail_arrives() as mailbox:
            mailbox.says = {"ana@x.example": ["550 5.1.1 unknown"]}
            mail(house, partial(send_all, mail_server(mailbox.url())))
        house.close()

    (failed,) = printed(run("notifications", "mail", "--state", "failed", "--json"))
    nobody, again = run("notifications", "resend", "--to", "ben@x.example"), run("notifications", "resend")

    assert (failed["to"], failed["error"]) == ("ana@x.example", "the mail server answered 550 5.1.1 unknown")
    assert (nobody.stdout, again.stdout) == ("0 mails are sent again.\n", "1 mail is sent again.\n")
    assert " pending " in run("notifications", "mail").stdout


def test_a_rep_who_no_longer_has_the_lead_is_not_told_of_it(house: House) -> None:
    assign(house)
    with house.database.read() as tx:
        lead_id = tx.execute(select(leads.c.id)).scalar_one()
    assert house.post(f"/v1/leads/{lead_id}/reassign", {"rep": "Chloe"}).status_code == 200

    with mail_arrives() as mailbox:
        mail(house, partial(send_all, mail_server(mailbox.url())))

    assert (mailbox.received, states(house)) == ([], [("dropped", "Ana no longer has the lead")])


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
