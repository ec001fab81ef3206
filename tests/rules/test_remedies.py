"""Remedies: what other tools' words and other people's spellings become here."""

from collections.abc import Callable

import pytest

from rules.calendar_remedies import (
    date_remedy,
    days_remedy,
    hours_remedy,
    long_night_remedy,
    time_remedy,
    weekday_remedy,
    zone_remedy,
)
from rules.problems import did_you_mean
from rules.remedies import (
    address_remedy,
    comparison_remedy,
    country_remedy,
    domain_remedy,
    flag_remedy,
    length_remedy,
    limit_remedy,
    number_remedy,
    pattern_remedy,
    share_remedy,
    span_remedy,
    threshold_remedy,
)


@pytest.mark.parametrize(
    ("text", "maximum", "said"),
    [
        (">= 1000", 1e9, "write {at_least: 1000}"),
        ("<5", 1e9, "write {below: 5}"),
        ("40%", 1, "write 0.4"),
        ("40%", 100, "write 40, without %"),
        ("75", 1, "write 0.75"),
        ("1.5", 1, ""),
        ("1,000,000", 1e9, "write 1000000, without separators"),
        ("2,5", 1e9, "write 2.5"),
        ("900k EUR", 1e9, "write 900000"),
        ("€ 1.5m", 1e9, "write 1500000"),
        ("-3 points", 1e9, "write -3"),
        ("100+", 1e9, "write 100"),
        ("EUR 1'000'000", 1e9, ""),
        ("Three", 1e9, "write 3"),
        ("10-20", 1e9, "write {between: [10, 20]}"),
        ("10, 20", 1e9, "write [10, 20]"),
        ("!= 5", 1e9, "write {not: 5}"),
        ("160", 100, ""),
        ("many", 1e9, ""),
    ],
)
def test_numbers(text: str, maximum: float, said: str) -> None:
    assert number_remedy(text, maximum) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4 hours", "write 4h"),
        ("90 Minutes", "write 90m"),
        ("1h30m", "write 90m"),
        ("1 hour and 30 min", "write 90m"),
        ("10 working days", "write 10 business days"),
        ("1 workday", "write 1 business day"),
        ("3 months", "write 90d"),
        ("15", "write 15m for minutes, 15h for hours, 15d for days"),
        ("9999 weeks", "a span lasts at most 3650d"),
        ("1.5h", "write 90m"),
        ("0.1s", ""),
        ("within 15m", "write 15m"),
        ("PT15M", "write 15m"),
        ("P1D", "write 1d"),
        ("1:30", "write 90m"),
        ("2M", "write 2m for minutes, 60d for months"),
        ("soon", ""),
        ("2 moons", ""),
        ("0 hours", "a span lasts longer than 0"),
    ],
)
def test_spans(text: str, said: str) -> None:
    assert span_remedy(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.8", "write 80%"),
        ("95", "write 95%"),
        ("95 percent", "write 95%"),
        ("101", "write 100% at most"),
        ("10m", "write a share of the time, like 80%"),
        ("most", ""),
    ],
)
def test_shares(text: str, said: str) -> None:
    assert share_remedy(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20/day", "write `20 per day`"),
        ("20 a week", "write `20 per week`"),
        ("20", "write `20 per day` or `20 per week`"),
        ("20 per month", ""),
        ("0 per day", "leave out what counts nothing"),
        ("unlimited", "leave it out: without it there is none"),
        ("few", ""),
    ],
)
def test_limits(text: str, said: str) -> None:
    assert limit_remedy(text, ("day", "week")) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:30-18:00", "write '08:30-18:00'"),
        ("9am to 5.30pm", "write '09:00-17:30'"),
        ("12am-12pm", "write '00:00-12:00'"),
        ("9-25", "write '09:00-24:00': a day ends at 24:00"),
        ("24:00-06:00", "write '00:00-06:00'"),
        ("13:00-00:00", "write '13:00-24:00'"),
        ("9-12, 13-17", "write ['09:00-12:00', '13:00-17:00']"),
        ("9-12, later", ""),
        ("09:00-12:00 and 13:00-17:30", "write ['09:00-12:00', '13:00-17:30']"),
        ("09:00-12:00 + 13:00-17:30", "write ['09:00-12:00', '13:00-17:30']"),
        ("09:00", "write start and end in one: '09:00-17:30'"),
        ("office hours", ""),
    ],
)
def test_working_hours(text: str, said: str) -> None:
    assert hours_remedy(text) == said


