"""The sample data set: repeatable, believable, and of nobody who exists."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scoring.contact import country_code, email_domain, email_kind, normal_email, normal_phone
from scoring.title import seniority
from training.sample import COLUMNS, NEWEST, SPAN, sample_activities, sample_csv, sample_rows
from training.sample_words import FREE_MAIL, PHONES, TITLES

ROWS = sample_rows(6000, 1)


def share_converted(rows: list[dict[str, str]]) -> float:
    return sum(row["converted"] == "1" for row in rows) / len(rows)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert sample_rows(50, 7) == sample_rows(50, 7)


def test_another_seed_gives_other_rows() -> None:
    assert sample_rows(50, 7) != sample_rows(50, 8)


def test_every_row_has_every_column() -> None:
    assert {tuple(row) for row in ROWS} == {COLUMNS}


def test_about_one_in_seven_converts() -> None:
    assert 0.12 <= share_converted(ROWS) <= 0.20


def test_leads_come_oldest_first_within_the_span() -> None:
    times = [datetime.fromisoformat(row["created_at"]) for row in ROWS]

    assert times == sorted(times)
    assert NEWEST - SPAN - timedelta(seconds=1) <= times[0]
    assert times[-1] <= NEWEST


def test_the_newest_lead_can_be_placed_anywhere() -> None:
    newest = datetime(2025, 1, 1, tzinfo=UTC)

    last = sample_rows(6000, 1, newest=newest)[-1]

    assert timedelta(0) <= newest - datetime.fromisoformat(last["created_at"]) < timedelta(hours=3)


def test_no_address_can_belong_to_a_company_that_exists() -> None:
    emails = [normal_email(row["email"]) or "" for row in ROWS]

    assert {
        domain for domain in map(email_domain, emails) if domain not in FREE_MAIL and not domain.endswith(".example")
    } == set()


def test_every_person_has_an_address_of_their_own() -> None:
    assert len({row["email"] for row in ROWS}) > 0.95 * len(ROWS)


def test_mailboxes_are_of_companies_free_and_of_offices() -> None:
    kinds = Counter(email_kind(normal_email(row["email"]) or "") for row in ROWS)

    assert set(kinds) == {"company", "free", "role"}


@pytest.mark.parametrize("country", PHONES)
def test_phone_numbers_are_valid_in_their_country(country: str) -> None:
    assert normal_phone(PHONES[country].replace("#", "1"), country) is not None


def test_every_spelling_of_a_country_is_understood() -> None:
    spellings = {row["country"] for row in ROWS} - {"", "N/A", "Select"}

    assert {spelling for spelling in spellings if country_code(spelling) is None} == set()


@pytest.mark.parametrize("level", ["executive", "vp", "director", "manager", "staff"])
def test_titles_say_the_level_they_are_drawn_for(level: str) -> None:
    assert {seniority(title) for title in TITLES[level]} == {level}


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [("employees", 0.14, 0.22), ("industry", 0.09, 0.15), ("title", 0.05, 0.11), ("minutes_on_site", 0.02, 0.1)],
)
def test_values_are_missing_as_people_leave_them_out(column: str, least: float, most: float) -> None:
    missing = sum(row[column] in ("", "N/A", "Select") for row in ROWS) / len(ROWS)

    assert least <= missing <= most


def test_deciders_of_large_companies_convert_more_than_seniority_and_size_alone_would_say() -> None:
    def share(*, large: bool, decides: bool) -> float:
        return share_converted(
            [
                row
                for row in sample_rows(20_000, 3)
                if row["employees"].isdecimal()
                and (int(row["employees"]) >= 500) is large
                and (seniority(row["title"]) in ("executive", "vp", "director")) is decides
            ]
        )

    gained_when_large = share(large=True, decides=True) - share(large=True, decides=False)
    gained_when_small = share(large=False, decides=True) - share(large=False, decides=False)

    assert gained_when_large > gained_when_small + 0.05


def test_activities_are_those_the_row_counts_in_the_week_before_it_came() -> None:
    row = next(row for row in ROWS if row["pricing_views"] == "3" and row["webinars_attended"] == "1")
    came = datetime.fromisoformat(row["created_at"])

    activities = sample_activities(row, 1)
    kinds = Counter(activity["kind"] for activity in activities)
    times = [datetime.fromisoformat(activity["at"]) for activity in activities]

    assert (kinds["pricing_page"], kinds["webinar"]) == (3, 1)
    assert times == sorted(times)
    assert all(came - timedelta(days=7) <= at < came for at in times)


def test_a_demo_request_is_an_activity_however_it_was_spelt() -> None:
    row = {**ROWS[0], "source": " DEMO_REQUEST"}

    assert "demo_request" in {activity["kind"] for activity in sample_activities(row, 1)}


def test_activities_are_the_same_for_the_same_seed() -> None:
    assert [sample_activities(row, 5) for row in ROWS[:50]] == [sample_activities(row, 5) for row in ROWS[:50]]


def test_rows_survive_the_way_through_csv() -> None:
    assert list(csv.DictReader(io.StringIO(sample_csv(ROWS[:100])))) == ROWS[:100]
