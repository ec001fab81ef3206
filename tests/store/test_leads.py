"""Each person once, every submission, every activity."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scoring.lead import Activity, Lead
from store.database import Database
from store.leads import (
    Known,
    add_activity,
    add_submission,
    company_domain,
    known_lead,
    merge_lead,
    submissions_of,
)
from store.listing import Filters, find_lead, list_leads
from tests.builders import NOW, lead

PHONE, OTHER_PHONE = "+4930123456", "+4930654321"


def test_a_new_person_is_kept_as_sent(database: Database) -> None:
    """And found again by id."""
    sent = lead(attributes={"employees": 1200, "tools": ("a", "b")}, message="Grüße \x00 aus 東京")

    known = keep(database, sent)

    assert (known.lead, known.new, known.activities, known.notes) == (sent, True, (), ())
    with database.read() as tx:
        kept = find_lead(tx, known.id)
    assert kept is not None
    assert (kept.lead, kept.state, kept.created_at, kept.decision, kept.rep) == (sent, "new", NOW, None, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "ann@big.example"}, {"email": "ann@big.example", "phone": PHONE, "external_id": "7"}),
        ({"email": None, "phone": PHONE}, {"email": "ann@big.example", "phone": PHONE}),
        ({"email": "ann@big.example", "phone": PHONE}, {"email": None, "phone": PHONE}),
        ({"email": None, "external_id": "7"}, {"email": "ann@big.example", "external_id": "7"}),
        ({"email": "ann@big.example", "external_id": "7"}, {"email": "ann@new.example", "external_id": "7"}),
        ({"email": None, "phone": PHONE, "external_id": "7"}, {"email": None, "phone": PHONE, "external_id": "8"}),
    ],
    ids=["email", "phone", "phone-alone", "external-id", "new-address", "phone-before-external-id"],
)
def test_the_same_person_is_the_same_lead(database: Database, first: dict[str, str], second: dict[str, str]) -> None:
    """By e-mail address, else phone, else external id; new values are taken."""
    known = keep(database, lead(**first, company="Big"))

    again = keep(database, lead(**second, title="CTO"))

    assert (again.id, again.new, again.notes) == (known.id, False, ())
    expected = {"company": "Big", "title": "CTO", **{k: v for k, v in {**first, **second}.items() if v is not None}}
    assert {name: getattr(again.lead, name) for name in expected} == expected


def test_a_person_is_found_by_what_they_added_later(database: Database) -> None:
    """The phone of the second submission identifies the person in the third."""
    known = keep(database, lead())
    keep(database, lead(phone=PHONE))

    again = keep(database, lead(email=None, phone=PHONE))

    assert again.id == known.id


def test_two_people_with_one_phone_stay_two(database: Database) -> None:
    """A switchboard's number is noted with the second person and goes on identifying the first."""
    ann = keep(database, lead(phone=PHONE))

    bob = keep(database, lead(email="bob@big.example", phone=PHONE))
    caller = keep(database, lead(email=None, phone=PHONE))

    assert (bob.new, bob.lead.phone) == (True, PHONE)
    assert bob.notes == (f"phone {PHONE} identifies lead {ann.id} and stays with it",)
    assert caller.id == ann.id


def test_the_address_wins_over_a_phone_and_an_external_id_of_others(database: Database) -> None:
    """Nothing moves between people, and the submission says so."""
    ann = keep(database, lead())
    bob = keep(database, lead(email="bob@big.example", phone=PHONE))
    cleo = keep(database, lead(email="cleo@big.example", external_id="7"))

    again = keep(database, lead(phone=PHONE, external_id="7"))

    assert again.id == ann.id
    assert again.notes == (
        f"phone {PHONE} identifies lead {bob.id} and stays with it",
        f"external_id 7 identifies lead {cleo.id} and stays with it",
    )


def test_what_stays_with_another_does_not_come_back_later(database: Database) -> None:
    """A later submission without the phone leaves everyone's identity alone."""
    ann = keep(database, lead())
    bob = keep(database, lead(email="bob@big.example", phone=PHONE))
    keep(database, lead(phone=PHONE))

    keep(database, lead(title="CTO"))

    assert keep(database, lead(email=None, phone=PHONE)).id == bob.id
    assert keep(database, lead()).id == ann.id