def test_days_and_zones() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    zones = ("America/New_York", "Europe/Berlin")

    assert days_remedy("Monday - Friday", days) == "did you mean 'mon-fri'?"
    assert days_remedy("weekdays", days) == "did you mean 'mon-fri'?"
    assert days_remedy("Mon, wed", days) == "write a line for each of mon, wed"
    assert days_remedy("payday", days) == ""
    assert weekday_remedy("Sunday", days) == "did you mean 'sun'?"
    assert weekday_remedy("weekend", days) == "write [sat, sun]"
    assert weekday_remedy("Sat-Mon", days) == "write [sat, sun, mon]"
    assert weekday_remedy("payday", days) == ""
    assert zone_remedy("new york", zones) == "did you mean 'America/New_York'?"
    assert zone_remedy("EUROPE/BERLIN", zones) == "did you mean 'Europe/Berlin'?"
    assert zone_remedy("pst", zones) == "did you mean 'America/Los_Angeles'?"
    assert zone_remedy("GMT+1", zones) == "name a place that keeps this time, like Europe/Berlin"
    assert zone_remedy("Atlantis", zones) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24.12.2026", "write 2026-12-24"),
        ("12/24/2026", "write 2026-12-24"),
        ("03/06/2026", "write 2026-06-03 or 2026-03-06"),
        ("2026-3-6", "write 2026-03-06"),
        ("2026-24-12", "write 2026-12-24"),
        ("2026-02-30", "there is no such day"),
        ("24 December 2026", "write 2026-12-24"),
        ("Dec 24, 2026", "write 2026-12-24"),
        ("06.03.2026 19:00", "write 2026-03-06T19:00"),
        ("2026-12-24 to 2026-12-31", "write each day, as a list"),
        ("24.12.26", ""),
        ("Christmas", ""),
    ],
)
def test_dates(text: str, said: str) -> None:
    assert date_remedy(text) == said


def test_times_reckoned_from_now_are_spans() -> None:
    assert time_remedy("7 days ago") == "a time stands still; for the last seven days write {within: 7d}"
    assert time_remedy("24.12.2026") == "write 2026-12-24"


def test_hours_that_run_long_past_midnight() -> None:
    night = ", or for a night its two parts: '{}-24:00', and '00:00-{}' on the days after"

    assert long_night_remedy("17:00", "09:00") == "write '09:00-17:00'" + night.format("17:00", "09:00")
    assert long_night_remedy("09:00", "05:30") == "write '09:00-17:30'" + night.format("09:00", "05:30")


@pytest.mark.parametrize(
    ("remedy", "text", "said"),
    [
        (comparison_remedy, "employees >= 100", "write employees: {at_least: 100}"),
        (comparison_remedy, "many employees", ""),
        (threshold_remedy, "60-79", "write 60, where it begins"),
        (threshold_remedy, ">= 80", "write 80, where it begins"),
        (threshold_remedy, "< 80", ""),
        (length_remedy, "10 working days", "write 10d: business days do not count here"),
        (country_remedy, "EMEA", "list its countries: [DE, FR, ...]"),
        (country_remedy, "*", "for any country leave the test out; for a known one write {missing: false}"),
        (country_remedy, "DE, FR", "write [DE, FR]"),
        (country_remedy, "Atlantis", ""),
        (domain_remedy, "*.edu", "write {ends_with: .edu}"),
        (domain_remedy, "https://www.rival.example/", "write rival.example"),
        (domain_remedy, "ann@rival.example", "write rival.example"),
        (domain_remedy, "rival", ""),
        (address_remedy, "Ana <ana@example.com>", "write ana@example.com"),
        (address_remedy, "ana (at) example.com", "write ana@example.com"),
        (address_remedy, "ana", ""),
        (flag_remedy, "Y", "write true"),
        (flag_remedy, "0", "write false"),
        (flag_remedy, "maybe", ""),
        (pattern_remedy, "a{99999}", "see RE2's syntax"),
    ],
)
def test_other_values(remedy: Callable[[str], str], text: str, said: str) -> None:
    assert remedy(text) == said


@pytest.mark.parametrize(
    ("word", "options", "said"),
    [
        ("gte", ("at_least", "above"), "did you mean 'at_least'?"),
        ("greater than", ("at_least", "above"), "did you mean 'above'?"),
        ("Integer", ("text", "number"), "did you mean 'number'?"),
        ("or", ("any", "all", "not"), "did you mean 'any'?"),
    ],
)
def test_words_of_other_tools(word: str, options: tuple[str, ...], said: str) -> None:
    assert did_you_mean(word, options) == said
