"""Who hears of a campaign, and of its end, when some are at work and others are not; on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from routing.campaigns import Campaign
from rules.playbook import Playbook
from store.campaigns import cancel_campaign, plan_campaign
from store.database import Database
from store.deliveries import Delivery, claim_deliveries, mails, mark_delivered, release
from store.events import Event
from store.hand_on import hand_on
from store.ids import new_id
from store.notices import notices
from tests.builders import NOW
from tests.store.builders import playbook
from tests.store.test_notices import BOOK, MONDAY_LISBON

BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)
# At NOW, a Friday, all are at work. At dusk it is a quarter past six in Berlin, where Mara and Ana have left, and in
# Lisbon a quarter past five, where Rui works till six.
DUSK = datetime(2026, 3, 6, 17, 15, tzinfo=UTC)
ALL = ("ana", "mara", "rui")


def loud(event: Event, error: Exception) -> None:
    """Raises what went wrong."""
    raise error


def work(database: Database, at: datetime, book: Playbook = BOOK.playbook) -> None:
    """Hands on what is due."""
    hand_on(database, lambda tx, event, now: notices(tx, event, book, now, admin=None), at, failed=loud)


def plan(database: Database, at: datetime, book: Playbook = BOOK.playbook, **over: Any) -> Campaign:
    """The fair of the weekend, with these fields instead, once it is announced to sales."""
    days = {"starts_on": date(2026, 3, 7), "ends_on": date(2026, 3, 20)}
    about: dict[str, Any] = {"name": "Fair", "expected_leads": 90, "author": "Max", **days, **over}
    with database.begin() as tx:
        kept, _ = plan_campaign(tx, Campaign(id=new_id(at), planned_at=at, **about), BERLIN)
    work(database, at, book)
    return kept


def cancel(database: Database, campaign: Campaign, at: datetime, book: Playbook = BOOK.playbook) -> None:
    """Cancels a campaign and hands on that it is."""
    with database.begin() as tx:
        cancel_campaign(tx, campaign, BERLIN, by="Max", now=at)
    work(database, at, book)


def claimed(database: Database, at: datetime) -> Sequence[Delivery]:
    """The mail that a worker is about to send."""
    with database.begin() as tx:
        return claim_deliveries(tx, "email", at, 100)


def sent(database: Database, at: datetime) -> list[tuple[str, str]]:
    """Sends the mail that is due: what it tells of, and to whom."""
    found = claimed(database, at)
    with database.begin() as tx:
        for each in found:
            mark_delivered(tx, each, at)
    return sorted((each.event.kind, each.target.partition("@")[0]) for each in found)


def all_hear(kind: str) -> list[tuple[str, str]]:
    """Mail of a kind to each of sales."""
    return [(kind, name) for name in ALL]


def test_whoever_was_still_to_be_told_of_a_cancelled_campaign_hears_of_neither(database: Database) -> None:
    campaign = plan(database, DUSK)
    at_once = sent(database, DUSK)
    cancel(database, campaign, DUSK + MINUTE)

    assert at_once == [("campaign.announced", "rui")]
    assert sent(database, MONDAY_LISBON) == [("campaign.cancelled", "rui")]
    with database.read() as tx:
        dropped = mails(tx, limit=10, state="dropped")
    assert {(each.target, each.error) for each in dropped} == {
        ("mara@seller.example", "the campaign was cancelled"),
        ("ana@seller.example", "the campaign was cancelled"),
    }


def test_mail_of_another_campaign_goes_out_all_the_same(database: Database) -> None:
    campaign = plan(database, DUSK)
    plan(database, DUSK, name="Winter")
    cancel(database, campaign, DUSK + MINUTE)

    assert sent(database, MONDAY_LISBON) == all_hear("campaign.announced")


def test_whoever_was_told_hears_of_the_end_and_no_more_of_a_change_that_waits(database: Database) -> None:
    plan(database, NOW)
    first = sent(database, NOW)
    changed = plan(database, DUSK, expected_leads=900)
    cancel(database, changed, DUSK + MINUTE)

    assert first == all_hear("campaign.announced")
    assert sent(database, MONDAY_LISBON) == all_hear("campaign.cancelled")


def test_where_plan_and_change_both_wait_neither_is_told(database: Database) -> None:
    plan(database, DUSK + 60 * MINUTE)
    changed = plan(database, DUSK + 61 * MINUTE, expected_leads=900)
    cancel(database, changed, DUSK + 62 * MINUTE)

    assert sent(database, MONDAY_LISBON) == []


def test_mail_that_is_being_sent_has_been_told(database: Database) -> None:
    campaign = plan(database, NOW)
    on_the_way = claimed(database, NOW)
    cancel(database, campaign, NOW + MINUTE / 2)
    with database.begin() as tx:
        for each in on_the_way:
            mark_delivered(tx, each, NOW + MINUTE)

    assert sent(database, NOW + MINUTE) == all_hear("campaign.cancelled")


def test_mail_that_there_was_no_time_for_has_not_been_told(database: Database) -> None:
    campaign = plan(database, NOW)
    untried = claimed(database, NOW)
    with database.begin() as tx:
        release(tx, untried, NOW)
    cancel(database, campaign, NOW + MINUTE)

    assert sent(database, MONDAY_LISBON) == []


def test_a_campaign_planned_anew_is_told_as_it_is_now_and_its_end_to_whoever_heard_of_it(database: Database) -> None:
    """Cancelled and planned anew one evening, all hear of it once; planned anew another evening, nobody does."""
    cancel(database, plan(database, DUSK), DUSK + MINUTE)
    campaign = plan(database, DUSK + 2 * MINUTE, expected_leads=900)
    told = sent(database, MONDAY_LISBON)
    cancel(database, campaign, MONDAY_LISBON + MINUTE)
    ended = sent(database, MONDAY_LISBON + MINUTE)
    evening = MONDAY_LISBON + timedelta(hours=10)
    cancel(database, plan(database, evening), evening + MINUTE)

    assert (told, ended) == (all_hear("campaign.announced"), all_hear("campaign.cancelled"))
    assert sent(database, evening + timedelta(days=1)) == []


def test_whoever_has_come_since_is_not_told_of_the_end_of_what_they_never_heard_of(database: Database) -> None:
    campaign = plan(database, NOW, playbook("Ana").playbook)
    before = sent(database, NOW)
    cancel(database, campaign, NOW + MINUTE)

    assert [name for _, name in before] == ["ana", "mara"]
    assert sent(database, NOW + MINUTE) == [("campaign.cancelled", "ana"), ("campaign.cancelled", "mara")]


def test_an_address_that_has_since_been_written_in_another_case_is_whose_it_was(database: Database) -> None:
    team = BOOK.playbook.teams["inbound"]
    first, later = (
        replace(BOOK.playbook, teams={"inbound": replace(team, reps=(replace(team.reps[0], email=email),))})
        for email in ("Ana@seller.example", "ANA@seller.example")
    )
    campaign = plan(database, NOW, first)
    sent(database, NOW)
    cancel(database, campaign, NOW + MINUTE, later)

    assert [name for _, name in sent(database, NOW + MINUTE)] == ["ANA", "mara"]