def test_a_changed_phone_frees_the_old_one(database: Database) -> None:
    """Whoever gives the old number next is someone else."""
    ann = keep(database, lead(phone=PHONE))
    keep(database, lead(phone=OTHER_PHONE))

    assert keep(database, lead(email=None, phone=OTHER_PHONE)).id == ann.id
    assert keep(database, lead(email="bob@big.example", phone=PHONE)).notes == ()


def test_a_lead_that_nobody_can_be_recognised_by_is_refused(database: Database) -> None:
    """It would be a new person each time."""
    with pytest.raises(ValueError, match="a lead needs one of email, phone, external_id"):
        keep(database, lead(email=None))


def test_every_submission_is_kept_as_it_was_sent(database: Database) -> None:
    """Whatever was merged, with the form it came by and what could not be merged."""
    keep(database, lead(email="bob@big.example", phone=PHONE))
    with database.begin() as tx:
        first = merge_lead(tx, lead(), NOW)
        add_submission(tx, first, {"email": " ANN@big.example "}, form="contact")
        second = merge_lead(tx, lead(phone=PHONE), NOW + timedelta(minutes=1))
        add_submission(tx, second, {"phone": "030 123456"})

    with database.read() as tx:
        kept = submissions_of(tx, first.id)

    assert [(sent.form, sent.body, sent.received_at, sent.notes) for sent in kept] == [
        ("contact", {"email": " ANN@big.example "}, NOW, ()),
        (None, {"phone": "030 123456"}, NOW + timedelta(minutes=1), second.notes),
    ]


def test_what_a_person_did_comes_with_them_oldest_first(database: Database) -> None:
    """In the order it happened, not the order it was told."""
    visits = [Activity(kind="visit", at=NOW - timedelta(hours=hours)) for hours in (1, 3, 2)]
    known = keep(database, lead())
    with database.begin() as tx:
        for visit in visits:
            add_activity(tx, known.id, visit, NOW)

    again = keep(database, lead())

    assert again.activities == (visits[1], visits[2], visits[0])


def test_a_person_can_be_taken_up_again_by_id(database: Database) -> None:
    """To be decided about anew; there is none of an unknown id."""
    known = keep(database, lead())

    with database.begin() as tx:
        assert known_lead(tx, known.id, NOW) == replace(known, new=False)
        assert known_lead(tx, "nobody", NOW) is None


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ann@big.example", "big.example"),
        ("info@big.example", "big.example"),
        ("ann@gmail.com", None),
        ("info@gmail.com", None),
        ("ann@mailinator.com", None),
        (None, None),
    ],
)
def test_a_company_is_known_by_its_domain(email: str | None, domain: str | None) -> None:
    """Free and disposable addresses say nothing of one."""
    assert company_domain(lead(email=email)) == domain


def test_leads_are_listed_newest_first_page_by_page(database: Database) -> None:
    """Each once, and the last page has no cursor."""
    ids = [
        keep(database, lead(email=f"{number}@big.example"), after=timedelta(seconds=number)).id for number in range(5)
    ]

    pages = []
    with database.read() as tx:
        page = list_leads(tx, limit=2)
        pages.append([kept.id for kept in page.leads])
        while page.cursor is not None:
            page = list_leads(tx, limit=2, cursor=page.cursor)
            pages.append([kept.id for kept in page.leads])

    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), 1),
        (Filters(email="ann@big.example", state="new"), 1),
        (Filters(email="bob@big.example"), 0),
        (Filters(state="assigned"), 0),
        (Filters(grade="A"), 0),
        (Filters(qualified=True), 0),
        (Filters(team="inbound"), 0),
        (Filters(rep="Ana"), 0),
    ],
)
def test_leads_are_filtered(database: Database, filters: Filters, found: int) -> None:
    """By what is asked for and nothing else."""
    keep(database, lead())

    with database.read() as tx:
        assert len(list_leads(tx, limit=10, filters=filters).leads) == found


def keep(database: Database, sent: Lead, after: timedelta = timedelta()) -> Known:
    """Merges a lead in a transaction of its own."""
    with database.begin() as tx:
        return merge_lead(tx, sent, NOW + after)
