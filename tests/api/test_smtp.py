"""Mail through a real SMTP conversation: one connection, refusals, breaks, encryption, and an end in time."""

import ssl
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

import pytest

from api.worker.smtp import SECONDS_FOR_ALL, Line, MailServer, Tried, mail_server, send_all
from store.deliveries import LEASE
from tests.api.mail_server import HANG_UP, SILENCE, Mailbox, mail_arrives

SENT = Tried()
NOBODY = "550 5.1.1 nobody here is called that"


def mails(*to: str) -> list[EmailMessage]:
    """A mail to each address."""
    found = []
    for address in to:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "leads@leadline.example", address, f"to {address}"
        message.set_content("Hello")
        found.append(message)
    return found


def post(mailbox: Mailbox, *to: str) -> list[Tried]:
    """What came of a mail to each address."""
    return list(send_all(mail_server(mailbox.url()), mails(*to)))


def arrived(mailbox: Mailbox) -> list[str]:
    """Whom mail arrived for."""
    return [message["To"] for message in mailbox.received]


def refused(said: str, *, final: bool = False) -> Tried:
    """A mail that was refused."""
    return Tried(error=f"the mail server answered {said}", final=final)


def test_many_mails_go_through_one_connection() -> None:
    with mail_arrives() as mailbox:
        assert post(mailbox, "ana@x.example", "ben@x.example", "cem@x.example") == [SENT] * 3

    assert (len(mailbox.received), mailbox.connections) == (3, 1)


@pytest.mark.parametrize(
    ("point", "said", "final"),
    [
        ("ben@x.example", NOBODY, True),
        ("ben@x.example", "550 5.1.10 it takes no mail", True),
        ("ben@x.example", "450 4.2.1 come back later", False),
        ("ben@x.example", "550 5.1.8 the sender's domain is unknown", False),
        ("ben@x.example", "554 5.7.1 relay access denied", False),
        ("ben@x.example", "550 not here", False),
        ("DATA", "451 4.3.0 not now", False),
        ("DATA", "554 5.1.1 no recipients", False),
    ],
)
def test_a_refusal_keeps_no_other_mail_and_is_final_only_where_there_is_no_such_address(
    point: str, said: str, final: bool
) -> None:
    with mail_arrives() as mailbox:
        mailbox.says = {point: ["250 OK", said] if point == "DATA" else [said]}
        tried = post(mailbox, "ana@x.example", "ben@x.example", "cem@x.example")

    assert tried == [SENT, refused(said, final=final), SENT]
    assert (arrived(mailbox), mailbox.connections) == (["ana@x.example", "cem@x.example"], 1)


@pytest.mark.parametrize("said", [HANG_UP, "421 4.3.2 shutting down"])
def test_a_connection_that_breaks_is_made_once_more(said: str) -> None:
    with mail_arrives() as mailbox:
        mailbox.says = {"ben@x.example": [said]}
        tried = post(mailbox, "ana@x.example", "ben@x.example", "cem@x.example")

    assert (tried, mailbox.connections) == ([SENT] * 3, 2)
    assert arrived(mailbox) == ["ana@x.example", "ben@x.example", "cem@x.example"]


def test_a_mail_that_breaks_every_connection_has_failed_and_the_rest_are_not_tried() -> None:
    with mail_arrives() as mailbox:
        mailbox.says = {"ana@x.example": [HANG_UP, HANG_UP]}
        (tried,) = post(mailbox, "ana@x.example", "ben@x.example")

    assert (str(tried.error).startswith("SMTPServerDisconnected"), tried.final) == (True, False)
    assert (arrived(mailbox), mailbox.connections) == ([], 2)


def test_a_connection_that_took_mail_before_it_broke_for_the_last_time_is_no_failure_of_the_next() -> None:
    with mail_arrives() as mailbox:
        mailbox.says = {"ben@x.example": [HANG_UP], "cem@x.example": [HANG_UP]}
        tried = post(mailbox, "ana@x.example", "ben@x.example", "cem@x.example")

    assert tried == [SENT, SENT]


def test_where_no_connection_can_be_had_all_have_failed() -> None:
    with mail_arrives() as gone:
        pass

    tried = post(gone, "ana@x.example", "ben@x.example")

    assert [str(each.error).partition(":")[0] for each in tried] == ["ConnectionRefusedError"] * 2


def test_a_server_that_is_silent_is_left_in_time() -> None:
    with mail_arrives() as mailbox:
        mailbox.says = {"CONNECT": [SILENCE]}
        tried = list(send_all(mail_server(mailbox.url()), mails("ana@x.example", "ben@x.example"), seconds=0.2))

    assert [str(each.error).partition(":")[0] for each in tried] == ["SMTPServerDisconnected"] * 2


def test_what_there_is_no_time_for_is_not_sent_and_has_not_failed() -> None:
    with mail_arrives() as mailbox:
        line = Line(server=mail_server(mailbox.url()))
        mailbox.says, mailbox.silent = {"ben@x.example": [SILENCE]}, line.cut
        tried = [line.send(message) for message in mails("ana@x.example", "ben@x.example", "cem@x.example")]

    assert (tried, arrived(mailbox)) == ([SENT, None, None], ["ana@x.example"])


def test_a_mail_that_takes_all_the_time_has_failed() -> None:
    """Or else it would be tried for ever, and no other mail with it."""
    with mail_arrives() as mailbox:
        line = Line(server=mail_server(mailbox.url()))
        mailbox.says, mailbox.silent = {"ana@x.example": [SILENCE]}, line.cut
        tried = line.send(mails("ana@x.example")[0])

    assert tried is not None
    assert str(tried.error).startswith("SMTPServerDisconnected")


def test_all_mails_together_end_before_their_lease_does() -> None:
    assert timedelta(seconds=SECONDS_FOR_ALL) <= LEASE - timedelta(seconds=10)


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", False), ("smtps", True)])
def test_mail_is_encrypted_and_logged_in_for(scheme: str, tls: bool) -> None:
    with mail_arrives(tls=tls, starttls=not tls, login=True) as mailbox:
        server = mail_server(mailbox.url(scheme, "leads:s3cret%26more@"), mailbox.trust)
        tried = list(send_all(server, mails("ana@x.example")))

    assert (tried, mailbox.logins, mailbox.sealed) == ([SENT], [("leads", "s3cret&more")], [True])


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", False), ("smtps", True)])
def test_a_certificate_that_nobody_vouches_for_gets_no_mail(scheme: str, tls: bool) -> None:
    with mail_arrives(tls=tls, starttls=not tls) as mailbox:
        (tried,) = send_all(mail_server(mailbox.url(scheme), ssl.create_default_context()), mails("ana@x.example"))

    assert (str(tried.error).partition(":")[0], arrived(mailbox)) == ("SSLCertVerificationError", [])


def test_a_wrong_password_is_told_by_what_the_server_says() -> None:
    with mail_arrives(starttls=True, login=True) as mailbox:
        server: MailServer = mail_server(mailbox.url("smtp", "leads:wrong@"), mailbox.trust)
        tried: Sequence[Tried] = list(send_all(server, mails("ana@x.example")))

    assert tried == [refused("535 5.7.8 Authentication credentials invalid")]
